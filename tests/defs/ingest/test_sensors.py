"""What starts runs: each sensor against a real database and instance."""

from datetime import UTC, datetime

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.defs.batches import BATCH_TAG
from home_media_pipelines.defs.ingest import sensors
from home_media_pipelines.defs.resources import Database, Disks
from tests.defs.conftest import draw


@pytest.fixture
def database(database_url):
    return Database(url=database_url)


@pytest.fixture
def disks(tmp_path):
    """The disk of the tests, of which nothing has to stay free."""
    return Disks(directories={"derived": str(tmp_path)}, reserve=0)


@pytest.fixture
def folder_changes(graph, instance, database, disks):
    """One tick of the sensor, with its partition requests carried out."""
    from home_media_pipelines.defs.ingest.sensors import folder_changes as sensor

    def tick():
        with dg.build_sensor_context(
            instance=instance,
            definitions=graph,
            resources={"database": database, "disks": disks},
        ) as context:
            result = sensor(context)
        if isinstance(result, dg.SkipReason):
            return []
        for request in result.dynamic_partitions_requests:
            instance.add_dynamic_partitions("folder", request.partition_keys)
        return result.run_requests

    return tick


@pytest.fixture
def nas_watch(graph, instance, database):
    """One tick of the sensor: does it ask for a walk?"""
    from home_media_pipelines.defs.ingest.sensors import nas_watch as sensor

    cursors = [None]

    def tick():
        with dg.build_sensor_context(
            instance=instance,
            definitions=graph,
            resources={"database": database},
            cursor=cursors[-1],
        ) as context:
            asked = isinstance(sensor(context), dg.RunRequest)
            cursors.append(context.cursor)
        return asked

    return tick


def batch_of(request):
    return request.tags[BATCH_TAG]


def test_new_folders_become_partitions_and_one_run_in_the_same_tick(
    root, run, folder_changes, instance
):
    for name in ("a", "b", "c"):
        draw(root / name / "1.jpg")
    run("walk")

    requests = folder_changes()

    assert [it.job_name for it in requests] == ["new_folders"]
    assert instance.get_dynamic_partitions("folder") == [
        "photos/a",
        "photos/b",
        "photos/c",
    ]


def test_what_is_under_way_is_not_asked_for_again(root, run, folder_changes, instance):
    draw(root / "a" / "1.jpg")
    run("walk")
    [request] = folder_changes()
    create_run_for_test(instance, tags=request.tags, status=dg.DagsterRunStatus.STARTED)
    assert folder_changes() == []


def test_a_request_that_never_became_a_run_is_made_again(root, run, folder_changes):
    """The daemon may die between the tick and the launch."""
    draw(root / "a" / "1.jpg")
    run("walk")
    assert folder_changes()
    assert folder_changes()


@pytest.mark.parametrize("ending", ["FAILURE", "CANCELED"])
def test_a_run_that_broke_off_is_not_asked_for_again_at_once(
    root, run, folder_changes, instance, database_url, ending
):
    """Whoever cancels a run does not want it back in five seconds."""
    draw(root / "a" / "1.jpg")
    run("walk")
    [request] = folder_changes()
    create_run_for_test(instance, tags=request.tags, status=dg.DagsterRunStatus(ending))

    assert folder_changes() == []
    assert folder_changes() == []

    with connect(database_url) as conn:
        [(attempts, reason)] = conn.execute(
            "select attempts, reason from folders"
        ).fetchall()
        conn.execute("update folders set retry_at = now() - interval '1 second'")
    assert attempts == 1
    assert ending.lower() in reason
    assert [it.job_name for it in folder_changes()] == ["changed_folders"]


def test_a_folder_that_keeps_failing_is_left_alone_in_the_end(
    root, run, folder_changes, database_url
):
    draw(root / "a" / "1.jpg")
    run("walk")
    for _ in range(folder_rows.MAX_ATTEMPTS):
        assert folder_changes()
        with connect(database_url) as conn:
            now = datetime.now(UTC)
            folder_rows.mark_failed(conn, "photos/a", "broken", now=now)
            conn.execute("update folders set retry_at = now() - interval '1 second'")
    assert folder_changes() == []


def test_the_watch_asks_for_a_walk_when_a_directory_changed(root, run, nas_watch):
    """Directories without media are watched too: new folders appear in them."""
    (root / "2024").mkdir()
    draw(root / "2023" / "1.jpg")
    assert nas_watch()  # it was never walked
    run("walk")
    assert not nas_watch()
    draw(root / "2024" / "lake" / "1.jpg")
    assert nas_watch()


@pytest.mark.parametrize("changed", ["photos/2020", "photos/2024", "scans/b"])
def test_a_slow_nas_is_watched_to_its_end(
    root, run, nas_watch, database_url, monkeypatch, tmp_path, changed
):
    """A look has seconds; each began at the top, so the tail was never looked at."""
    for year in range(2020, 2025):
        draw(root / str(year) / "1.jpg")
    scans = tmp_path / "scans"
    for name in "ab":
        draw(scans / name / "1.jpg")
    with connect(database_url) as conn:
        libraries.add(conn, "scans", scans)
    run("walk")
    monkeypatch.setattr(sensors, "LOOK_SECONDS", 0)  # one directory, then it is over
    everywhere = 9  # with the two roots
    assert [nas_watch() for _ in range(2 * everywhere)] == [False] * 2 * everywhere

    library, _, name = changed.partition("/")
    draw({"photos": root, "scans": scans}[library] / name / "2.jpg")

    looks = [nas_watch() for _ in range(2 * everywhere)]
    assert sum(looks) == 2, "once a round"


def test_a_look_goes_on_where_a_directory_is_gone_meanwhile(
    root, run, nas_watch, monkeypatch
):
    for name in "abc":
        draw(root / name / "1.jpg")
    run("walk")
    monkeypatch.setattr(sensors, "LOOK_SECONDS", 0)
    assert not nas_watch()  # the root
    assert not nas_watch()  # a
    (root / "a" / "1.jpg").unlink()
    (root / "a").rmdir()
    run("walk")
    draw(root / "b" / "2.jpg")
    assert nas_watch()


def test_the_watch_notices_that_a_library_is_back(root, run, nas_watch):
    draw(root / "a" / "1.jpg")
    run("walk")
    elsewhere = root.rename(root.with_name("elsewhere"))
    assert nas_watch()
    run("walk")
    assert not nas_watch()
    elsewhere.rename(root)
    assert nas_watch()
