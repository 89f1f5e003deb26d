"""Names that cameras and programs give to the files of one exposure, as a table.

Every rule is data: a pattern, what it makes of a name, how much the name alone proves,
who says so, and two names that belong together and two that do not. The tests of
grouping are made from the same rows.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from home_media_pipelines.core.exposures.edit_words import EDIT_WORDS

Kind = Literal["camera", "cover", "edit", "low-resolution"]
"""What a rule finds: the exposure a camera's name means; the picture shown of a pair
that a camera wrote; the original of an edit; the video of its small twin."""

Proof = Literal["name", "moment", "instant"]
"""What it takes besides the name, while nothing contradicts: nothing; a witness (equal
dates, an identifier, an adjustment file); equal dates to the fraction of a second."""

TAKEOUT_LENGTHS = range(46, 52)
"""Characters of a name that Takeout has cut, which may have cost it its last word."""


@dataclass(frozen=True, slots=True)
class NameRule:
    """One way of naming: `pattern` is matched against a whole stem.

    `base` is a template (`re.Match.expand`) for the stem that names the exposure.
    `lengths` limits it to names, with extension, of so many characters. `pair` are two
    names, or more, that belong together, `apart` the nearest ones that do not.
    """

    what: str
    kind: Kind
    pattern: re.Pattern[str]
    base: str
    source: str
    pair: tuple[str, ...]
    apart: tuple[str, ...]
    proof: Proof = "name"
    lengths: range | None = None


def _rule(
    what: str,
    kind: Kind,
    pattern: str,
    base: str,
    source: str,
    pair: tuple[str, ...],
    apart: tuple[str, ...],
    proof: Proof = "name",
    lengths: range | None = None,
) -> NameRule:
    compiled = re.compile(unicodedata.normalize("NFC", pattern), re.I | re.S)
    return NameRule(what, kind, compiled, base, source, pair, apart, proof, lengths)


def _any_of(words: set[str]) -> str:
    return "|".join(
        re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))
    )


_WORDS = {
    unicodedata.normalize("NFC", it) for words in EDIT_WORDS.values() for it in words
}
_CUT_WORDS = {word[:end] for word in _WORDS for end in range(1, len(word))}
_COUNTER = r"(\(\d+\))?"
_PIXEL = "Pixel Camera, names in the wild"
_TAKEOUT = "Google Takeout; words collected by google-photos-takeout-helper"

RULES: tuple[NameRule, ...] = (
    _rule(
        "Pixel: RAW beside what the camera made of it",
        "camera",
        r"(.+?)\.(?!BURST)[A-Z_]+-\d\d(?:\.MP)?\.(?:COVER|ORIGINAL)(~\d+)?",
        r"\1\2",
        _PIXEL,
        (
            "PXL_20240114_013245792.RAW-01.COVER.jpg",
            "PXL_20240114_013245792.RAW-02.ORIGINAL.dng",
        ),
        (
            "PXL_20240114_013245792.RAW-01.COVER.jpg",
            "PXL_20240114_013246001.RAW-02.ORIGINAL.dng",
        ),
    ),
    _rule(
        "Pixel: a motion photo, beside its RAW or its film",
        "camera",
        r"(.+?)\.MP(~\d+)?",
        r"\1\2",
        _PIXEL,
        ("PXL_20240115_100000111.MP.jpg", "PXL_20240115_100000111.dng"),
        ("PXL_20240115_100000111.MP.jpg", "PXL_20240115_100000222.dng"),
    ),
    _rule(
        "Pixel: how a picture was taken, beside its RAW",
        "camera",
        r"(.+?)\.(?:NIGHT|LONG_EXPOSURE|MACRO|PORTRAIT|ACTION_PAN)(~\d+)?",
        r"\1\2",
        _PIXEL,
        ("PXL_20240116_210000333.NIGHT.jpg", "PXL_20240116_210000333.dng"),
        ("PXL_20240116_210000333.NIGHT.jpg", "PXL_20240116_210001444.dng"),
    ),
    _rule(
        "Google Camera 5 and 6: a motion photo beside its RAW",
        "camera",
        r"MVIMG_(\d{8}_.+)",
        r"IMG_\1",
        "Google Camera on Pixel 2 and 3, names in the wild",
        ("MVIMG_20181101_120000.jpg", "IMG_20181101_120000.dng"),
        ("MVIMG_20181101_120000.jpg", "IMG_20181101_120001.dng"),
    ),
    _rule(
        "Pixel: a picture with an effect, beside the one without",
        "cover",
        r"(.+\.(?!BURST|RAW)[A-Z_]+)-\d\d(?:\.MP)?\.(COVER|ORIGINAL)",
        r"\1",
        _PIXEL,
        (
            "PXL_20210101_120000000.PORTRAIT-01.COVER.jpg",
            "PXL_20210101_120000000.PORTRAIT-02.ORIGINAL.jpg",
        ),
        (
            "PXL_20210101_120000000.BURST-01.COVER.jpg",
            "PXL_20210101_120000000.BURST-02.ORIGINAL.jpg",
        ),
    ),
    _rule(
        "Google Camera: a portrait, beside the one without blur",
        "cover",
        r"\d{5}[a-z]?(PORTRAIT)_\d{5}_(BURST\d{14,17})(_COVER)?",
        r"\1_\2",
        "Google Camera on Pixel 2 to 4, names in the wild",
        (
            "00100lPORTRAIT_00100_BURST20181024171225343_COVER.jpg",
            "00000PORTRAIT_00000_BURST20181024171225343.jpg",
        ),
        (
            "00000IMG_00000_BURST20181024171225343_COVER.jpg",
            "00001IMG_00001_BURST20181024171225343.jpg",
        ),
    ),
    _rule(
        "Apple: an edit",
        "edit",
        r"(IMG_)E(\d{4,}.*)",
        r"\1\2",
        "Image Capture and Photos on macOS: IMG_E1234, with IMG_1234.AAE",
        ("IMG_4120.HEIC", "IMG_E4120.JPG"),
        ("IMG_4120.HEIC", "IMG_E4120.JPG"),
        "moment",
    ),
    _rule(
        "Google Takeout: an edit, in the language of the account",
        "edit",
        rf"(.+)-(?:{_any_of(_WORDS)}){_COUNTER}",
        r"\1\2",
        _TAKEOUT,
        ("Ferien am See.jpg", "Ferien am See-bearbeitet.jpg"),
        ("Ferien am See.jpg", "Ferien am See-bearbeitetes Bild.jpg"),
    ),
    _rule(
        "Google Takeout: an edit whose name was cut",
        "edit",
        rf"(.+)-(?:{_any_of(_CUT_WORDS)}){_COUNTER}",
        r"\1\2",
        "Google Takeout cuts names to 51 characters",
        ("b" * 42 + ".jpg", "b" * 42 + "-edit.jpg"),
        ("b" * 30 + ".jpg", "b" * 30 + "-edit.jpg"),
        lengths=TAKEOUT_LENGTHS,
    ),
    _rule(
        "osxphotos and Samsung: an edit",
        "edit",
        rf"(.+?)_edited{_COUNTER}",
        r"\1\2",
        "osxphotos export --edited-suffix, default _edited; Samsung Gallery",
        ("IMG_1234.HEIC", "IMG_1234_edited.jpeg"),
        ("IMG_1234.HEIC", "IMG_1234_edited_by_Anna.jpeg"),
    ),
    _rule(
        "iCloud: an edit",
        "edit",
        rf"(.+?)[ _-]?\((?:{_any_of(_WORDS)})\)",
        r"\1",
        "iCloud for Windows: IMG_1234 (Edited)",
        ("IMG_1234.HEIC", "IMG_1234 (edited).jpg"),
        ("IMG_1234.HEIC", "IMG_1234 (edited twice).jpg"),
    ),
    _rule(
        "Google Photos on a Pixel: an edit",
        "edit",
        r"(PXL_\d{8}_\d{9}.*|.+\.MP)~\d+",
        r"\1",
        "Google Photos for Android saves a copy behind ~2",
        ("PXL_20240115_100000111.MP.jpg", "PXL_20240115_100000111.MP~2.jpg"),
        ("PXL_20240115_100000111.MP.jpg", "PXL_20240115_100000222.MP~2.jpg"),
    ),
    _rule(
        "Google Photos: an edit",
        "edit",
        r"(.+)~[2-9]\d*",
        r"\1",
        "Google Photos for Android saves a copy behind ~2",
        ("IMG_20190101_120000.jpg", "IMG_20190101_120000~2.jpg"),
        ("IMG_20190101_120000.jpg", "IMG_20190101_120000~2.jpg"),
        "moment",
    ),
    _rule(
        "Lightroom: an edit",
        "edit",
        r"(.+)-Edit(?:-\d+)?",
        r"\1",
        "Lightroom Classic, External Editing: file naming",
        ("DSC_0001.NEF", "DSC_0001-Edit.tif"),
        ("DSC_0001.NEF", "DSC_0001-Edit.tif"),
        "moment",
    ),
    _rule(
        "Samsung: an edit saved as a copy",
        "edit",
        r"(\d{8}_\d{6})\(\d\)",
        r"\1",
        "Samsung Gallery; its camera counts pictures of one second the same way",
        ("20240301_120000.jpg", "20240301_120000(1).jpg"),
        ("20240301_120000.jpg", "20240301_120000(1).jpg"),
        "instant",
    ),
    _rule(
        "GoPro: the small twin of an HEVC video",
        "low-resolution",
        r"GL(\d{6})",
        r"GX\1",
        "GoPro HERO6 and later: GL010042.LRV beside GX010042.MP4",
        ("GX010042.MP4", "GL010042.LRV"),
        ("GX010042.MP4", "GL010043.LRV"),
    ),
    _rule(
        "GoPro: the small twin of an AVC video",
        "low-resolution",
        r"GL(\d{6})",
        r"GH\1",
        "GoPro HERO6 and later: GL010042.LRV beside GH010042.MP4",
        ("GH010042.MP4", "GL010042.LRV"),
        ("GH010042.MP4", "GL020042.LRV"),
    ),
)


def camera_stem(stem: str) -> str:
    """The stem of the exposure that a camera's own name means; loose in case."""
    stem = _plain(stem)
    for _ in range(len(RULES)):
        for rule in _CAMERA:
            if match := rule.pattern.fullmatch(stem):
                stem = match.expand(rule.base)
                break
        else:
            break
    return stem.casefold()


