"""Google's JSON and Apple's plist, real in shape, and what only looks like them."""

import json
import plistlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.errors import SidecarError
from home_media_pipelines.core.metadata.sidecars import (
    SIZE_LIMIT,
    read_aae,
    read_takeout,
)

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TAKEOUT = {
    "title": "IMG_20190521_104552.jpg",
    "description": "At the lake",
    "imageViews": "12",
    "creationTime": {"timestamp": "1600000000", "formatted": "13.09.2020"},
    "photoTakenTime": {"timestamp": "1558428352", "formatted": "21.05.2019"},
    "geoData": {"latitude": 47.5, "longitude": 9.25, "altitude": 401.5},
    "people": [{"name": "Zoey"}, {"name": "Zoey"}, {"name": ""}, "x"],
    "url": "https://photos.google.com/photo/x",
    "favorited": True,
}


def takeout(**changes: object) -> bytes:
    return json.dumps(TAKEOUT | changes).encode()


def test_takeout_gives_date_place_words_and_people():
    found = read_takeout(takeout(), now=NOW)
    assert found.taken_at == datetime(2019, 5, 21, 8, 45, 52)
    assert (found.utc_offset, found.taken_at_source) == (0, "takeout")
    assert (found.latitude, found.longitude, found.altitude) == (47.5, 9.25, 401.5)
    assert found.description == "At the lake"
    assert found.people == [{"name": "Zoey"}]
    assert found.tags["Takeout:favorited"] is True
    assert found.refused == {}


def test_a_takeout_title_is_a_title_only_where_a_person_wrote_one():
    """Google puts the name of the file there."""
    assert read_takeout(takeout(), now=NOW).title is None
    assert read_takeout(takeout(title="Our lake"), now=NOW).title == "Our lake"
    assert read_takeout(takeout(title="Dr. No"), now=NOW).title == "Dr. No"


def test_zero_zero_means_no_place_and_the_camera_s_stands_in():
    nowhere = {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0}
    found = read_takeout(takeout(geoData=nowhere), now=NOW)
    assert found.latitude is None
    assert "no position" in found.refused["latitude"]
    camera = {"latitude": 1.5, "longitude": 2.5, "altitude": 0.0}
    found = read_takeout(takeout(geoData=nowhere, geoDataExif=camera), now=NOW)
    assert (found.latitude, found.longitude) == (1.5, 2.5)
    assert found.refused == {}


@pytest.mark.parametrize("stamp", ["0", "9999999999", "soon", "1e400", None])
def test_a_takeout_date_that_cannot_be_is_refused(stamp):
    found = read_takeout(takeout(photoTakenTime={"timestamp": stamp}), now=NOW)
    assert found.taken_at is None
    assert ("taken_at" in found.refused) == (stamp is not None)


def test_a_scan_from_before_1970_keeps_its_date():
    found = read_takeout(takeout(photoTakenTime={"timestamp": "-86400"}), now=NOW)
    assert found.taken_at == datetime(1969, 12, 31)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"name": "package.json"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * (SIZE_LIMIT + 1),
    ],
)
def test_json_that_google_did_not_write_is_refused(content):
    with pytest.raises(SidecarError, match="not a takeout sidecar"):
        read_takeout(content, now=NOW)


def test_an_edit_is_known_and_whose_it_is():
    """The edit itself is Apple's secret."""
    content = plistlib.dumps(
        {
            "adjustmentFormatIdentifier": "com.apple.photo",
            "adjustmentFormatVersion": "1.4",
            "adjustmentData": b"\x00" * 100,
            "adjustmentTimestamp": datetime(2018, 9, 1),
        }
    )
    tags = read_aae(content).tags
    assert tags["AAE:adjustmentFormatIdentifier"] == "com.apple.photo"
    assert "AAE:adjustmentData" not in tags
    json.dumps(tags)


def test_a_real_edit_of_an_iphone_is_read(media):
    path = media / "library/2018/2018-09 Airport/IMG_4120.AAE"
    assert "AAE:adjustmentFormatIdentifier" in read_aae(path.read_bytes()).tags


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<plist>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><plist><string>&a;</string></plist>',
        b"bplist00" + b"\xff" * 40,
        plistlib.dumps(["no dictionary"]),
        plistlib.dumps({"name": "another plist"}),
        b" " * (SIZE_LIMIT + 1),
    ],
)
def test_a_plist_that_is_no_edit_is_refused(content):
    with pytest.raises(SidecarError, match="not a aae sidecar"):
        read_aae(content)


@given(st.binary(max_size=200), st.sampled_from([b"", b"bplist00", b"<plist>", b"{"]))
def test_any_bytes_are_a_sidecar_or_refused(content, start):
    for read in (read_aae, lambda bytes_: read_takeout(bytes_, now=NOW)):
        with pytest.raises(SidecarError):
            read(start + content)
