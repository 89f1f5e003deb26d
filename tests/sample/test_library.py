"""The sample library: real tools read what we wrote into it."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
import pytest
import rawpy
from PIL import Image

from home_media_pipelines.sample.library import (
    NotEmptyError,
    SampleSummary,
    _make,
    draw_library,
)
from home_media_pipelines.sample.oddities import jobs
from home_media_pipelines.sample.plan import plan

LAKE = "2019/2019-07 Lake"

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    return draw_library(tmp_path_factory.mktemp("nas") / "sample", pictures=24)


@pytest.fixture(scope="module")
def tags(drawn: SampleSummary) -> dict[str, dict[str, Any]]:
    command = ["exiftool", "-json", "-n", "-G1", "-struct", "-r", "."]
    done = subprocess.run(
        command, cwd=drawn.directory, capture_output=True, check=False
    )
    return {
        row["SourceFile"].removeprefix("./"): row for row in json.loads(done.stdout)
    }


def test_a_second_start_finds_the_library_complete_and_touches_nothing(
    drawn: SampleSummary,
) -> None:
    manifest = drawn.directory / "sample.json"
    before = manifest.stat().st_mtime_ns
    again = draw_library(drawn.directory, pictures=24)
    assert not again.drawn
    assert (again.pictures, again.files, again.bytes) == (
        drawn.pictures,
        drawn.files,
        drawn.bytes,
    )
    assert manifest.stat().st_mtime_ns == before


def test_a_directory_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("dear diary")
    with pytest.raises(NotEmptyError):
        draw_library(tmp_path, pictures=24)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_another_seed_is_refused_where_a_sample_lies_already(
    drawn: SampleSummary,
) -> None:
    with pytest.raises(NotEmptyError):
        draw_library(drawn.directory, seed=8, pictures=24)


def test_the_same_seed_gives_the_same_bytes_and_times(tmp_path: Path) -> None:
    shots = [s for s in plan(7, 24) if "live" not in s.extras]
    shots = [s for s in shots if s.size[0] < 2000][::6]
    digests = []
    for name in ("one", "two"):
        root = tmp_path / name
        for shot in shots:
            _make(root, shot)
        jobs(7, 3)[-2](root)
        jobs(7, 3)[0](root)
        digests.append(
            {
                str(p.relative_to(root)): (
                    hashlib.sha256(p.read_bytes()).hexdigest(),
                    p.stat().st_mtime_ns,
                )
                for p in sorted(root.rglob("*"))
                if p.is_file()
            }
        )
    assert len(digests[0]) >= len(shots)
    assert digests[0] == digests[1]


def test_exiftool_reads_dates_with_offsets_camera_and_position(
    tags: dict[str, dict[str, Any]],
) -> None:
    row = tags[f"{LAKE}/LRK_0412.jpg"]
    assert row["ExifIFD:DateTimeOriginal"].startswith("2019:07:12 ")
    assert row["ExifIFD:OffsetTimeOriginal"] == "+02:00"
    assert len(str(row["ExifIFD:SubSecTimeOriginal"])) <= 3
    assert row["IFD0:Model"] == "Larkspur L1"
    places = [r for r in tags.values() if "GPS:GPSLatitude" in r]
    assert len(places) > 10
    assert all(-90 < r["GPS:GPSLatitude"] < 90 for r in places)


def test_exiftool_reads_ratings_keywords_and_faces_from_xmp(
    tags: dict[str, dict[str, Any]],
) -> None:
    assert any(row.get("XMP-xmp:Rating", 0) >= 3 for row in tags.values())
    assert any(
        "Holiday|Lake" in row.get("XMP-lr:HierarchicalSubject", ())
        for row in tags.values()
    )
    faces = [
        r["XMP-mwg-rs:RegionInfo"]
        for r in tags.values()
        if "XMP-mwg-rs:RegionInfo" in r
    ]
    names = {face["Name"] for info in faces for face in info["RegionList"]}
    assert names & {"Mia", "Leo", "Jonas", "Oma Inge"}


def test_the_live_pair_carries_one_content_identifier(
    tags: dict[str, dict[str, Any]],
) -> None:
    still = tags["Phone/2023/IMG_0412.jpg"]
    motion = tags["Phone/2023/IMG_0412.MOV"]
    # Older ExifTools call the tag of the maker note MediaGroupUUID
    names = ("Apple:ContentIdentifier", "Apple:MediaGroupUUID")
    identifier = next(still[name] for name in names if name in still)
    assert identifier == motion["Keys:ContentIdentifier"]


def test_each_raw_file_develops_to_the_picture_beside_it(drawn: SampleSummary) -> None:
    raws = sorted(drawn.directory.rglob("*.DNG"))
    assert len(raws) == 4
    for path in raws:
        with rawpy.imread(str(path)) as raw:
            rgb = raw.postprocess(use_camera_wb=True, no_auto_bright=True)
        beside = next(p for p in path.parent.glob(f"{path.stem}.[jJ]*"))
        with Image.open(beside) as image:
            small = image.convert("RGB").resize((32, 24))
        ours = np.asarray(Image.fromarray(rgb).resize((32, 24))).astype(int)
        assert np.abs(ours - np.asarray(small).astype(int)).mean() < 16


def test_one_raw_file_has_a_preview_and_the_others_must_be_developed(
    drawn: SampleSummary,
) -> None:
    found = []
    for path in sorted(drawn.directory.rglob("*.DNG")):
        with rawpy.imread(str(path)) as raw:
            try:
                found.append(raw.extract_thumb().format == rawpy.ThumbFormat.JPEG)
            except rawpy.LibRawNoThumbnailError:
                found.append(False)
    assert sum(found) == 1


def test_films_decode_last_two_to_three_seconds_and_one_is_turned(
    drawn: SampleSummary, tags: dict[str, dict[str, Any]]
) -> None:
    films = list((drawn.directory / "Videos").iterdir())
    assert len(films) == 5
    for path in films:
        with av.open(str(path)) as film:
            assert sum(1 for _ in film.decode(video=0)) >= 48
    turned = [r.get("Composite:Rotation", 0) for p, r in tags.items() if "Videos" in p]
    assert sorted(turned) == [0, 0, 0, 0, 90]
    stamp = tags["Videos/Zoey rennt.mp4"]["QuickTime:CreateDate"]
    assert stamp.startswith("2022:08:04 08:15")


def test_ordinary_pictures_open_and_the_broken_ones_do_not(
    drawn: SampleSummary,
) -> None:
    pillow_heif.register_heif_opener()
    opened = 0
    for path in drawn.directory.rglob("*"):
        kind = path.suffix.lower()
        ordinary = not {"broken", "@eaDir", "#recycle"} & set(path.parts)
        if not ordinary or path.name.startswith("._"):
            continue
        if kind in {".jpg", ".png", ".webp", ".avif", ".tif", ".gif", ".bmp", ".heic"}:
            with Image.open(path) as image:
                image.load()
            opened += 1
    assert opened >= drawn.pictures


def test_the_manifest_tells_what_is_in_each_picture(drawn: SampleSummary) -> None:
    truth = json.loads((drawn.directory / "sample.json").read_text("utf-8"))["truth"]
    assert len(truth) == drawn.pictures
    assert all((drawn.directory / row["path"]).is_file() for row in truth)
    labels = {o["label"] for row in truth for o in row.get("objects", ())}
    assert {"dog", "cat", "house", "boat", "truck", "person", "tree"} <= labels


def test_backup_holds_exact_and_altered_copies(drawn: SampleSummary) -> None:
    truth = json.loads((drawn.directory / "sample.json").read_text("utf-8"))["truth"]
    same = [
        (drawn.directory / row["path"]).read_bytes()
        == (drawn.directory / row["copy_of"]).read_bytes()
        for row in truth
        if "copy_of" in row
    ]
    assert any(same)
    assert not all(same)
