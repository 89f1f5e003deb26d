"""Which of several files is believed, field by field."""

from datetime import UTC, datetime
from typing import Any

import pytest

from home_media_pipelines.core.exposures.resolve import Resolved, resolve
from home_media_pipelines.core.metadata.parse import Metadata, parse
from home_media_pipelines.io.exiftool import ExifTool

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
MTIME = 1_558_428_352_123_456_789
DAYS = {
    way: datetime(2010, 1, day, 10, 0, 0, 75_000)
    for day, way in enumerate(
        ["exif", "create date", "xmp", "iptc", "video track", "takeout"], start=1
    )
}


def dated(way: str, **values: Any) -> Metadata:
    return Metadata(taken_at=DAYS[way], utc_offset=60, taken_at_source=way, **values)


def settle(
    primary: Metadata | None = None,
    *,
    sidecars: list[tuple[str, Metadata]] | None = None,
    parts: list[tuple[str, Metadata]] | None = None,
    name: str = "a.jpg",
) -> Resolved:
    return resolve(
        primary,
        sidecars=sidecars or [],
        parts=parts or [],
        name=name,
        mtime_ns=MTIME,
        timezone="Europe/Berlin",
        now=NOW,
    )


def moment(text: str, way: str, offset: int | None = None, **more: Any) -> Metadata:
    return Metadata(
        taken_at=datetime.fromisoformat(text),
        utc_offset=offset,
        taken_at_source=way,
        **more,
    )


def test_a_date_that_a_person_corrected_counts_before_the_camera_s():
    own = moment("2019-05-21T10:45:52", "exif", 120)
    found = settle(own, sidecars=[("a.xmp", moment("2019-05-22T09:00:00", "xmp"))])
    assert found.taken_at == datetime(2019, 5, 22, 9)
    assert found.sources["taken_at"] == "sidecar:a.xmp"


def test_a_sidecar_that_copies_the_camera_s_date_leaves_it_more_exact():
    own = moment("2019-05-21T10:45:52.075", "exif", 120, taken_at_precision="subsecond")
    for text in ("2019-05-21T10:45:52", "2019-05-21T12:00:00"):
        coarse = "day" if text.endswith("12:00:00") else "second"
        beside = moment(text, "xmp", taken_at_precision=coarse)
        found = settle(own, sidecars=[("a.xmp", beside)])
        assert (found.taken_at.microsecond, found.utc_offset) == (75_000, 120)
        assert found.sources["taken_at"] == "exif"


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.json"])
def test_a_sidecar_in_utc_never_beats_a_time_with_its_zone(name):
    own = moment("2019-07-21T23:06:38", "video track", -480)
    way = "xmp" if name.endswith("xmp") else "takeout"
    found = settle(own, sidecars=[(name, moment("2019-07-22T07:06:38", way, 0))])
    assert (found.taken_at.day, found.utc_offset) == (21, -480)


def test_a_service_never_overrides_what_the_camera_wrote():
    own = moment("2019-05-21T10:45:52", "exif", latitude=1.0, longitude=2.0)
    beside = moment("2020-01-01T00:00:00", "takeout", 0, latitude=3.0, longitude=4.0)
    found = settle(own, sidecars=[("a.jpg.json", beside)])
    assert (found.taken_at.year, found.latitude) == (2019, 1.0)


def test_an_original_date_counts_before_the_day_of_the_scan():
    own = moment("2020-11-20T09:00:00", "create date", 60)
    for name, way in (("a.xmp", "xmp"), ("a.json", "takeout")):
        beside = moment("1975-07-01T12:00:00", way, None if way == "xmp" else 0)
        assert settle(own, sidecars=[(name, beside)]).taken_at.year == 1975


def test_a_service_in_utc_leaves_the_camera_s_local_time_even_where_it_lacks_a_zone():
    own = moment("2019-05-21T10:45:52", "create date")
    beside = moment("2019-05-21T08:45:52", "takeout", 0)
    assert settle(own, sidecars=[("a.json", beside)]).taken_at.hour == 10


def test_a_clip_of_after_midnight_stays_on_its_day():
    """Its clock counts in UTC: the evening before, at home in Berlin."""
    found = settle(moment("2024-05-10T22:30:00", "video clock", 0), name="a.mov")
    assert found.taken_at == datetime(2024, 5, 11, 0, 30)
    assert found.utc_offset == 120
    assert "inferred" in found.sources["taken_at"]
    assert "Europe/Berlin" in found.sources["utc_offset"]


def test_a_clip_with_a_place_is_dated_by_the_clocks_there():
    own = moment(
        "2024-05-10T22:30:00", "video clock", 0, latitude=35.7, longitude=139.7
    )
    found = settle(own, name="a.mov")
    assert (found.taken_at.hour, found.utc_offset) == (7, 540)
    assert "Asia/Tokyo" in found.sources["utc_offset"]


def test_the_name_of_a_file_counts_before_its_last_change():
    own = moment("2022-01-01T10:00:00", "modified")
    assert settle(own, name="IMG_20190521_104552.jpg").taken_at.year == 2019
    assert settle(own).taken_at.year == 2022


def test_a_year_is_refined_by_what_agrees_and_not_by_what_does_not():
    own = moment("1975-01-01T12:00:00", "iptc", taken_at_precision="year")
    found = settle(own, name="1975-07-01 10.00.00.jpg")
    assert (found.taken_at.month, found.taken_at_precision) == (1, "year")
    own = moment("1985-01-01T12:00:00", "iptc", taken_at_precision="year")
    found = settle(own, name="1985-07-01 10.00.00.jpg")
    assert (found.taken_at.month, found.taken_at_precision) == (7, "second")
    assert settle(own, name="2001-07-01.jpg").taken_at.year == 1985


