"""Key frames as an asset: made once per video, with what cannot be read noted."""

import pytest

from home_media_pipelines.db.connect import connect
from tests.defs.conftest import draw
from tests.io.test_key_frames import film


def rows(url, query):
    with connect(url) as conn:
        return conn.execute(query).fetchall()


@pytest.fixture
def ingest(root, run, instance):
    """Walk, then bring the one folder up to date as if it were new."""

    def once():
        run("walk")
        instance.add_dynamic_partitions("folder", ["photos/a"])
        return run("new_folders", partition_key="photos/a")

    return once


def test_a_video_gets_key_frames_in_the_run_that_finds_it(
    root, ingest, check, database_url, tmp_path
):
    (root / "a").mkdir()
    film(root / "a" / "film.mp4", 4)
    draw(root / "a" / "picture.jpg")

    result = ingest()

    assert result.success
    found = rows(database_url, "select frame, time_offset from key_frames order by 1")
    assert [frame for frame, _ in found] == [0, 1, 2, 3]
    assert [int(seconds) for _, seconds in found] == [0, 1, 2, 3]
    on_disk = tmp_path.glob("state/derived/key_frames/??/??/*.jpg")
    assert len(list(on_disk)) == 4
    checks = check()
    assert checks["key_frames_on_disk"].passed
    assert checks["key_frame_problems"].passed


def test_what_is_done_is_not_done_again(root, ingest, database_url):
    (root / "a").mkdir()
    film(root / "a" / "film.mp4", 2)
    ingest()
    before = rows(database_url, "select xmin::text from key_frames")
    (made,) = ingest().asset_materializations_for_node("key_frames")
    assert "videos" not in made.metadata
    assert rows(database_url, "select xmin::text from key_frames") == before


def test_a_video_that_cannot_be_read_is_a_problem_and_the_others_are_done(
    root, ingest, database_url
):
    (root / "a").mkdir()
    good = film(root / "a" / "film.mp4", 2).read_bytes()
    (root / "a" / "half.mp4").write_bytes(good[: len(good) // 2])

    result = ingest()

    assert result.success
    found = rows(database_url, "select count(distinct content_id) from key_frames")
    assert found == [(1,)]
    names = "select asset, name from gallery.problems order by asset, name"
    assert rows(database_url, names) == [("thumbnails", "half.mp4")]


def test_key_frames_that_vanished_from_disk_are_made_again(
    root, ingest, database_url, tmp_path
):
    (root / "a").mkdir()
    film(root / "a" / "film.mp4", 2)
    ingest()
    frame = next(tmp_path.glob("state/derived/key_frames/??/??/*.jpg"))
    frame.unlink()
    assert ingest().success
    assert frame.exists()
