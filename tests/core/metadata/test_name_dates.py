"""Dates in file names, and digits that are something else."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.metadata.name_dates import date_from_name

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "wall", "precision"),
    [
        ("20190521104552.jpg", "2019-05-21T10:45:52", "second"),
        ("20190521104552123.jpg", "2019-05-21T10:45:52.123", "subsecond"),
        ("DJI_20190521104552_0001_D.JPG", "2019-05-21T10:45:52", "second"),
        (
            "00100dPORTRAIT_00100_BURST20190521104552123_COVER.jpg",
            "2019-05-21T10:45:52.123",
            "subsecond",
        ),
        ("IMG20190521104552.jpg", "2019-05-21T10:45:52", "second"),
        ("MVIMG_20190521_104552.jpg", "2019-05-21T10:45:52", "second"),
        ("photo_5@05-06-2019_10-45-52.jpg", "2019-06-05T10:45:52", "second"),
        (
            "WhatsApp Image 2020-01-30 at 9.57.18 AM.jpeg",
            "2020-01-30T09:57:18",
            "second",
        ),
        (
            "Screenshot 2024-05-21 at 3.45.52\u202fPM.png",
            "2024-05-21T15:45:52",
            "second",
        ),
        ("signal-2020-01-30-09-57-18-123.jpg", "2020-01-30T09:57:18.123", "subsecond"),
        ("Scan_20200101.jpg", "2020-01-01T12:00:00", "day"),
        ("scan0001_20190521.jpg", "2019-05-21T12:00:00", "day"),
        ("Photo on 21-05-2019 at 10.45.jpg", "2019-05-21T10:45:00", "minute"),
        ("20190521T104552Z.jpg", "2019-05-21T10:45:52", "second"),
        ("WP_20190521_10_45_52_Pro.jpg", "2019-05-21T10:45:52", "second"),
        ("WP_20190521_001.jpg", "2019-05-21T12:00:00", "day"),
        ("mmexport1558432234123.jpg", "2019-05-21T09:50:34.123", "subsecond"),
        ("IMG-20190101-WA0002.jpg", "2019-01-01T12:00:00", "day"),
    ],
)
def test_reads_what_phones_scanners_and_messengers_write(name, wall, precision):
    moment = date_from_name(name, now=NOW)
    assert moment is not None
    assert moment.taken_at == datetime.fromisoformat(wall)
    assert moment.precision == precision


@pytest.mark.parametrize(
    "name",
    [
        "+4920190521.jpg",
        "+49 151 20190521104552.jpg",
        "0151-20190521.jpg",
        "20190521-12345678.jpg",
        "received_10213456789012345.jpeg",
        "4006381333931.jpg",
        "0049 1558432234123.jpg",
        "1558432234123 456.jpg",
        "IMG_20190000.jpg",
        "05-06-2019.jpg",
    ],
)
def test_a_phone_number_or_a_counter_is_no_date(name):
    assert date_from_name(name, now=NOW) is None


country = st.sampled_from(["+49", "+1", "0049", "+380", "+7"])
digits = st.text("0123456789", min_size=3, max_size=12)


@given(country, st.lists(digits, min_size=1, max_size=3), st.sampled_from(" -._/"))
def test_a_phone_number_never_dates_a_picture(code, groups, between):
    """Even where its digits could be a day."""
    if between in "._/":
        groups = ["".join(groups)]
    name = code + between.join(["", *groups]) if between in " -" else code + groups[0]
    assert date_from_name(f"{name}.jpg", now=NOW) is None


@given(st.text("0123456789", min_size=9, max_size=24))
def test_a_run_of_digits_is_a_date_only_if_it_can_be_nothing_else(run):
    """14 or 17 digits that are a moment, or milliseconds of this age; else nothing."""
    moment = date_from_name(f"{run}.jpg", now=NOW)
    if moment is None:
        return
    written = re.sub(r"\D", "", moment.taken_at.isoformat(timespec="milliseconds"))
    since = (moment.taken_at - datetime(1970, 1, 1)).total_seconds() * 1000
    assert run in (written, written[:14], str(round(since)))