def test_a_picture_that_a_sidecar_turns_lies_the_other_way():
    own = Metadata(orientation=1, width=640, height=480)
    found = settle(own, sidecars=[("a.xmp", Metadata(orientation=6))])
    assert (found.orientation, found.width, found.height) == (6, 480, 640)


def test_the_camera_s_date_in_the_raw_beats_a_lesser_one_in_the_jpeg():
    found = settle(dated("xmp"), parts=[("raw:a.nef", dated("exif"))])
    assert found.taken_at == DAYS["exif"]
    assert found.sources["taken_at"] == "raw:a.nef"


def test_a_motion_part_s_date_comes_before_the_file_name():
    motion = [("motion:a.mov", dated("video track"))]
    found = settle(Metadata(), parts=motion, name="2018-04-12 19_24_49.jpg")
    assert found.taken_at == DAYS["video track"]


def test_the_file_name_is_a_guess_above_the_mtime():
    found = settle(Metadata(), name="PXL_20210102_030405678.jpg")
    assert found.taken_at == datetime(2021, 1, 2, 3, 4, 5, 678_000)
    assert (found.utc_offset, found.sources["taken_at"]) == (0, "file name")


def test_an_mtime_is_the_last_resort_and_its_zone_is_inferred():
    found = settle(None)
    assert found.taken_at == datetime(2019, 5, 21, 10, 45, 52, 123_456)
    assert found.utc_offset == 120
    assert found.sources["taken_at"] == "mtime"
    assert "inferred" in found.sources["utc_offset"]


def test_a_wild_mtime_is_no_crash():
    for mtime_ns in (2**63 - 1, -(2**63), 10**30):
        resolve(None, name="a.jpg", mtime_ns=mtime_ns, timezone="Asia/Tokyo", now=NOW)


def test_a_sidecar_outranks_the_file():
    own = dated("exif", title="Own", rating=5, make="Canon", keywords=["old"])
    beside = Metadata(title="Beside", rating=0, keywords=["new"])
    found = settle(own, sidecars=[("a.xmp", beside)])
    assert (found.title, found.rating, found.keywords) == ("Beside", 0, ["new"])
    assert found.make == "Canon"
    assert found.sources == {
        "taken_at": "exif",
        "utc_offset": "exif",
        "title": "sidecar:a.xmp",
        "rating": "sidecar:a.xmp",
        "keywords": "sidecar:a.xmp",
        "make": "embedded",
    }


def test_a_position_is_taken_whole():
    """The height of one place with the position of another is nowhere."""
    own = Metadata(latitude=1.0, longitude=2.0, altitude=3.0)
    beside = Metadata(latitude=4.0, longitude=5.0)
    found = settle(own, sidecars=[("a.xmp", beside)])
    assert (found.latitude, found.longitude, found.altitude) == (4.0, 5.0, None)


def test_a_lone_height_does_not_hide_a_position():
    own = Metadata(latitude=1.0, longitude=2.0, altitude=3.0)
    found = settle(own, sidecars=[("a.xmp", Metadata(altitude=9.0))])
    assert (found.latitude, found.longitude, found.altitude) == (1.0, 2.0, 3.0)


def test_keywords_come_with_their_own_hierarchy():
    own = Metadata(keywords=["dog"], keyword_paths=["animal|dog"])
    found = settle(own, sidecars=[("a.xmp", Metadata(keywords=["cat"]))])
    assert (found.keywords, found.keyword_paths) == (["cat"], [])


def test_xmp_counts_before_takeout_whatever_the_order():
    beside = [("a.jpg.json", Metadata(title="G")), ("a.xmp", Metadata(title="X"))]
    assert settle(sidecars=beside).title == "X"
    assert settle(sidecars=beside[::-1]).title == "X"


def test_size_and_duration_are_those_of_the_file_itself():
    """A sidecar's size is hearsay; a live photo is as long as a photo."""
    own = Metadata(width=600, height=400)
    beside = [("a.xmp", Metadata(width=1, height=1))]
    motion = [("motion:a.mov", Metadata(width=9, height=9, duration=1.5))]
    found = settle(own, sidecars=beside, parts=motion)
    assert (found.width, found.height, found.duration) == (600, 400, None)


def test_a_real_sidecar_and_its_raw_are_settled(media):
    """Its date agrees, and its fields come from where they should."""
    directory = media / "library/RAW/2019-06 Canon 6D"
    files = {
        f"{n:064x}": directory / f"canon_eos_6d.{suffix}"
        for n, suffix in enumerate(["jpg", "dng", "xmp"])
    }
    with ExifTool() as tool:
        found = [
            parse(tags, path.suffix[1:], now=NOW)
            for (_, tags), path in zip(tool.read(files), files.values(), strict=True)
            if isinstance(tags, dict)
        ]
    jpg, dng, xmp = found
    settled = resolve(
        jpg,
        sidecars=[("canon_eos_6d.xmp", xmp)],
        parts=[("raw:canon_eos_6d.dng", dng)],
        name="canon_eos_6d.jpg",
        mtime_ns=MTIME,
        timezone="Europe/Berlin",
        now=NOW,
    )
    assert settled.sources["taken_at"] in ("exif", "raw:canon_eos_6d.dng")
    assert settled.taken_at.replace(microsecond=0) == datetime(2019, 6, 6, 7, 29, 51)
    assert settled.sources["iso"] == "sidecar:canon_eos_6d.xmp"
    assert settled.width == jpg.width
