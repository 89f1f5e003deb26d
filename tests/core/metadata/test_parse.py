"""What files say of themselves, against the facts of real files and hostile ones."""

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.metadata.parse import Metadata, parse
from home_media_pipelines.core.metadata.tags import STRING_LIMIT, TAGS_LIMIT
from home_media_pipelines.io.exiftool import ExifTool, ReadFailure

NOW = datetime(2026, 12, 31, tzinfo=UTC)

COLUMNS = {
    "Make": "make",
    "Model": "model",
    "LensModel": "lens",
    "FNumber": "f_number",
    "ExposureTime": "exposure_time",
    "FocalLength": "focal_length",
    "Title": "title",
    "Description": "description",
    "Duration": "duration",
    "Rating": "rating",
    "GPSLatitude": "latitude",
    "GPSLongitude": "longitude",
    "GPSAltitude": "altitude",
    "Orientation": "orientation",
    "ContentIdentifier": "content_identifier",
    "MediaGroupUUID": "content_identifier",
}


pytestmark = pytest.mark.xdist_group("metadata")


@pytest.fixture(scope="module")
def facts(media: Path) -> dict[str, dict[str, Any]]:
    files = json.loads((media / "facts/exif.json").read_text())["files"]
    ambiguous = json.loads((media / "facts/exif_disagree.json").read_text())["files"]
    for path, name, *_ in ambiguous:
        for other in (name, f"SubSec{name.replace('Original', 'TimeOriginal')}"):
            files[path].pop(other, None)
    return files


@pytest.fixture(scope="module")
def read(media: Path, facts: dict[str, Any]) -> dict[str, Metadata | ReadFailure]:
    """Each file of the library under its path."""
    # One read per path, not per content: the key only has to look like a content_id.
    paths = {blake3(path.encode()).hexdigest(): path for path in facts}
    files = {key: media / "library" / path for key, path in paths.items()}
    with ExifTool(processes=2) as tool:
        return {
            paths[key]: tags
            if isinstance(tags, ReadFailure)
            else parse(tags, files[key].suffix[1:].lower(), now=NOW)
            for key, tags in tool.read(files)
        }


def readable(
    facts: dict[str, Any], read: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], Metadata]]:
    for path, fact in facts.items():
        if "Error" not in fact and not Path(path).name.startswith("._"):
            assert isinstance(read[path], Metadata), (path, read[path])
            yield path, fact, read[path]


def same(fact: Any, ours: Any) -> bool:
    if isinstance(fact, list):
        return fact == (ours if isinstance(ours, list) else [ours])
    if isinstance(ours, list) and len(ours) == 1:
        return same(fact, ours[0])
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return math.isclose(fact, float(ours), rel_tol=1e-9)
    if isinstance(fact, str) and "?" in fact and isinstance(ours, str):
        # The facts were made without a charset: a letter beyond ASCII became "?".
        return len(fact) == len(ours) and all(
            it in ("?", our) for it, our in zip(fact, ours, strict=True)
        )
    return fact == ours


def test_every_fact_is_found_among_the_tags(facts, read):
    """Whatever has no column of its own must still be there to look up."""
    checked = 0
    for path, fact, metadata in readable(facts, read):
        named = {
            key.split(":")[1]: value
            for key, value in metadata.tags.items()
            if key.count(":") == 1
        }
        for name, value in fact.items():
            assert name in named, (path, name)
            assert same(value, named[name]), (path, name, value, named[name])
            checked += 1
    assert checked > 4_000


def test_every_fact_with_a_column_is_that_columns_value(facts, read):
    """A value may only be missing where the reason is written down."""
    checked = 0
    for path, fact, metadata in readable(facts, read):
        for name, column in COLUMNS.items():
            if name not in fact or not str(fact[name]).strip():
                continue
            ours = getattr(metadata, column)
            if ours is None:
                assert column in metadata.refused, (path, name, fact[name])
                continue
            value = fact[name].strip() if isinstance(fact[name], str) else fact[name]
            assert same(value, ours), (path, name, fact[name], ours)
            checked += 1
    assert checked > 1_400


