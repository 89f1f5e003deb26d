"""What a file says of itself, from ExifTool's tags to typed, believable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from home_media_pipelines.core.errors import ValueRefusedError
from home_media_pipelines.core.metadata import values
from home_media_pipelines.core.metadata.charsets import decode_legacy
from home_media_pipelines.core.metadata.date_sources import read_taken_at
from home_media_pipelines.core.metadata.dates import Precision
from home_media_pipelines.core.metadata.keywords import read_keywords
from home_media_pipelines.core.metadata.people import read_people
from home_media_pipelines.core.metadata.positions import read_place
from home_media_pipelines.core.metadata.sources import FIELDS, ISO_BEYOND, SIZES
from home_media_pipelines.core.metadata.tags import (
    CUT_SHORT,
    Json,
    Tag,
    by_name,
    in_groups,
    number_of,
    plain,
    safe_tags,
    safe_text,
)

ISO_LIMIT = 65535
"""What the Exif tag ISO says where the number does not fit into its 16 bits."""

_ROTATION_GROUPS = ("QuickTime", "Meta", "Composite")
_TURNED_BY_DECODER = ("heic", "heif", "avif")
_LOOPS = (
    ("GIF", "AnimationIterations"),
    ("RIFF", "AnimationLoopCount"),
    ("PNG", "AnimationPlays"),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The row of a content in table `exif`, without its ids.

    `taken_at` is local wall time, `utc_offset` minutes east of UTC; a video track
    counts in UTC, so there it is UTC with offset 0 unless the file names a zone.
    `orientation` is the Exif value as written; `width` and `height` are already
    upright, whoever turns the picture (Exif, a HEIC's own rotation, a video track's
    matrix). A HEIC or AVIF with tag `QuickTime:Rotation` is turned by its decoder, and
    `orientation` must not be applied on top. Units as in the table.
    """

    taken_at: datetime | None = None
    utc_offset: int | None = None
    taken_at_source: str | None = None
    taken_at_precision: Precision | None = None
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    exposure_time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    orientation: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    rating: int | None = None
    title: str | None = None
    description: str | None = None
    keywords: list[str] = field(default_factory=list[str])
    keyword_paths: list[str] = field(default_factory=list[str])
    people: list[Json] = field(default_factory=list[Json])
    content_identifier: str | None = None
    refused: dict[str, str] = field(default_factory=dict[str, str])
    tags: dict[str, Json] = field(default_factory=dict[str, Json])
    motion_offset: int | None = None
    motion_length: int | None = None


def parse(tags: Mapping[str, object], format: str, *, now: datetime) -> Metadata:
    """Typed values of what ExifTool read; every value is safe to store in Postgres.

    Args:
        tags: as `core.metadata.tags` describes; nothing in them is trusted.
        format: name of the content's format, such as `jpeg` or `heic`.
        now: aware; dates later than tomorrow are refused.

    Returns:
        `refused` says of each field what was there but not believed, cut or assumed.
    """
    decoded, guess = decode_legacy(tags)
    safe, notes = safe_tags(decoded)
    names = by_name(safe)
    refused: dict[str, str] = {}
    if CUT_SHORT in safe:
        notes.append(str(safe.pop(CUT_SHORT)))
    notes += [guess] if guess else []
    if notes:
        refused["tags"] = "; ".join(notes)[:1000]
    moment, way = read_taken_at(names, now, refused)
    latitude, longitude, altitude = read_place(names, refused)
    found = {name: _value(names, name, refused) for name in FIELDS}
    found["iso"] = _iso(names, found["iso"])
    width, height = _upright_size(names, found["orientation"], format, refused)
    words, paths = read_keywords(names, refused)
    if found["duration"] is not None and _is_endless(names):
        found["duration"] = None
        refused["duration"] = "an animation without end"
    return Metadata(
        taken_at=moment.taken_at if moment else None,
        utc_offset=moment.utc_offset if moment else None,
        taken_at_source=way,
        taken_at_precision=moment.precision if moment else None,
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        width=width,
        height=height,
        keywords=words,
        keyword_paths=paths,
        people=read_people(names, found["orientation"]),
        refused={key: safe_text(reason) for key, reason in refused.items()},
        tags=safe,
        **found,
    )


def _value(names: Mapping[str, list[Tag]], field: str, refused: dict[str, str]) -> Any:
    """The first source of a field that can be believed; why others were not."""
    for source in FIELDS[field]:
        for tag in in_groups(names, source.tag, source.groups):
            try:
                value = source.parse(tag.value)
            except ValueRefusedError as error:
                refused.setdefault(field, f"{tag.key} {error}")
                continue
            if value is not None:
                return value
    return None


def _iso(names: Mapping[str, list[Tag]], iso: Any) -> int | None:
    """The ISO speed; beyond 65535 Exif keeps it in the tag that its type names."""
    if iso is not None and iso < ISO_LIMIT:
        return iso
    groups = ("ExifIFD", "IFD0", "XMP-exifEX")
    kind = next(in_groups(names, "SensitivityType", groups), None)
    known = number_of(kind.value) if kind else 0
    wanted = ISO_BEYOND.get(int(known or 0), ISO_BEYOND[0])
    for name in dict.fromkeys((*wanted, *ISO_BEYOND[0])):
        for tag in in_groups(names, name, groups):
            try:
                number = values.whole(tag.value)
            except ValueRefusedError:
                continue
            if number is not None and (iso is None or number >= iso):
                return number
    return iso


def _upright_size(
    names: Mapping[str, list[Tag]],
    orientation: int | None,
    format: str,
    refused: dict[str, str],
) -> tuple[int | None, int | None]:
    width, height = _size(names, refused)
    lies = (orientation or 1) >= 5
    turns = [tag for tag in names.get("Rotation", []) if tag.group in _ROTATION_GROUPS]
    if turns and (format in _TURNED_BY_DECODER or turns[0].group == "Composite"):
        lies = number_of(turns[0].value) in (90, 270)
    return (height, width) if lies else (width, height)


def _size(
    names: Mapping[str, list[Tag]], refused: dict[str, str]
) -> tuple[int | None, int | None]:
    """The size of the first groups that have one, of several pictures the largest."""
    for groups, across, down in SIZES:
        sizes: list[tuple[int, int]] = []
        for tag in in_groups(names, across, groups):
            other = next(in_groups(names, down, (tag.group,)), None)
            try:
                width = values.whole(tag.value)
                height = values.whole(other.value) if other else None
            except ValueRefusedError as error:
                refused.setdefault("width", f"{tag.key} {error}")
                continue
            if width and height:
                sizes.append((width, height))
        if sizes:
            return max(sizes, key=lambda it: it[0] * it[1])
    return None, None


def _is_endless(names: Mapping[str, list[Tag]]) -> bool:
    """Whether a picture is an animation that starts again for ever."""
    return any(
        plain(tag.value) in ("0", "Infinite", "inf")
        for group, name in _LOOPS
        for tag in in_groups(names, name, (group,))
    )
