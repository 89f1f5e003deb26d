"""When an image was taken, from all that its files say of it.

`precedence.DATES` says who counts. Three rules go with it:

- A sidecar in UTC never beats a time of the file's own that has a zone.
- Who says the same moment more exactly (finer, or with its zone, or in local time where
  the other one has UTC) stands for the one who counts.
- What only UTC says becomes local: by the place, else by the family's zone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from home_media_pipelines.core.exposures.precedence import (
    DATES,
    MODIFIED_DATES,
    Speaker,
)
from home_media_pipelines.core.metadata.dates import PRECISIONS, Moment, refines
from home_media_pipelines.core.metadata.name_dates import date_from_name
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.metadata.zones import local_time, zone_of

ZONES_APART = timedelta(hours=14)
"""No local time is farther from UTC."""

_EPOCH = datetime(1970, 1, 1)
_LENGTHS = {
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
    "subsecond": timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A moment, who says so, and by which way; `source` is for people."""

    moment: Moment
    who: Speaker | None
    way: str
    source: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What a file of an image says, with the label its values get."""

    who: Speaker
    label: str
    data: Metadata


def date(
    speeches: Sequence[Speech],
    place: tuple[float | None, float | None],
    *,
    name: str,
    mtime_ns: int,
    timezone: str,
    now: datetime,
) -> tuple[Moment, dict[str, str]]:
    """The moment of an image, and the sources of its date and its zone."""
    claims = list(_claims(speeches, name, now))
    if not claims:
        claims = [Claim(_of_mtime(mtime_ns), None, "mtime", "mtime")]
    best = _chosen(claims)
    sources = {"taken_at": best.source}
    moment = best.moment
    if best.way in ("video clock", "mtime") and moment.utc_offset == 0:
        zone = zone_of(*place)
        wall, offset = local_time(moment.taken_at, zone or timezone)
        moment = replace(moment, taken_at=wall, utc_offset=offset)
        if best.who:  # an mtime is a guess with any zone
            sources["taken_at"] += ", zone inferred"
        why = "the place" if zone else "the home's setting"
        sources["utc_offset"] = f"inferred from {why}: {zone or timezone}"
    elif moment.utc_offset is not None:
        sources["utc_offset"] = best.source
    return moment, sources


def _claims(speeches: Sequence[Speech], name: str, now: datetime) -> Iterator[Claim]:
    for speakers, ways in DATES:
        yield from _told(speeches, speakers, ways)
    named = date_from_name(name, now=now)
    if named:
        yield Claim(named, None, "file name", "file name")
    yield from _told(speeches, *MODIFIED_DATES)


def _told(
    speeches: Sequence[Speech], speakers: tuple[Speaker, ...], ways: frozenset[str]
) -> Iterator[Claim]:
    for who in speakers:
        for it in speeches:
            data = it.data
            if it.who == who and data.taken_at and data.taken_at_source in ways:
                precision = data.taken_at_precision or "second"
                moment = Moment(data.taken_at, data.utc_offset, precision)
                way = data.taken_at_source
                source = way if it.label == "embedded" else it.label
                yield Claim(moment, who, way, source)


def _chosen(claims: Sequence[Claim]) -> Claim:
    zoned = any(
        it.who == "file" and it.moment.utc_offset is not None and it.way in _originals
        for it in claims
    )
    first, *others = [
        it
        for it in claims
        if not (zoned and it.who == "xmp" and it.moment.utc_offset == 0)
    ]
    for other in others:
        if _tells_more(other, first):
            first = other
    return first


_originals = DATES[0][1]


def _tells_more(  # noqa: PLR0911 - one return per rule
    other: Claim, first: Claim
) -> bool:
    """Whether `other` says the same moment as `first`, and more exactly."""
    if other.who == "takeout" and first.moment.utc_offset is None:
        return False
    if first.way == other.way == "file name" or other.way == "modified":
        return refines(other.moment, first.moment)
    if refines(other.moment, first.moment):
        return other.moment.utc_offset != 0 or first.moment.utc_offset == 0
    hearsay = first.way == "video clock" and other.who != "file"
    if hearsay or other.way == "file name":
        return False
    if not same_moment(other.moment, first.moment):
        return False
    if first.who == "file" and other.who == "part":  # the file's own is exact enough
        return _exactness(other)[0] > _exactness(first)[0]
    return _exactness(other) > _exactness(first)


def _exactness(claim: Claim) -> tuple[int, int, int]:
    """Local time with its zone, then local time, then UTC; then the finest."""
    moment = claim.moment
    zone = 0 if moment.utc_offset == 0 else 1 if moment.utc_offset is None else 2
    return zone, PRECISIONS.index(moment.precision), claim.who == "file"


def same_moment(one: Moment, other: Moment) -> bool:
    """Whether two moments with a time may be the same, seen from two zones or not."""
    lengths = [_LENGTHS.get(it.precision) for it in (one, other)]
    if lengths[0] is None or lengths[1] is None:
        return False
    slack = max(lengths[0], lengths[1])
    apart = abs(one.taken_at - other.taken_at)
    if one.utc_offset is not None and other.utc_offset is not None:
        zones = timedelta(minutes=one.utc_offset - other.utc_offset)
        return abs(one.taken_at - other.taken_at - zones) < slack
    if 0 in (one.utc_offset, other.utc_offset):
        rest = apart % timedelta(minutes=15)
        near = min(rest, timedelta(minutes=15) - rest)
        return apart <= ZONES_APART and near <= slack
    return apart < slack


def _of_mtime(mtime_ns: int) -> Moment:
    try:
        taken_at = _EPOCH + timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return Moment(_EPOCH, 0)
    return Moment(taken_at, 0)
