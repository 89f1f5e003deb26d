"""Where each field stands: for every field, tags in the order in which they count.

The tables are the rule. A tag is asked for in its group, as another group's tag of
the same name speaks of something else: IFD1's Orientation is the thumbnail's, iTunes'
`rtng` is advice for parents. A value that is blank or cannot be falls to the next.

The order follows the guidance of the Metadata Working Group (EXIF, then XMP, then IPTC
for what a camera measures; XMP first for what a person says) and Exif 3.0. Makers'
notes come last. A group that ends with `*` stands for all that begin so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from home_media_pipelines.core.metadata import values
from home_media_pipelines.core.metadata.tags import Json


@dataclass(frozen=True, slots=True)
class Source:
    """A tag in one of several groups, and what makes a value of it."""

    groups: tuple[str, ...]
    tag: str
    parse: Callable[[Json], object]


EXIF = ("IFD0", "ExifIFD", "SubIFD", "SubIFD1", "SubIFD2")
RAW = ("CIFF", "CanonRaw", "MinoltaRaw", "SigmaRaw", "PanasonicRaw", "Kodak*")
MAKERS = (
    *("Apple", "Canon", "Casio*", "FujiFilm", "Kodak*", "Leica*", "Minolta", "Nikon"),
    *("Olympus", "Panasonic", "Pentax", "PictureInfo", "Ricoh", "Samsung", "Sigma"),
    *("Sony", "GoPro", "DJI"),
)
XMP_CAMERA = ("XMP-tiff", "XMP-exif", "XMP-exifEX", "XMP-aux")
VIDEO = ("Keys", "ItemList", "UserData", "QuickTime", "XML", "H264", "RIFF", "Matroska")
PICTURE = ("File", "PNG", "RIFF", "GIF", "SVG", "Jpeg2000", "PSD", "Photoshop", "BMP")
FILM = ("Track*", "QuickTime", "Matroska", "ASF", "Flash", "H264", "M2TS", "MPEG")

_camera = values.text_within(256)
_title = values.caption_within(4096)
_caption = values.caption_within(65536)


def _everywhere(tag: str, parse: Callable[[Json], object]) -> tuple[Source, ...]:
    """What the camera measured: Exif, the raw file's own, XMP, then makers' notes."""
    groups = (("ExifIFD", "IFD0", "SubIFD"), RAW, XMP_CAMERA, MAKERS)
    return tuple(Source(it, tag, parse) for it in groups)


FIELDS: Final[Mapping[str, tuple[Source, ...]]] = {
    "make": (
        Source(("IFD0",), "Make", _camera),
        Source(RAW, "Make", _camera),
        Source(XMP_CAMERA, "Make", _camera),
        Source(VIDEO, "Make", _camera),
        Source(("Keys",), "AndroidMake", _camera),
        Source(("XML",), "DeviceManufacturer", _camera),
    ),
    "model": (
        Source(("IFD0",), "Model", _camera),
        Source(RAW, "Model", _camera),
        Source(XMP_CAMERA, "Model", _camera),
        Source(VIDEO, "Model", _camera),
        Source(("Keys",), "AndroidModel", _camera),
        Source(("XML",), "DeviceModelName", _camera),
        Source(("GoPro",), "Model", _camera),
    ),
    "lens": (
        Source(("ExifIFD",), "LensModel", values.lens_name),
        Source(("XMP-exifEX",), "LensModel", values.lens_name),
        Source(("XMP-aux",), "Lens", values.lens_name),
        Source(MAKERS, "LensModel", values.lens_name),
        Source(MAKERS, "LensType", values.lens_name),
        Source(("Composite",), "LensID", values.lens_name),
        Source(("Keys",), "LensModel", values.lens_name),
        Source(("ExifIFD", "XMP-exifEX"), "LensInfo", values.lens_range),
        Source(("Nikon",), "Lens", values.lens_range),
    ),
    "exposure_time": (
        Source(("Kodak*",), "ExposureTime", values.positive),  # its Exif is rounded
        *_everywhere("ExposureTime", values.positive),
    ),
    "f_number": (
        Source(("Kodak*",), "FNumber", values.positive),
        *_everywhere("FNumber", values.positive),
    ),
    "focal_length": _everywhere("FocalLength", values.positive),
    "focal_length_35mm": (
        *_everywhere("FocalLengthIn35mmFormat", values.positive),
        Source(("Composite",), "FocalLengthIn35mmFormat", values.positive),
    ),
    "iso": (
        Source(("ExifIFD", "IFD0", "SubIFD"), "ISO", values.whole),
        Source(RAW, "ISO", values.whole),
        Source(XMP_CAMERA, "ISO", values.whole),
        Source(XMP_CAMERA, "PhotographicSensitivity", values.whole),
        Source(("Composite",), "ISO", values.whole),
        Source(MAKERS, "ISO", values.whole),
    ),
    "orientation": (
        Source(("IFD0",), "Orientation", values.orientation),
        Source(("SubIFD*",), "Orientation", values.orientation),
        Source(("XMP-tiff",), "Orientation", values.orientation),
    ),
    "duration": (
        Source(("QuickTime", "RIFF", "Matroska"), "Duration", values.duration),
        Source(("Info", "ASF", "M2TS", "Flash"), "Duration", values.duration),
        Source(("Composite",), "Duration", values.duration),
        Source(("GIF", "PNG"), "Duration", values.duration),
        Source(("Track*",), "MediaDuration", values.duration),
        Source(("XMP-xmpDM",), "Duration", values.duration),
    ),
    "rating": (
        Source(("XMP-xmp",), "Rating", values.stars),
        Source(("IFD0",), "Rating", values.stars),
        Source(("XMP-microsoft",), "RatingPercent", values.stars_of_percent),
        Source(("IFD0",), "RatingPercent", values.stars_of_percent),
        Source(("XMP-acdsee",), "Rating", values.stars),
        Source(("Microsoft",), "SharedUserRating", values.stars_of_percent),
        Source(("ASF",), "SharedUserRating", values.stars_of_percent),
    ),
    "title": (
        Source(("XMP-dc",), "Title", _title),
        Source(("IPTC*",), "ObjectName", _title),
        Source(("IFD0",), "XPTitle", _title),
        Source(("XMP-photoshop",), "Headline", _title),
        Source(("IPTC*",), "Headline", _title),
        Source(("XMP-acdsee",), "Caption", _title),
        Source(("Keys", "ItemList", "UserData", "PNG"), "Title", _title),
        Source(("RIFF", "Info", "ASF"), "Title", _title),
    ),
    "description": (
        Source(("XMP-dc",), "Description", _caption),
        Source(("IPTC*",), "Caption-Abstract", _caption),
        Source(("IFD0",), "ImageDescription", _caption),
        Source(("XMP-tiff", "XMP-exif"), "ImageDescription", _caption),
        Source(("IFD0",), "XPComment", _caption),
        Source(("XMP-acdsee",), "Notes", _caption),
        Source(("Keys", "ItemList", "UserData", "PNG"), "Description", _caption),
    ),
    "content_identifier": (
        Source(("Keys", "Apple"), "ContentIdentifier", _camera),
        Source(("Apple",), "MediaGroupUUID", _camera),
    ),
}
"""Field → tags, best first."""

SIZES: Final[tuple[tuple[tuple[str, ...], str, str], ...]] = (
    (("Composite",), "ImageWidth", "ImageHeight"),  # of RAW files with borders
    (PICTURE, "ImageWidth", "ImageHeight"),
    (RAW, "ImageWidth", "ImageHeight"),
    (("SubIFD*",), "ImageWidth", "ImageHeight"),
    (("IFD0",), "ImageWidth", "ImageHeight"),
    (FILM, "ImageWidth", "ImageHeight"),
    (("ExifIFD",), "ExifImageWidth", "ExifImageHeight"),
    (("XMP-tiff",), "ImageWidth", "ImageHeight"),
    (("XMP-exif",), "ExifImageWidth", "ExifImageHeight"),
)
"""Groups and the two tags of a size, best first. Both come from one group; of the
pictures inside a RAW file the largest counts. A thumbnail's (IFD1) never does."""