REFUSED = {
    "Metadata/photoprism/image-2011.jpg": ("latitude", "no position"),
    "Videos/codecs/isom-avc1.mp4": ("latitude", "no position"),
    "Panoramas/buggy_panorama.jpg": ("latitude", "not on earth"),
    "Metadata/empty_gps.jpg": ("latitude", "empty"),
    "Metadata/photoprism/altitude.jpg": ("altitude", "no altitude"),
    "Metadata/photoprism/huawei-gps-error.jpg": ("orientation", "not 1 to 8"),
    "Fotoarchiv/2002/2002-07/Casio EX-S1.jpg": ("iso", "not a number above 0"),
    "Videos/odd/future42603.mp4": ("taken_at", "42603"),
    "Fotoarchiv/Undated/Nikon E885.jpg": ("taken_at", "no date"),
    "Fotoarchiv/Undated/FujiFilm DX-5.jpg": ("taken_at", "no date"),
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(read, path):
    column, reason = REFUSED[path]
    assert getattr(read[path], column) is None
    assert reason in read[path].refused[column]


def test_nothing_else_is_refused_in_the_library(facts, read):
    """A refusal is a rule at work; a new one must be looked at."""
    refused = {
        path: column
        for path, _, metadata in readable(facts, read)
        for column, why in metadata.refused.items()
        if column not in ("taken_at", "longitude", "altitude")
        and path not in REFUSED
        and "cameras write by themselves" not in why
        and "animation without end" not in why
    }
    assert refused == {
        "Metadata/photoprism/digikam.jpg": "orientation",
        "Metadata/photoprism/snow.jpg": "latitude",
        "Metadata/xmp sidecars/photoshop.xmp": "orientation",
        "_Inbox/broken/broken.jpg": "orientation",
    }


def test_dates_agree_to_the_fraction_of_a_second(facts, read):
    """The original date, else the create date; UTC is compared as an instant."""
    checked = 0
    for path, fact, metadata in readable(facts, read):
        texts = [
            fact[name]
            for name in ("SubSecDateTimeOriginal", "DateTimeOriginal", "CreateDate")
            if re.search("[1-9]", str(fact.get(name, ""))) and path not in REFUSED
        ]
        if not texts:
            continue
        wall, offset = written(texts[0])
        assert metadata.taken_at is not None, (path, texts)
        if metadata.taken_at_source == "video track":
            ours = metadata.taken_at - timedelta(minutes=metadata.utc_offset or 0)
            assert abs(ours - wall) < timedelta(seconds=2), path
        elif metadata.taken_at_source == "xmp" and "DateTimeOriginal" not in fact:
            day = metadata.taken_at.date()
            assert day <= wall.date(), (path, "xmp prefers when it was created")
        else:
            assert metadata.taken_at == wall, (path, metadata.taken_at, texts)
            if offset is not None:
                assert metadata.utc_offset == offset, path
        checked += 1
    assert checked > 215


def written(text: str) -> tuple[datetime, int | None]:
    """A date as the facts print it, read by other means than ours."""
    zone = re.search(r"(Z|[+-]\d\d:\d\d)$", text)
    plain = text[: zone.start()] if zone else text
    plain, _, fraction = plain.partition(".")
    form = "%Y:%m:%d %H:%M:%S" if plain.count(":") == 4 else "%Y:%m:%d %H:%M"
    wall = datetime.strptime(plain, form) + timedelta(
        microseconds=int(f"{fraction:0<6}"[:6])
    )
    if not zone:
        return wall, None
    if zone[0] == "Z":
        return wall, 0
    hours, minutes = zone[0][1:].split(":")
    return wall, (int(hours) * 60 + int(minutes)) * (-1 if zone[0][0] == "-" else 1)


def test_iso_is_the_number_that_was_set(facts, read):
    for path, fact, metadata in readable(facts, read):
        if fact.get("ISO"):
            numbers = [float(n) for n in str(fact["ISO"]).split()]
            assert metadata.iso == round(next(n for n in numbers if n)), path


def test_sizes_are_upright(media, facts, read):
    """Exif, a HEIC's own rotation or a video's matrix: each is applied once."""
    upright = json.loads((media / "facts/upright.json").read_text())["files"]
    films = json.loads((media / "facts/video.json").read_text())
    for path, fact, metadata in readable(facts, read):
        ours = (metadata.width, metadata.height)
        if path in upright:
            assert ours == tuple(upright[path]["upright_size"]), path
        elif path in films:
            film = films[path]
            size = (film["width"], film["height"])
            turned = abs(film["rotation"]) in (90, 270)
            assert ours == (size[::-1] if turned else size), path
        elif "ImageWidth" in fact:
            size = (fact["ImageWidth"], fact["ImageHeight"])
            turned = (metadata.orientation or 1) >= 5  # a sidecar of a turned picture
            assert ours == (size[::-1] if turned else size), path


def test_keywords_keep_their_hierarchy(facts, read):
    checked = 0
    for path, fact, metadata in readable(facts, read):
        for name, column in (
            ("Keywords", metadata.keywords),
            ("Subject", metadata.keywords),
            ("HierarchicalSubject", metadata.keyword_paths),
        ):
            words = fact.get(name, [])
            for word in words if isinstance(words, list) else [words]:
                assert not str(word).strip() or str(word).strip() in column, path
                checked += 1
    assert checked > 100


def test_people_are_named(facts, read):
    for path, fact, metadata in readable(facts, read):
        people = fact.get("PersonInImage", [])
        for name in people if isinstance(people, list) else [people]:
            assert {"name": name} in metadata.people, path


def test_rating_per_cent_is_stars(facts):
    stars = {0: 0, 1: 1, 25: 2, 50: 3, 75: 4, 99: 5, 100: 5}
    for percent, expected in stars.items():
        tags = {"IFD0:RatingPercent": percent}
        assert parse(tags, "jpeg", now=NOW).rating == expected


def test_faces_are_boxes_in_the_upright_picture():
    """Regions count from the stored picture, and this one is shown turned by 90°."""
    face = {"X": 0.2, "Y": 0.3, "W": 0.2, "H": 0.4, "Unit": "normalized"}
    regions = {"RegionList": [{"Area": face, "Name": "Zoey", "Type": "Face"}]}
    tags = {"XMP-mwg-rs:RegionInfo": regions, "IFD0:Orientation": 6}
    assert parse(tags, "jpeg", now=NOW).people == [
        {"name": "Zoey", "x": 0.5, "y": 0.1, "width": 0.4, "height": 0.2}
    ]


def test_microsofts_people_tags_are_read_too():
    region = {"PersonDisplayName": "Ana", "Rectangle": "0.1, 0.2, 0.3, 0.4"}
    tags = {"XMP-MP:RegionInfoMP": {"Regions": [region]}}
    assert parse(tags, "jpeg", now=NOW).people == [
        {"name": "Ana", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
    ]


@pytest.mark.parametrize("group", ["GPS", "XMP-exif"])
def test_altitude_below_the_sea_is_negative(group):
    tags = {
        f"{group}:GPSLatitude": 31.5,
        f"{group}:GPSLongitude": 35.5,
        f"{group}:GPSAltitude": 430,
        f"{group}:GPSAltitudeRef": 1,
    }
    assert parse(tags, "jpeg", now=NOW).altitude == -430


def test_an_apple_sidecar_keeps_west_apart_from_the_number(read):
    """Seattle, and not Inner Mongolia."""
    found = read["Metadata/orphan xmp/date.heic.xmp"]
    assert (round(found.latitude, 3), round(found.longitude, 3)) == (47.675, -122.317)


def test_a_huge_text_is_cut_and_said_so():
    metadata = parse({"PNG:Comment": "ä" * 10_000_000}, "png", now=NOW)
    assert len(str(metadata.tags["PNG:Comment"]).encode()) == STRING_LIMIT
    assert "PNG:Comment was cut" in metadata.refused["tags"]


def test_many_large_texts_are_left_out_largest_first():
    tags = {f"PNG:T{n}": "x" * 60_000 for n in range(30)} | {"IFD0:Make": "Canon"}
    metadata = parse(tags, "png", now=NOW)
    assert len(json.dumps(metadata.tags)) <= TAGS_LIMIT
    assert metadata.make == "Canon"
    assert "left out" in metadata.refused["tags"]


hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None, categories=None))
    | st.sampled_from(["a\x00b", "\ud800", "9" * 400, "0000:00:00", "undef", "inf"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=8,
)
known = [
    *("Make", "Model", "LensModel", "ISO", "FNumber", "ExposureTime"),
    *("FocalLength", "GPSLatitude", "Rotation", "GPSLongitude", "GPSAltitude"),
    *("GPSAltitudeRef", "Orientation", "ImageWidth", "ImageHeight", "Title"),
    *("Duration", "Rating", "RatingPercent", "Keywords", "Subject"),
    *("HierarchicalSubject", "RegionInfo", "RegionInfoMP", "PersonInImage"),
    *("DateTimeOriginal", "CreateDate", "SubSecTimeOriginal", "Lens"),
    *("OffsetTimeOriginal", "CreationDate", "ContentIdentifier", "Description"),
    *("XPKeywords"),
]
groups = st.sampled_from(
    ["ExifIFD", "XMP-exif", "QuickTime", "Composite", "Track1:Copy2", "GPS"]
)
keys = st.builds("{}:{}".format, groups, st.sampled_from(known)) | st.text()


@given(st.dictionaries(keys, hostile, max_size=8), st.sampled_from(["jpeg", "heic"]))
def test_whatever_a_file_says_fits_into_the_table(tags, name):
    """No NUL, no lone surrogate, no number Postgres or JSON would refuse."""
    metadata = parse(tags, name, now=NOW)
    for text in strings(metadata):
        assert "\x00" not in text
        text.encode()
    for column in (metadata.tags, metadata.people, metadata.refused):
        json.dumps(column, allow_nan=False)
    assert metadata.orientation in (None, *range(1, 9))
    assert metadata.rating in (None, *range(-1, 6))
    for whole in (metadata.iso, metadata.width, metadata.height):
        assert whole is None or 0 < whole < 2**31
    assert metadata.latitude is None or -90 <= metadata.latitude <= 90
    assert (metadata.latitude is None) == (metadata.longitude is None)


def test_postgres_takes_what_is_left_of_hostile_tags(conn):
    """The rules above are ours; this asks the database."""
    bad = ["a\x00b", "\ud800", "\udfff\ud800", "\ufffe", "\x1b", float("inf"), 10**400]
    tags = {f"XMP-x:T{n}{value}"[:300]: value for n, value in enumerate(bad)}
    tags |= {"IFD0:Make": "Can\x00on\ud800", "XMP-dc:Subject": ["\x00", "a\x00"]}
    found = parse(tags, "jpeg", now=NOW)
    row = conn.execute(
        "select %s::text, %s::text[], %s::jsonb",
        [found.make, found.keywords, json.dumps(found.tags)],
    ).fetchone()
    assert row[:2] == ("Canon\ufffd", ["a"])


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, Metadata):
        for name in value.__slots__:
            yield from strings(getattr(value, name))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
