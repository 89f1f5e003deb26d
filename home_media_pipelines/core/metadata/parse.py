"""What a file says of itself, from ExifTool's tags to typed, believable values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from home_media_pipelines.core.errors import DateRefusedError
from home_media_pipelines.core.metadata.dates import Moment, read_date
from home_media_pipelines.core.metadata.keywords import read_keywords
from home_media_pipelines.core.metadata.people import read_people
from home_media_pipelines.core.metadata.positions import read_place
from home_media_pipelines.core.metadata.tags import (
    CUT_SHORT,
    Json,
    Tag,
    by_name,
    first,
    number_of,
    plain,
    safe_tags,
    safe_text,
)

_INT_MAX = 2**31 - 1
_EXIF_GROUPS = ("ExifIFD", "IFD0", "SubIFD", "MetaIFD")
_VIDEO_GROUPS = (
    *("QuickTime", "Track", "Keys", "ItemList", "UserData"),
    *("RIFF", "Matroska", "M2TS", "H264", "ASF"),
)
_ROTATION_GROUPS = ("QuickTime", "Meta", "Composite")
_OTHER_GROUPS = ("Composite", "System", "ExifTool", "ICC")
_TURNED_BY_DECODER = ("heic", "heif", "avif")
_STARS_OF_PERCENT = ((99, 5), (75, 4), (50, 3), (25, 2), (1, 1), (0, 0))


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
        `refused` says of each field why a value was there but not believed.
    """
    safe, notes = safe_tags(tags)
    names = by_name(safe)
    refused: dict[str, str] = {}
    if CUT_SHORT in safe:
        notes.append(str(safe.pop(CUT_SHORT)))
    if notes:
        refused["tags"] = "; ".join(notes)[:1000]
    moment, source = _taken_at(names, now, refused)
    latitude, longitude, altitude = read_place(names, refused)
    orientation = _orientation(names, refused)
    width, height = _upright_size(names, orientation, format, refused)
    words, paths = read_keywords(names)
    return Metadata(
        taken_at=moment.taken_at if moment else None,
        utc_offset=moment.utc_offset if moment else None,
        taken_at_source=source,
        make=_text(names, 256, "Make"),
        model=_text(names, 256, "Model"),
        lens=_text(names, 256, "LensModel", "Lens", "LensID", wanted=_has_letter),
        exposure_time=_positive(names, refused, "exposure_time", "ExposureTime"),
        f_number=_positive(names, refused, "f_number", "FNumber"),
        iso=_whole(names, refused, "iso", "ISO"),
        focal_length=_positive(names, refused, "focal_length", "FocalLength"),
        focal_length_35mm=_positive(
            names, refused, "focal_length_35mm", "FocalLengthIn35mmFormat"
        ),
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        orientation=orientation,
        width=width,
        height=height,
        duration=_duration(names, refused),
        rating=_rating(names, refused),
        title=_text(names, 4096, "Title", "ObjectName", "XPTitle", "Headline"),
        description=_text(
            names,
            65536,
            "Description",
            "Caption-Abstract",
            "ImageDescription",
            "XPComment",
        ),
        keywords=words,
        keyword_paths=paths,
        people=read_people(names, orientation),
        content_identifier=_text(names, 256, "ContentIdentifier", "MediaGroupUUID"),
        refused={key: safe_text(reason) for key, reason in refused.items()},
        tags=safe,
    )


def _taken_at(
    names: Mapping[str, list[Tag]], now: datetime, refused: dict[str, str]
) -> tuple[Moment | None, str | None]:
    """The first believable date, best source first; why others were not goes along."""
    found: tuple[Moment | None, str | None] = (None, None)
    reasons: list[str] = []
    for source, tag in _dates(names):
        fraction = offset = None
        if tag.group.startswith(_EXIF_GROUPS):
            kind = "Digitized" if tag.name == "CreateDate" else "Original"
            fraction = first(names, f"SubSecTime{kind}")
            offset = first(names, f"OffsetTime{kind}")
        try:
            moment = read_date(
                plain(tag.value),
                now=now,
                fraction=None if fraction is None else plain(fraction),
                offset=None if offset is None else plain(offset),
                utc=tag.group.startswith(("QuickTime", "Track")),
            )
        except DateRefusedError as error:
            reasons.append(f"{tag.key} {error}")
            continue
        found = (moment, source)
        break
    if reasons:
        refused["taken_at"] = "; ".join(reasons)[:1000]
    return found