ISO_BEYOND: Final = {
    1: ("StandardOutputSensitivity",),
    2: ("RecommendedExposureIndex",),
    3: ("ISOSpeed",),
    4: ("RecommendedExposureIndex", "StandardOutputSensitivity"),
    5: ("StandardOutputSensitivity", "ISOSpeed"),
    6: ("RecommendedExposureIndex", "ISOSpeed"),
    7: ("RecommendedExposureIndex", "StandardOutputSensitivity", "ISOSpeed"),
    0: ("RecommendedExposureIndex", "StandardOutputSensitivity", "ISOSpeed"),
}
"""Exif SensitivityType → tags that hold what ISO, 16 bits wide, cannot (Exif 3.0)."""

WORDS: Final = (
    (("XMP-dc",), "Subject", None),
    (("IPTC*",), "Keywords", None),
    (("XMP-pdf",), "Keywords", None),
    (("IFD0",), "XPKeywords", ";"),
    (("Keys",), "Keywords", ","),
    (("ItemList",), "Keyword", ","),
)
"""Groups and tag of keywords, and what stands between them in one text."""

PATHS: Final = (
    (("XMP-lr",), "HierarchicalSubject", "|"),
    (("XMP-digiKam",), "TagsList", "/"),
    (("XMP-mediapro",), "CatalogSets", "|"),
    (("XMP-microsoft",), "LastKeywordXMP", "/"),
)
"""Groups and tag of hierarchical keywords, and what stands between their levels."""
