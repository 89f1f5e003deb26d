"""Cutting the timeline: every day in one bucket, none too large, keys that last."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_api.find.buckets import LIMIT, Day, Part, crowded, cut, parse

counts = st.lists(st.integers(0, LIMIT), min_size=1, max_size=90)


def days_of(counts: list[int], newest: date = date(2024, 7, 31)) -> list[Day]:
    """Days back from `newest`; those without images are left out."""
    return [
        Day(newest - timedelta(days=n), count, 1.5 * count)
        for n, count in enumerate(counts)
        if count
    ]


def test_a_small_month_is_one_bucket_under_its_name():
    assert [b.bucket for b in cut(days_of([200, 300]), []).buckets] == ["2024-07"]


@given(counts)
def test_no_bucket_is_too_large_and_none_is_lost(counts):
    timeline = cut(days_of(counts), [])
    assert all(1 <= bucket.count <= LIMIT for bucket in timeline.buckets)
    assert timeline.count == sum(counts)


@given(counts)
def test_the_ranges_of_buckets_follow_each_other_without_overlap(counts):
    ranges = [parse(bucket.bucket) for bucket in cut(days_of(counts), []).buckets]
    assert all(r.start < r.end for r in ranges)
    assert all(older.end <= newer.start for newer, older in pairwise(ranges))


@given(counts.filter(lambda c: sum(c[:31]) > LIMIT), st.integers(1, 20))
def test_new_pictures_today_leave_older_buckets_as_they_are(counts, more):
    """A client keeps buckets by key: only the newest may change."""
    grown = [min(counts[0] + more, LIMIT), *counts[1:]]
    before = cut(days_of(counts), []).buckets
    after = cut(days_of(grown), []).buckets
    assert {b.bucket for b in before[1:]} <= {b.bucket for b in after}


def test_a_crowded_day_is_cut_at_images():
    day = date(2024, 7, 3)
    noon = datetime(2024, 7, 3, 12)
    days = [Day(day, 700, 1050.0)]
    parts = [
        Part(day, noon, UUID(int=1), 500, 750.0),
        Part(day, noon, UUID(int=501), 200, 300.0),
    ]
    newer, older = (parse(b.bucket) for b in cut(days, parts).buckets)
    assert crowded(days) == [day]
    assert older.end == newer.start
    assert newer.start.image_id == UUID(int=501)
    assert (newer.end.taken_at, older.start.taken_at) == (
        datetime(2024, 7, 4),
        datetime(2024, 7, 3),
    )


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_the_calendar_can_be_asked_for(day):
    (bucket,) = cut([Day(day, 1, 1.5)], []).buckets
    assert parse(bucket.bucket).start < parse(bucket.bucket).end


@pytest.mark.parametrize("key", ["2024-13", "0000-01", "2024-07." + "_" * 64, "x"])
def test_a_key_that_was_never_given_out_is_refused(key):
    with pytest.raises(ValueError, match="not a"):
        parse(key)
