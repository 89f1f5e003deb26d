"""Paths as text: every legal file name survives a database, a key and a log.

A file name is bytes without `/` and NUL. Its *quoted* form is printable, one-line
Unicode in which every byte that would not survive is percent-quoted; ordinary names
look as they are. What is quoted is listed here by code point, not asked of the Unicode
tables of the running Python, so a quoted path never changes with an upgrade.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from home_media_pipelines.core.errors import PathError

ROOT = "."
"""The quoted path of a library's root folder, relative to itself."""

MAX_KEY_BYTES = 1_000
MAX_LIBRARY_BYTES = 63
MAX_FOLDER_BYTES = MAX_KEY_BYTES - MAX_LIBRARY_BYTES - 1
"""A longer folder path belongs to its nearest ancestor that fits, in any library."""

_INVISIBLE = (
    "\x00-\x1f\x7f-\xa0\xad"  # controls, no-break space, soft hyphen
    "\u0600-\u0605\u061c\u06dd\u070f\u1680\u180e"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f"  # spaces, joiners, bidi marks
    "\u3000\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_SURROGATES = "\ud800-\udfff"
_UNSAFE = re.compile(
    f'[%,\\[\\]"*\\\\{_INVISIBLE}{_SURROGATES}]'
    r"|\.{3,}"
    r"|(?:^|(?<=/)) +| +(?=/|$)"
)
_UNSAFE_ASCII = re.compile(r'[%,\[\]"*\\\x00-\x1f\x7f]')
_ESCAPE = re.compile(rb"%(..)?", re.DOTALL)
_SHOWN_DIFFERENTLY = re.compile(f"[{_INVISIBLE}]")
_SPACES = frozenset({0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000})
_PARTS_OF_LETTERS = frozenset({0x200C, 0x200D, *range(0xE0020, 0xE0080)})


def quote_path(path: str | bytes) -> str:
    """Return the quoted form of a file-system path.

    Args:
        path: as `os.fsdecode` gives it (surrogateescape), or the raw bytes.

    Raises:
        PathError: `path` holds a surrogate that stands for no byte.
    """
    text = path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")
    return _UNSAFE.sub(_quote, text)


def _quote(match: re.Match[str]) -> str:
    try:
        raw = match[0].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise PathError(match.string, "not a file-system path") from error
    return "".join(f"%{byte:02X}" for byte in raw)


def need_no_quotes(names: Sequence[str]) -> bool:
    """Whether all file names are certainly their own quoted form.

    One question for a whole directory, many times faster than one for each name.
    """
    text = "/".join(("", *names, ""))
    return (
        text.isascii()
        and "..." not in text
        and "/ " not in text
        and " /" not in text
        and _UNSAFE_ASCII.search(text) is None
    )


def unquote_path(quoted: str) -> str:
    """Return the path as `os.fsdecode` gives it; the inverse of `quote_path`.

    Raises:
        PathError: `quoted` has a `%` without two hex digits, or hides a `/` or NUL.
    """
    if "%" not in quoted:
        return quoted

    def replace(match: re.Match[bytes]) -> bytes:
        try:
            byte = bytes.fromhex((match[1] or b"").decode("ascii"))
        except ValueError:
            byte = b""
        if len(byte) != 1 or byte in b"/\0":
            raise PathError(quoted, "not a quoted path")
        return byte

    raw = _ESCAPE.sub(replace, quoted.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def locate(root: Path, quoted: str) -> Path:
    """Return where a quoted path, relative to `root`, lies on this machine.

    Raises:
        PathError: `quoted` is absolute, leaves the root or is not a quoted path.
    """
    path = unquote_path(quoted)
    if path.startswith("/") or "\0" in path or ".." in path.split("/"):
        raise PathError(quoted, "leads out of the library")
    return root / path


def display_name(quoted: str) -> str:
    r"""Return the last component for people: valid Unicode on one line.

    Undecodable bytes become U+FFFD; controls and bidi marks their escape, `\x0a`.
    """
    name = unquote_path(quoted.rpartition("/")[2])
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _SHOWN_DIFFERENTLY.sub(_show, shown)


def _show(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in _PARTS_OF_LETTERS:
        return match[0]
    if code in _SPACES:
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@lru_cache(maxsize=65_536)
def folder_of(directory: str, depth: int) -> str:
    """Return the folder a directory belongs to.

    Args:
        directory: quoted, relative to the library root; `.` is the root.
        depth: folders have at most this many components.
    """
    folder = "/".join(directory.split("/")[:depth])
    while len(folder.encode()) > MAX_FOLDER_BYTES:
        folder = folder.rpartition("/")[0] or ROOT
    return folder


def folder_key(library: str, relative: str) -> str:
    """Return the partition key of a folder: `library/quoted path`.

    Args:
        library: its name.
        relative: *quoted*, relative to the library root; `.` is the root.
    """
    return f"{library}/{relative or ROOT}"


def split_folder_key(key: str) -> tuple[str, str]:
    """Return library and quoted relative path of a partition key.

    Raises:
        PathError: `key` is not `library/path`.
    """
    library, slash, relative = key.partition("/")
    if not (library and slash and relative):
        raise PathError(key, "not a folder key")
    return library, relative