def _dates(names: Mapping[str, list[Tag]]) -> Iterator[tuple[str, Tag]]:
    originals = names.get("DateTimeOriginal", [])
    created = names.get("CreateDate", [])
    yield from (("exif", tag) for tag in originals if _is_still(tag))
    yield from (("create date", tag) for tag in created if _is_still(tag))
    yield from (("create date", tag) for tag in names.get("CreationTime", []))
    for name in ("DateTimeOriginal", "DateCreated", "DateTimeDigitized", "CreateDate"):
        for tag in names.get(name, []):
            if tag.group.startswith("XMP"):
                yield "xmp", tag
    yield from (("iptc", tag) for tag in names.get("DateTimeCreated", []))
    for name in ("CreationDate", "ContentCreateDate", "DateTimeOriginal"):
        for tag in names.get(name, []):
            if tag.group.startswith(_VIDEO_GROUPS):
                yield "video track", tag
    for name in ("CreateDate", "MediaCreateDate"):
        for tag in names.get(name, [])[:4]:
            if tag.group.startswith(_VIDEO_GROUPS):
                yield "video track", tag


def _is_still(tag: Tag) -> bool:
    return not tag.group.startswith(("XMP", *_OTHER_GROUPS, *_VIDEO_GROUPS)) or (
        tag.group.startswith(_EXIF_GROUPS)
    )


def _orientation(names: Mapping[str, list[Tag]], refused: dict[str, str]) -> int | None:
    value = first(names, "Orientation")
    number = number_of(value)
    if value is None or number in range(1, 9):
        return None if number is None else int(number)
    refused["orientation"] = f"{plain(value)[:60]!r} is not 1 to 8"
    return None


def _upright_size(
    names: Mapping[str, list[Tag]],
    orientation: int | None,
    format: str,
    refused: dict[str, str],
) -> tuple[int | None, int | None]:
    width = _whole(names, refused, "width", "ImageWidth", "ExifImageWidth")
    height = _whole(names, refused, "height", "ImageHeight", "ExifImageHeight")
    lies = (orientation or 1) >= 5
    turns = [tag for tag in names.get("Rotation", []) if tag.group in _ROTATION_GROUPS]
    if turns and (format in _TURNED_BY_DECODER or turns[0].group == "Composite"):
        lies = number_of(turns[0].value) in (90, 270)
    return (height, width) if lies else (width, height)


def _duration(names: Mapping[str, list[Tag]], refused: dict[str, str]) -> float | None:
    value = number_of(first(names, "Duration"))
    if value is None or value == 0:
        return value
    return _positive(names, refused, "duration", "Duration")


def _rating(names: Mapping[str, list[Tag]], refused: dict[str, str]) -> int | None:
    """Stars, 0 to 5, or -1 for rejected; from per cent if there are no stars."""
    for name in ("Rating", "RatingPercent", "SharedUserRating"):
        value = first(names, name)
        number = number_of(value)
        if value is None:
            continue
        if name == "Rating" and number is not None and -1 <= number <= 5:
            return round(number)
        if name != "Rating" and number is not None and 0 <= number <= 100:
            return next(stars for least, stars in _STARS_OF_PERCENT if number >= least)
        refused["rating"] = f"{name} {plain(value)[:60]!r} is no rating"
    return None


def _has_letter(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _text(
    names: Mapping[str, list[Tag]],
    limit: int,
    *wanted_names: str,
    wanted: Callable[[str], bool] = bool,
) -> str | None:
    """The first text that says something, without the blanks around it."""
    for name in wanted_names:
        for tag in names.get(name, []):
            text = safe_text(plain(tag.value).strip(), limit)
            if text and wanted(text):
                return text
    return None


def _positive(
    names: Mapping[str, list[Tag]], refused: dict[str, str], column: str, name: str
) -> float | None:
    value = first(names, name)
    number = number_of(value)
    if value is None or plain(value).strip() == "":
        return None
    if number is None or number <= 0:
        refused[column] = f"{plain(value)[:60]!r} is not a number above 0"
        return None
    return number


def _whole(
    names: Mapping[str, list[Tag]], refused: dict[str, str], column: str, *keys: str
) -> int | None:
    """A whole number that fits its column; of several (`0 200`) the first above 0."""
    for key in keys:
        value = first(names, key)
        if value is None or plain(value).strip() == "":
            continue
        for part in plain(value).split():
            number = number_of(part)
            if number is not None and 1 <= number <= _INT_MAX:
                return round(number)
        refused[column] = f"{plain(value)[:60]!r} is not a number above 0"
    return None
