"""Folders through the chain of assets, on real files, tools and Postgres."""

import dagster as dg
import pytest

from home_media_pipelines.db.connect import connect
from tests.defs.conftest import draw


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with connect(url) as conn:
        return conn.execute(query).fetchall()


@pytest.fixture
def ingest(run, instance, database_url):
    """Walk, then bring what is due up to date, as the sensor would."""
    from datetime import UTC, datetime

    from home_media_pipelines.db.tables.inventory import folders
    from home_media_pipelines.defs.batches import cut

    def one_round() -> list[dg.ExecuteInProcessResult]:
        results = [run("walk")]
        with connect(database_url) as conn:
            due = folders.due(conn, now=datetime.now(UTC))
        for batch in cut(due, instance.get_dynamic_partitions("folder")):
            if batch.new:
                instance.add_dynamic_partitions("folder", list(batch.folders))
            request = batch.run_request()
            results.append(
                run(request.job_name, tags=request.tags, run_config=request.run_config)
            )
        return results

    return one_round


def test_a_folder_becomes_images_with_thumbnails(root, ingest, database_url, tmp_path):
    draw(root / "2024" / "a.jpg")
    draw(root / "2024" / "b.png", (10, 200, 30))

    assert all(result.success for result in ingest())

    assert rows(database_url, "select folder, name from files order by name") == [
        ("photos/2024", "a.jpg"),
        ("photos/2024", "b.png"),
    ]
    assert rows(database_url, "select count(*) from gallery.images") == [(2,)]
    found = tmp_path.glob("state/derived/thumbnails/??/??/*-256.jpg")
    assert len(list(found)) == 2


def test_an_unchanged_library_starts_nothing_but_the_walk(root, ingest):
    draw(root / "a.jpg")
    assert len(ingest()) == 2
    assert len(ingest()) == 1


def test_one_new_photo_in_a_folder_costs_one_photo(root, ingest, database_url):
    """What was derived is left alone: the same row versions, the same files."""
    for number in range(3):
        draw(root / "a" / f"{number}.jpg", (number, 0, 0))
    ingest()
    before = rows(database_url, "select content_id, xmin::text from exif order by 1")

    draw(root / "a" / "new.jpg", (99, 0, 0))
    ingest()

    after = rows(database_url, "select content_id, xmin::text from exif order by 1")
    assert len(after) == 4
    assert set(before) <= set(after)


def test_scattered_changes_are_one_run_with_a_materialization_per_folder(
    root, ingest, instance
):
    """Dagster's own way would be one run per folder."""
    for name in "abcdefgh":
        draw(root / name / "1.jpg", (ord(name), 0, 0))
    ingest()
    for name in "aceg":
        draw(root / name / "2.jpg", (ord(name), 9, 0))

    _, *runs = ingest()

    assert [result.dagster_run.job_name for result in runs] == ["changed_folders"]
    for asset in ("files", "exif", "images", "thumbnails"):
        event = instance.get_latest_materialization_event(dg.AssetKey(asset))
        assert event.asset_materialization.tags["dagster/code_version"]
        keys = instance.get_materialized_partitions(dg.AssetKey(asset))
        assert keys == {f"photos/{name}" for name in "abcdefgh"}


def test_a_bad_file_is_a_problem_and_its_folder_is_done(
    root, ingest, check, database_url
):
    draw(root / "a" / "good.jpg")
    (root / "a" / "bad.jpg").write_bytes(b"not a picture at all")

    _, result = ingest()

    assert result.success
    assert rows(
        database_url, "select name from gallery.problems where asset = 'thumbnails'"
    ) == [("bad.jpg",)]
    checks = check()
    assert not checks["thumbnail_problems"].passed
    assert checks["thumbnails_on_disk"].passed
    assert checks["rows_agree"].passed


def test_folders_that_fail_do_not_take_the_others_with_them(
    root, ingest, database_url, instance
):
    """Forty of forty files gone at once is a fault of the share, not housekeeping."""
    for number in range(40):
        draw(root / "lost" / f"{number}.jpg", (number, 1, 0))
    draw(root / "kept" / "1.jpg")
    ingest()
    for path in (root / "lost").iterdir():
        path.unlink()
    draw(root / "kept" / "2.jpg", (7, 7, 7))

    _, result = ingest()

    assert not result.success
    assert rows(database_url, "select folder, state from folders order by folder") == [
        ("photos/kept", "reachable"),
        ("photos/lost", "unreachable"),
    ]
    missing = "select count(*) from files where missing_since is not null"
    assert rows(database_url, missing) == [(0,)]
    assert rows(database_url, "select count(*) from gallery.images") == [(42,)]


def test_thumbnails_that_vanished_from_disk_are_made_again(
    root, ingest, run, database_url, tmp_path
):
    draw(root / "a" / "1.jpg")
    ingest()
    thumbnail = next(tmp_path.glob("state/derived/thumbnails/??/??/*.jpg"))
    thumbnail.unlink()

    result = run("new_folders", partition_key="photos/a")

    assert result.success
    assert thumbnail.exists()
