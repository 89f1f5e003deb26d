"""Dates that files and file names hold, and those nobody should believe."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from home_media_pipelines.core.errors import DateRefusedError
from home_media_pipelines.core.metadata.dates import from_epoch, read_date
from home_media_pipelines.core.metadata.name_dates import date_from_name

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


@pytest.mark.parametrize(
    ("text", "wall", "precision"),
    [
        ("1993:00:00 00:00:00", "1993-01-01T12:00:00", "year"),
        ("1993:00:00", "1993-01-01T12:00:00", "year"),
        ("1993:  :     :  :  ", "1993-01-01T12:00:00", "year"),
        ("1993-XX-XX", "1993-01-01T12:00:00", "year"),
        ("1975", "1975-01-01T12:00:00", "year"),
        ("1993:05:00 10:00:00", "1993-05-01T12:00:00", "month"),
        ("1993-05-??", "1993-05-01T12:00:00", "month"),
        ("2019:05:21", "2019-05-21T12:00:00", "day"),
        ("2019:05:21   :  :  ", "2019-05-21T12:00:00", "day"),
        ("2019:05:21 10:45", "2019-05-21T10:45:00", "minute"),
        ("2019: 5: 2  9: 5: 7", "2019-05-02T09:05:07", "second"),
        ("2019:05:21 24:00:00", "2019-05-22T00:00:00", "second"),
        ("2019:05:21 10:45:60", "2019-05-21T10:46:00", "second"),
        ("2019/05/21 10.45.52", "2019-05-21T10:45:52", "second"),
        ("2019-05-21T10-45-52", "2019-05-21T10:45:52", "second"),
        ("2019:05:21:10:45:52", "2019-05-21T10:45:52", "second"),
        ("20190521T104552Z", "2019-05-21T10:45:52", "second"),
        ("20190521104552", "2019-05-21T10:45:52", "second"),
        ("21.05.2019 10:45:52", "2019-05-21T10:45:52", "second"),
        ("2019:05:21 10:45:52 PM", "2019-05-21T22:45:52", "second"),
        ("Tue May 21 10:45:52 2019", "2019-05-21T10:45:52", "second"),
        ("2019:05:21 10:45:52\0\0rest", "2019-05-21T10:45:52", "second"),
        ("2019:05:21 10:45:52.5", "2019-05-21T10:45:52.5", "subsecond"),
    ],
)
def test_a_date_keeps_what_it_says_and_no_more(text, wall, precision):
    moment = read_date(text, now=NOW)
    assert moment.taken_at == datetime.fromisoformat(wall)
    assert moment.precision == precision


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2019:05:21 10:45:52+02:00 DST", 120),
        ("2019:05:21 10:45:52 DST", None),
        ("Tue, 21 May 2019 10:45:52 +0200", 120),
        ("Tue, 21 May 2019 10:45:52 GMT", 0),
        ("2019:05:21 10:45:52 UTC", 0),
        ("2019-05-21T10:45+02", 120),
    ],
)
def test_zones_are_read_however_they_are_written(text, offset):
    assert read_date(text, now=NOW).utc_offset == offset


@pytest.mark.parametrize("text", ["05/06/2019", "05-06-2019 10:45:52"])
def test_a_day_that_may_be_a_month_is_not_guessed(text):
    with pytest.raises(DateRefusedError, match="not a date"):
        read_date(text, now=NOW)


blanks = st.sampled_from(["{:02}", "{:2}", "{}"])


@given(
    st.datetimes(datetime(1840, 1, 1), datetime(2024, 5, 1)),
    st.sampled_from([":", "-", "/", "."]),
    st.sampled_from([" ", "T", "  "]),
    blanks,
    st.integers(0, 6),
)
def test_whatever_separates_or_pads_it_a_date_is_itself(day, sep, between, pad, known):
    """Cut after any part, it says what is left of it."""
    parts = [day.month, day.day, day.hour, day.minute, day.second][: max(known - 1, 0)]
    parts = [pad.format(it) for it in parts]
    assume(day.date() not in (date(1904, 1, 1), date(1970, 1, 1)))
    text = sep.join([f"{day.year}", *parts[:2]])
    if len(parts) > 3:
        text += between + ":".join(parts[2:])
    moment = read_date(text, now=NOW)
    shown = len(text) and moment.taken_at.timetuple()[: 1 + min(len(parts), 2)]
    assert shown == day.timetuple()[: 1 + min(len(parts), 2)]
    names = ("year", "month", "day", "day", "minute", "second")
    assert moment.precision == names[len(parts)]
    if len(parts) > 3:
        assert moment.taken_at.timetuple()[3:5] == day.timetuple()[3:5]
