"""When a file says that its picture was taken, from all tags that say so.

The tables are the rule. What the picture shows happened when it was taken (`ORIGINAL`);
a scan of it was made later (`DIGITISED`); a position was fixed about then (`GPS`), and
any program may have changed the file since (`MODIFIED`). An earlier meaning counts
before a later one, whatever format it stands in; of one meaning, a date with a time
counts before one without, and else the order in the table. What says only a year, a
month or a day is refined by whatever agrees with it and says more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from home_media_pipelines.core.errors import DateRefusedError
from home_media_pipelines.core.metadata.dates import (
    Moment,
    is_complete,
    read_date,
    read_offset,
    refines,
)
from home_media_pipelines.core.metadata.sources import EXIF, RAW
from home_media_pipelines.core.metadata.tags import Tag, in_groups, plain


@dataclass(frozen=True, slots=True)
class DateSource:
    """A tag with a date, in one of several groups, and the tags that go with it.

    `way` is what `taken_at_source` says; `time`, `fraction` and `offset` name tags of
    the same kind of group. `utc`: the format counts in UTC.
    """

    way: str
    groups: tuple[str, ...]
    tag: str
    time: str | None = None
    fraction: str | None = None
    offset: tuple[str, ...] = ()
    utc: bool = False


_OFFSETS = ("OffsetTimeOriginal", "OffsetTimeDigitized", "OffsetTime")
_OFFSETS_DIGITISED = ("OffsetTimeDigitized", "OffsetTimeOriginal", "OffsetTime")
_CAMERA = (*EXIF, *RAW, "PictureInfo", "Reconyx*", "Casio*")
_FILM = ("QuickTime", "Track*")

ORIGINAL: Final = (
    DateSource(
        "exif",
        _CAMERA,
        "DateTimeOriginal",
        fraction="SubSecTimeOriginal",
        offset=_OFFSETS,
    ),
    DateSource("png", ("PNG",), "CreationTime"),
    DateSource("xmp", ("XMP-exif",), "DateTimeOriginal", offset=_OFFSETS),
    DateSource("xmp", ("XMP-photoshop",), "DateCreated"),
    DateSource("xmp", ("XMP-xmpDM",), "ShotDate"),
    DateSource("iptc", ("IPTC*",), "DateCreated", time="TimeCreated"),
    DateSource("video track", ("Keys",), "CreationDate"),
    DateSource("video track", ("XML", "Keys", "UserData", "H264"), "DateTimeOriginal"),
    DateSource("video track", ("XML",), "CreationDateValue"),
    DateSource("video track", ("Keys", "ItemList", "UserData"), "ContentCreateDate"),
    DateSource("video track", ("RIFF", "Matroska", "Info", "M2TS"), "DateTimeOriginal"),
    DateSource("video track", ("RIFF",), "DateCreated"),
    DateSource("video clock", _FILM, "CreateDate", utc=True),
    DateSource("video clock", _FILM, "MediaCreateDate", utc=True),
    DateSource("video clock", _FILM, "TrackCreateDate", utc=True),
    DateSource("video clock", ("ASF",), "CreationDate", utc=True),
)
DIGITISED: Final = (
    DateSource(
        "create date",
        _CAMERA,
        "CreateDate",
        fraction="SubSecTimeDigitized",
        offset=_OFFSETS_DIGITISED,
    ),
    DateSource("create date", ("XMP-exif",), "DateTimeDigitized"),
    DateSource(
        "create date", ("IPTC*",), "DigitalCreationDate", time="DigitalCreationTime"
    ),
    DateSource("create date", ("XMP-xmp",), "CreateDate"),
)
GPS: Final = (
    DateSource("gps", ("GPS",), "GPSDateStamp", time="GPSTimeStamp", utc=True),
    DateSource("gps", ("XMP-exif",), "GPSDateTime", utc=True),
)
MODIFIED: Final = (
    DateSource(
        "modified",
        ("IFD0",),
        "ModifyDate",
        fraction="SubSecTime",
        offset=("OffsetTime", "OffsetTimeOriginal"),
    ),
    DateSource("modified", ("PNG",), "ModifyDate", utc=True),
)
MEANINGS: Final = (ORIGINAL, DIGITISED, GPS, MODIFIED)
WAYS: Final = tuple(dict.fromkeys(it.way for tier in MEANINGS for it in tier))
"""What `taken_at_source` of a file may be, best first."""


def read_taken_at(
    names: Mapping[str, list[Tag]], now: datetime, refused: dict[str, str]
) -> tuple[Moment | None, str | None]:
    """The best believable date with its way; why others were not goes to `refused`."""
    reasons: list[str] = []
    best: tuple[Moment | None, str | None] = (None, None)
    for sources in MEANINGS:
        for moment, way in _moments(names, sources, now, reasons):
            known = best[0]
            if (
                known is None
                or refines(moment, known)
                or (
                    is_complete(moment)
                    and not is_complete(known)
                    and _same(best[1], way)
                )
            ):
                best = moment, way
            if best[0] and is_complete(best[0]):
                break
        if best[0] and is_complete(best[0]):
            break
    if reasons:
        refused["taken_at"] = "; ".join(reasons)[:1000]
    return best


_ORIGINAL_WAYS = frozenset(it.way for it in ORIGINAL)


def _same(one: str | None, other: str) -> bool:
    """Whether two ways mean the same: both speak of the original, or neither does."""
    return one == other or {one, other} <= _ORIGINAL_WAYS


def _moments(
    names: Mapping[str, list[Tag]],
    sources: tuple[DateSource, ...],
    now: datetime,
    reasons: list[str],
) -> Iterator[tuple[Moment, str]]:
    for source in sources:
        for tag in in_groups(names, source.tag, source.groups):
            try:
                yield _read(names, source, tag, now), source.way
            except DateRefusedError as error:
                reasons.append(f"{tag.key} {error}")


def _read(
    names: Mapping[str, list[Tag]], source: DateSource, tag: Tag, now: datetime
) -> Moment:
    text, utc = plain(tag.value), source.utc
    if source.time:
        time = _beside(names, source.time, tag)
        text = f"{text} {time}" if time else text
        utc = utc and bool(time)
    return read_date(
        text,
        now=now,
        fraction=_beside(names, source.fraction, tag) if source.fraction else None,
        offset=_offset(names, source, tag),
        utc=utc,
    )


def _beside(names: Mapping[str, list[Tag]], name: str, tag: Tag) -> str | None:
    """The value of a tag that stands in the same kind of group as another."""
    family = tag.group.partition("-")[0]
    groups = ("XMP-*",) if family == "XMP" else (tag.group, *_family(tag.group))
    found = next(in_groups(names, name, groups), None)
    return plain(found.value).strip() or None if found else None


def _family(group: str) -> tuple[str, ...]:
    return EXIF if group in EXIF else ()


def _offset(names: Mapping[str, list[Tag]], source: DateSource, tag: Tag) -> str | None:
    """The first that is a zone on earth: cameras write blanks there too."""
    for name in source.offset:
        text = _beside(names, name, tag)
        if text and read_offset(text) is not None:
            return text
    return None
