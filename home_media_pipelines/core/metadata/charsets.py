"""Text of formats that do not say how it is encoded: EXIF, unmarked IPTC, PNG, RIFF.

ExifTool is asked to read all of it as Windows-1252, which loses no byte. So the bytes
are had back here, and read as what they are: UTF-8 wherever that is possible (what
software writes in practice), else a script whose letters are nearly all beyond ASCII,
as charset-normalizer tells Cyrillic and Greek apart, else Windows-1252.
"""

import re
from collections.abc import Mapping
from typing import cast

from charset_normalizer import from_bytes

_LEGACY = re.compile(r"(IPTC|IFD|ExifIFD|SubIFD|GPS|InteropIFD|PNG|RIFF)\d*")
_UTF_16 = frozenset({"XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"})
_UTF_8_MARKS = ("\x1b%G", "\x1b%/G", "\x1b%/H", "\x1b%/I")
_SCRIPTS = ["cp1251", "koi8_r", "cp1253"]
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[\x80-\xffA-Za-z]")


def decode_legacy(tags: Mapping[str, object]) -> tuple[dict[str, object], str | None]:
    """The tags with their text as it was meant, and a note where that was a guess."""
    unmarked: dict[str, object] = {}
    marked = _iptc_is_utf8(tags)
    for key, value in tags.items():
        group, _, rest = key.partition(":")
        if (
            _LEGACY.fullmatch(group)
            and not (marked and group.startswith("IPTC"))
            and rest.rpartition(":")[2] not in _UTF_16
            and _strings(value)
        ):
            unmarked[key] = value
    rest = [raw for value in unmarked.values() for raw in _undecoded(value)]
    charset = _guess(b"\n".join(rest)) if rest else "cp1252"
    read = {key: _read(value, charset) for key, value in unmarked.items()}
    guessed = charset != "cp1252"
    note = f"text without a charset was read as {charset}, a guess" if guessed else None
    return {**tags, **read}, note


def undouble(text: str) -> str:
    """The text that was encoded twice as UTF-8, or the same text."""
    raw = as_bytes(text)
    return _utf8(raw) or text if raw else text


def as_bytes(text: str) -> bytes | None:
    """The bytes of a text that was read as Windows-1252; None if it cannot be one."""
    if text.isascii():
        return None
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        pass
    try:  # five bytes mean nothing in it, and are passed through
        return b"".join(
            c.encode("latin-1" if c in "\x81\x8d\x8f\x90\x9d" else "cp1252")
            for c in text
        )
    except UnicodeEncodeError:
        return None


def _iptc_is_utf8(tags: Mapping[str, object]) -> bool:
    return any(
        key.startswith("IPTC")
        and key.endswith(":CodedCharacterSet")
        and str(value).startswith(_UTF_8_MARKS)
        for key, value in tags.items()
    )


def _strings(value: object) -> bool:
    return any(isinstance(it, str) and not it.isascii() for it in _items(value))


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _undecoded(value: object) -> list[bytes]:
    """The bytes of the texts in a value that are no UTF-8."""
    found: list[bytes] = []
    for item in _items(value):
        raw = as_bytes(item) if isinstance(item, str) else None
        if raw and _utf8(raw) is None:
            found.append(raw)
    return found


def _guess(raw: bytes) -> str:
    """What is nearly all letters beyond ASCII is no Western text."""
    if len(_HIGH.findall(raw)) <= 0.7 * len(_LETTER.findall(raw)):
        return "cp1252"
    best = from_bytes(raw[:4096], cp_isolation=_SCRIPTS, threshold=0.9).best()
    return best.encoding if best else "cp1252"


def _read(value: object, charset: str) -> object:
    if isinstance(value, list):
        return [_read(item, charset) for item in cast("list[object]", value)]
    if not isinstance(value, str):
        return value
    raw = as_bytes(value)
    if raw is None:
        return value
    utf8 = _utf8(raw)
    if utf8 is not None:
        return utf8
    return value if charset == "cp1252" else raw.decode(charset, "replace")


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
