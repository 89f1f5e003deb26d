"""Whose word counts for which field of an image: the tables, best first.

Who speaks: `xmp` is a sidecar that a program wrote for a person; `file` the image's own
file; `part` its RAW, motion and edited files; `camera` what a camera or a phone puts
beside a picture (THM, AAE); `takeout` the JSON of a photo service.

A correction in an XMP sidecar counts before the file. What a camera wrote into the
file counts before what a service or a camera wrote beside it, but a service knows the
words that a person typed there.
"""

from collections.abc import Mapping
from typing import Final, Literal

from home_media_pipelines.core.metadata.date_sources import (
    DIGITISED,
    GPS,
    MODIFIED,
    ORIGINAL,
    DateSource,
)

Speaker = Literal["xmp", "file", "part", "camera", "takeout"]

MEASURED: Final[tuple[Speaker, ...]] = ("xmp", "file", "part", "camera", "takeout")
SAID: Final[tuple[Speaker, ...]] = ("xmp", "takeout", "file", "part", "camera")
OWN: Final[tuple[Speaker, ...]] = ("file",)

FIELDS: Final[Mapping[tuple[str, ...], tuple[Speaker, ...]]] = {
    ("make",): MEASURED,
    ("model",): MEASURED,
    ("lens",): MEASURED,
    ("exposure_time",): MEASURED,
    ("f_number",): MEASURED,
    ("iso",): MEASURED,
    ("focal_length",): MEASURED,
    ("focal_length_35mm",): MEASURED,
    ("latitude", "longitude", "altitude"): MEASURED,
    ("rating",): SAID,
    ("title",): SAID,
    ("description",): SAID,
    ("keywords", "keyword_paths"): SAID,
    ("people",): SAID,
    ("orientation",): ("xmp", "file"),
    ("width", "height"): OWN,
    ("duration",): OWN,
}
"""Fields → who counts. Fields that stand together are taken from one speaker, the first
that has the first of them."""


def _ways(sources: tuple[DateSource, ...]) -> frozenset[str]:
    return frozenset(it.way for it in sources)


DATES: Final[tuple[tuple[tuple[Speaker, ...], frozenset[str]], ...]] = (
    (("xmp",), _ways(ORIGINAL)),
    (("file", "part"), frozenset({"exif"})),
    (("file", "part"), _ways(ORIGINAL) - {"exif"}),
    (("camera",), _ways(ORIGINAL)),
    (("takeout",), frozenset({"takeout"})),
    (("xmp", "file", "part", "camera"), _ways(DIGITISED)),
    (("file", "part"), _ways(GPS)),
)
"""Who counts for the date, and by which meaning of it (`core.metadata.date_sources`).
After these come the file's name, `MODIFIED_DATES`, and the time of the file."""

MODIFIED_DATES: Final[tuple[tuple[Speaker, ...], frozenset[str]]] = (
    ("file", "part", "camera"),
    _ways(MODIFIED),
)


def speaker(part: str, name: str) -> Speaker:
    """Who speaks in a file that plays a part, by its name."""
    if part != "sidecar":
        return "part"
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xmp":
        return "xmp"
    return "takeout" if suffix == "json" else "camera"
