"""Which media file a sidecar means, told by its name alone.

Adobe writes `a.xmp`, darktable `a.jpg.xmp`; Apple `IMG_1.AAE`; Google Takeout
`a.jpg.json` or `a.jpg.supplemental-metadata.json`, cut to 46 to 51 characters before
`.json`, with the counter of `a(1).jpg` moved behind: `a.jpg(1).json`.
"""

import re
import unicodedata
from collections.abc import Iterator

_TAKEOUT_SUFFIX = ".supplemental-metadata"
_TAKEOUT_LENGTHS = range(46, 52)
_COUNTED = re.compile(r"(.*)(\(\d+\))", re.DOTALL)
_ADJUSTMENT = re.compile(r"(IMG_)[EO](\d{4,}.*)", re.IGNORECASE | re.DOTALL)
_FILM = re.compile(r"\.MP(~\d+)?", re.IGNORECASE)


def split_name(name: str) -> tuple[str, str]:
    """Return stem and extension (with its dot); a leading dot is no extension.

    The film of a Pixel's motion photo, `a.MP` or `a.MP~2`, has the stem of its picture,
    `a.MP.jpg` or `a.MP~2.jpg`, and no extension.
    """
    stem, dot, extension = name.rpartition(".")
    if not stem or _FILM.fullmatch(dot + extension):
        return name, ""
    return stem, dot + extension


def loose(text: str) -> str:
    """Return what names have in common that differ in case or Unicode form only."""
    return unicodedata.normalize("NFC", text).casefold()


def unadjusted(stem: str) -> str | None:
    """Return the stem that an adjustment file (`IMG_O4120.AAE`) is about, else None."""
    match = _ADJUSTMENT.fullmatch(stem)
    return match[1] + match[2] if match else None


def takeout_titles(media: str) -> Iterator[str]:
    """Yield the names, without `.json`, of the Takeout JSON of a media file.

    `a(1).jpg` may be a name of its own or the second `a.jpg`: both ways are there.
    """
    stem, extension = split_name(media)
    yield from _cut_titles(media, "")
    if match := _COUNTED.fullmatch(stem):
        yield from _cut_titles(match[1] + extension, match[2])


def _cut_titles(full: str, counter: str) -> Iterator[str]:
    """Google cuts the title, with or without the counter, to a fixed length.

    That is 46 characters, or up to 51 in some exports.
    """
    yield full + counter
    whole = full + _TAKEOUT_SUFFIX
    cut = {len(whole)}
    for length in _TAKEOUT_LENGTHS:
        cut |= {min(length, len(whole)), min(length - len(counter), len(whole))}
    for length in sorted(cut):
        yield whole[:length] + counter