def cover_of(stem: str) -> tuple[str, bool] | None:
    """Of a pair that a camera wrote: what both are called, and whether it is shown."""
    for rule in _COVER:
        if match := rule.pattern.fullmatch(stem):
            shown = (match[match.re.groups] or "").upper().endswith("COVER")
            return match.expand(rule.base).casefold(), shown
    return None


def originals_of(stem: str, extension: str) -> Iterator[tuple[str, NameRule]]:
    """The stems that an edit of this name may come from, each with the rule."""
    stem = _plain(stem)
    for rule in _EDIT:
        short = rule.lengths is None or len(stem + extension) in rule.lengths
        if short and (match := rule.pattern.fullmatch(stem)):
            yield match.expand(rule.base), rule


def is_edit(stem: str, extension: str) -> bool:
    """Whether a name may be that of an edit."""
    return next(originals_of(stem, extension), None) is not None


def videos_of(stem: str) -> Iterator[str]:
    """The stems of the video that a small twin may belong to."""
    yield stem
    for rule in _LOW_RESOLUTION:
        if match := rule.pattern.fullmatch(stem):
            yield match.expand(rule.base)


def _plain(stem: str) -> str:
    return unicodedata.normalize("NFC", stem)


_CAMERA = [it for it in RULES if it.kind == "camera"]
_COVER = [it for it in RULES if it.kind == "cover"]
_EDIT = [it for it in RULES if it.kind == "edit"]
_LOW_RESOLUTION = [it for it in RULES if it.kind == "low-resolution"]
