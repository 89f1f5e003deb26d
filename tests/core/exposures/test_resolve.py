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
        now=NOW,
    )


def test_the_date_of_the_camera_stays_above_that_of_a_sidecar():
    beside = [("a.xmp", dated("xmp"))]
    for way in ("exif", "create date"):
        found = settle(dated(way), sidecars=beside)
        assert (found.taken_at, found.sources["taken_at"]) == (DAYS[way], way)
        assert found.taken_at.microsecond == 75_000


@pytest.mark.parametrize("way", ["xmp", "iptc", "video track"])
def test_a_sidecar_s_date_stays_above_what_else_the_file_says(way):
    found = settle(dated(way), sidecars=[("a.jpg.json", dated("takeout"))])
    assert found.taken_at == DAYS["takeout"]
    assert found.sources["taken_at"] == "sidecar:a.jpg.json"
    assert found.sources["utc_offset"] == "sidecar:a.jpg.json"


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


def test_an_mtime_is_the_last_resort_and_knows_no_zone():
    found = settle(None)
    assert found.taken_at == datetime(2019, 5, 21, 8, 45, 52, 123_456)
    assert found.utc_offset is None
    assert found.sources == {"taken_at": "mtime"}


def test_a_wild_mtime_is_no_crash():
    for mtime_ns in (2**63 - 1, -(2**63), 10**30):
        resolve(None, name="a.jpg", mtime_ns=mtime_ns, now=NOW)


def test_a_sidecar_outranks_the_file_in_all_but_the_date():
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
        now=NOW,
    )
    assert settled.sources["taken_at"] == "exif"
    assert settled.taken_at.replace(microsecond=0) == datetime(2019, 6, 6, 7, 29, 51)
    assert settled.sources["iso"] == "sidecar:canon_eos_6d.xmp"
    assert settled.width == jpg.width
