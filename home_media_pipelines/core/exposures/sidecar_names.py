"""Which media file a sidecar means, told by its name alone.

Adobe writes `a.xmp`, darktable `a.jpg.xmp`; Apple `IMG_1.AAE`; Google Takeout
`a.jpg.json` or `a.jpg.supplemental-metadata.json`, cut to 46 characters before
`.json`, with the counter of `a(1).jpg` moved behind: `a.jpg(1).json`.
"""

import re
import unicodedata
from collections.abc import Iterator

_TAKEOUT_SUFFIX = ".supplemental-metadata"
_TAKEOUT_LENGTH = 46
_COUNTED = re.compile(r"(.*)(\(\d+\))", re.DOTALL)
_APPLE = re.compile(r"(IMG_)([EO])(\d{4,}.*)", re.IGNORECASE | re.DOTALL)


def split_name(name: str) -> tuple[str, str]:
    """Return stem and extension (with its dot); a leading dot is no extension."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem else (name, "")


def loose(text: str) -> str:
    """Return what names have in common that differ in case or Unicode form only."""
    return unicodedata.normalize("NFC", text).casefold()


def unedited(stem: str) -> str | None:
    """Return the stem an iPhone's edit (`IMG_E4120`) comes from, else None."""
    match = _APPLE.fullmatch(stem)
    return match[1] + match[3] if match else None


def is_edit(stem: str) -> bool:
    """Whether a stem is that of an iPhone's edit, `IMG_E4120`."""
    match = _APPLE.fullmatch(stem)
    return match is not None and match[2] in "eE"


def takeout_titles(media: str) -> Iterator[str]:
    """Yield the names, without `.json`, of the Takeout JSON of a media file.

    `a(1).jpg` may be a name of its own or the second `a.jpg`: both ways are there.
    """
    stem, extension = split_name(media)
    yield from _cut_titles(media, "")
    if match := _COUNTED.fullmatch(stem):
        yield from _cut_titles(match[1] + extension, match[2])


def _cut_titles(full: str, counter: str) -> Iterator[str]:
    """Google cuts the title, with or without the counter, to a fixed length."""
    yield full + counter
    whole = full + _TAKEOUT_SUFFIX
    for length in {_TAKEOUT_LENGTH, _TAKEOUT_LENGTH - len(counter), len(whole)}:
        yield whole[:length] + counter
