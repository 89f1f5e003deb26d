"""Cutting the timeline into buckets of at most 500 images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from uuid import UUID

from home_media_api.cursors import Cursor, decode, encode
from home_media_api.schemas.timeline import Timeline, TimelineMonth

LIMIT = 500


@dataclass(frozen=True, slots=True)
class Day:
    """A local day that has images."""

    day: date
    count: int
    ratio_sum: float


@dataclass(frozen=True, slots=True)
class Part:
    """At most 500 images of a day, from the one at `taken_at`, `image_id` upwards."""

    day: date
    taken_at: datetime
    image_id: UUID
    count: int
    ratio_sum: float


@dataclass(frozen=True, slots=True)
class _Slice:
    """Images from `start` up to, not including, `end`; never more than a day."""

    start: Cursor
    end: Cursor
    count: int
    ratio_sum: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a bucket's key says: images from `start` up to, not including, `end`."""

    key: str
    start: Cursor
    end: Cursor


def crowded(days: Sequence[Day]) -> list[date]:
    """The days that do not fit into one bucket."""
    return [day.day for day in days if day.count > LIMIT]


def cut(days: Sequence[Day], parts: Sequence[Part]) -> Timeline:
    """Pack days into buckets, newest first.

    A month of at most 500 images is one bucket under the month's name. A longer one
    is filled from its oldest day, so that a new picture at the newest end leaves
    the other buckets, and whatever a client keeps of them, as they were.

    Args:
        days: newest first.
        parts: of the crowded days, oldest first.
    """
    in_parts = {day: list(those) for day, those in groupby(parts, lambda p: p.day)}
    buckets: list[TimelineMonth] = []
    for month, in_month in groupby(days, lambda day: day.day.isoformat()[:7]):
        newest_first = list(in_month)
        if sum(day.count for day in newest_first) <= LIMIT:
            buckets.append(_bucket(month, month, newest_first))
            continue
        oldest_first = [
            part
            for day in reversed(newest_first)
            for part in _slices(day, in_parts.get(day.day, []))
        ]
        packs = list(_pack(oldest_first))
        buckets += [_bucket(_key(month, pack), month, pack) for pack in packs[::-1]]
    return Timeline(buckets=buckets, count=sum(b.count for b in buckets))


def parse(key: str) -> Bucket:
    """The range a bucket's key stands for.

    Raises:
        ValueError: `key` never came from `cut`.
    """
    month, _, boundary = key.partition(".")
    if boundary:
        start, end = decode(boundary)
        if not start < end:
            raise ValueError("not a stretch of time")
        return Bucket(key, start, end)
    try:
        first = datetime.strptime(month, "%Y-%m")
    except ValueError as error:
        raise ValueError("not a month") from error
    try:
        after = first.replace(
            year=first.year + first.month // 12, month=first.month % 12 + 1
        )
    except ValueError:
        after = datetime.max
    return Bucket(key, Cursor.before(first), Cursor.before(after))


def _next(start: datetime) -> datetime:
    try:
        return start + timedelta(days=1)
    except OverflowError:
        return datetime.max


def _slices(day: Day, parts: Sequence[Part]) -> list[_Slice]:
    start = datetime.combine(day.day, time.min)
    first, last = Cursor.before(start), Cursor.before(_next(start))
    if not parts:
        return [_Slice(first, last, day.count, day.ratio_sum)]
    starts = [first, *(Cursor(p.taken_at, p.image_id) for p in parts[1:]), last]
    return [
        _Slice(start, end, part.count, part.ratio_sum)
        for part, (start, end) in zip(parts, pairwise(starts), strict=True)
    ]


def _pack(oldest_first: Sequence[_Slice]) -> Iterator[list[_Slice]]:
    pack: list[_Slice] = []
    size = 0
    for part in oldest_first:
        if pack and size + part.count > LIMIT:
            yield pack
            pack, size = [], 0
        pack.append(part)
        size += part.count
    if pack:
        yield pack


def _key(month: str, oldest_first: Sequence[_Slice]) -> str:
    return f"{month}.{encode(oldest_first[0].start, oldest_first[-1].end)}"


def _bucket(key: str, month: str, parts: Sequence[Day | _Slice]) -> TimelineMonth:
    return TimelineMonth(
        bucket=key,
        month=month,
        count=sum(part.count for part in parts),
        ratio_sum=round(sum(part.ratio_sum for part in parts), 3),
    )
