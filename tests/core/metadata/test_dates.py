"""Dates that files and file names hold, and those nobody should believe."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.errors import DateRefusedError
from home_media_pipelines.core.metadata.dates import (
    date_from_name,
    from_epoch,
    read_date,
)

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wall", "offset"),
    [
        ("2019:05:21 10:45:52", "2019-05-21T10:45:52", None),
        ("2019:05:21 10:45:52.075+02:00", "2019-05-21T10:45:52.075", 120),
        ("2019-05-21T10:45:52Z", "2019-05-21T10:45:52", 0),
        ("2019:05:21 10:45-03:30", "2019-05-21T10:45:00", -210),
        ("2019:05:21 10:45:52.123456789", "2019-05-21T10:45:52.123456", None),
        ("2019:05:21", "2019-05-21T12:00:00", None),
        ("1965:08", "1965-08-01T12:00:00", None),
        ("1965", "1965-01-01T12:00:00", None),
        ("1826:06:01 08:00:00", "1826-06-01T08:00:00", None),
        ("2024:06:03 02:00:00+14:00", "2024-06-03T02:00:00", 840),
    ],
)
def test_reads_what_exif_and_xmp_write(text, wall, offset):
    moment = read_date(text, now=NOW)
    assert moment.taken_at == datetime.fromisoformat(wall)
    assert moment.utc_offset == offset


def test_fraction_and_offset_may_stand_in_tags_of_their_own():
    moment = read_date("2019:05:21 10:45:52", now=NOW, fraction="075", offset="+02:00")
    assert moment.taken_at.microsecond == 75_000
    assert moment.utc_offset == 120


def test_video_tracks_count_in_utc():
    assert read_date("2019:05:21 10:45:52", now=NOW, utc=True).utc_offset == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0000:00:00 00:00:00", "no date"),
        ("    :  :     :  :  ", "no date"),
        ("", "no date"),
        ("1904:01:01 00:00:00", "never set"),
        ("1970:01:01 00:00:00", "never set"),
        ("1970:01:01 01:00:00+01:00", "never set"),
        ("1825:12:31 23:59:59", "before photography"),
        ("2024:06:04 00:00:00", "in the future"),
        ("2019:13:01 00:00:00", "month"),
        ("2019:02:31 00:00:00", "day"),
        ("2019:05:21 25:00:00", "hour"),
        ("42603:05:04 04:12:48", "year"),
        ("yesterday 1", "not a date"),
        ("0001:01:01 00:00:00+12:00", "out of range"),
    ],
)
def test_refuses_what_cannot_be(text, reason):
    with pytest.raises(DateRefusedError, match=reason):
        read_date(text, now=NOW)


@pytest.mark.parametrize("zone", ["+99:00", "-13:00", "   :  ", "x"])
def test_a_zone_that_is_not_on_earth_is_no_zone(zone):
    moment = read_date("2019:05:21 10:45:52", now=NOW, offset=zone)
    assert moment.utc_offset is None


@given(st.text() | st.from_regex(r"\d{4,6}:\d\d:\d\d( \d\d:\d\d(:\d\d)?)?"))
def test_any_text_is_a_date_or_refused(text):
    try:
        moment = read_date(text, now=NOW)
    except DateRefusedError:
        return
    assert datetime(1826, 1, 1) <= moment.taken_at
    assert moment.taken_at < datetime(2024, 6, 3, 12) + timedelta(hours=14)


@pytest.mark.parametrize("seconds", [0, 1e30, -1e30, 4e9])
def test_refuses_unix_times_that_cannot_be(seconds):
    with pytest.raises(DateRefusedError):
        from_epoch(seconds, now=NOW)


@pytest.mark.parametrize(
    ("name", "wall", "offset"),
    [
        ("IMG_20190521_104552.jpg", "2019-05-21T10:45:52", None),
        ("20190521_104552.mp4", "2019-05-21T10:45:52", None),
        ("20190521_104552(1).jpg", "2019-05-21T10:45:52", None),
        ("IMG_20190521_104552123.jpg", "2019-05-21T10:45:52.123", None),
        ("PXL_20210102_030405678.jpg", "2021-01-02T03:04:05.678", 0),
        ("PXL_20210102_030405678.PORTRAIT.jpg", "2021-01-02T03:04:05.678", 0),
        ("2018-04-12 19_24_49.mov", "2018-04-12T19:24:49", None),
        ("2018-04-12 19.24.49-1.jpg", "2018-04-12T19:24:49", None),
        ("Screenshot 2019-05-21 at 10.45.52.png", "2019-05-21T10:45:52", None),
        ("Screen Shot 2019-05-21 at 3.45.52 PM.png", "2019-05-21T15:45:52", None),
        ("Screenshot_2019-05-21-10-45-52.png", "2019-05-21T10:45:52", None),
        ("Screenshot_20190521-104552_Maps.jpg", "2019-05-21T10:45:52", None),
        ("signal-2020-01-30-095718.jpeg", "2020-01-30T09:57:18", None),
        ("telegram_2020-01-30_09-57-18.jpg", "2020-01-30T09:57:18", None),
        ("photo_2020-01-30_09-57-18.jpg", "2020-01-30T09:57:18", None),
        ("WhatsApp Image 2020-01-30 at 09.57.18.jpeg", "2020-01-30T09:57:18", None),
        ("VID-20200101-WA0001.mp4", "2020-01-01T12:00:00", None),
        ("IMG-20190101-WA0002.jpg", "2019-01-01T12:00:00", None),
        ("2015-02-04.jpg", "2015-02-04T12:00:00", None),
        ("2015-02-04(1).jpg", "2015-02-04T12:00:00", None),
        ("2015-02-04T10:11:12.jpg", "2015-02-04T10:11:12", None),
        ("FB_IMG_1558432234123.jpg", "2019-05-21T09:50:34.123", 0),
        ("1558432234123.jpg", "2019-05-21T09:50:34.123", 0),
    ],
)
def test_reads_the_names_that_cameras_and_apps_give(name, wall, offset):
    moment = date_from_name(name, now=NOW)
    assert moment is not None
    assert moment.taken_at == datetime.fromisoformat(wall)
    assert moment.utc_offset == offset


@pytest.mark.parametrize(
    "name",
    [
        "DSC_0412.NEF",
        "IMG_20191332_104552.jpg",
        "00000000.jpg",
        "20990101_000000.jpg",
        "IMG_4120 (1).JPG",
        "4915112345678.jpg",
        "120190521104552999.jpg",
        "1999999999999.jpg",
        "2019.jpg",
        "holiday 2019-05.jpg",
        "a" * 255,
    ],
)
def test_sees_no_date_where_none_is(name):
    assert date_from_name(name, now=NOW) is None


@given(st.text(max_size=255))
def test_any_file_name_may_be_asked(name):
    date_from_name(name, now=NOW)
