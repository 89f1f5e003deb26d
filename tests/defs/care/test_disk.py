"""Some of the disk stays free: work stops before it is full, says so, and goes on."""

import dagster as dg
import pytest

from home_media_pipelines.db.connect import connect
from home_media_pipelines.defs.resources import Database, Disks
from home_media_pipelines.io.disk import room
from tests.defs.conftest import draw, why

FULL = 10**9  # gigabytes that no disk has


@pytest.fixture
def reserve(monkeypatch):
    """Let so many gigabytes stay free, from the next loading of the graph on."""

    def choose(gigabytes):
        monkeypatch.setenv("HOME_MEDIA_DISK_RESERVE", str(gigabytes))
        from home_media_pipelines.definitions import defs

        return defs()

    return choose


def test_nothing_derived_takes_the_last_of_a_disk_and_all_goes_on_when_there_is_room(
    graph, root, run, reserve, instance, rows, tmp_path
):
    draw(root / "a" / "1.jpg")
    run("walk")
    instance.add_dynamic_partitions("folder", ["photos/a"])

    def ingest(graph):
        config = {"ops": {"ingest_changed": {"config": {"folders": ["photos/a"]}}}}
        return graph.resolve_job_def("changed_folders").execute_in_process(
            config, instance=instance, raise_on_error=False
        )

    said = why(ingest(reserve(FULL)))
    assert "GB are free on the disk of" in said
    assert "HOME_MEDIA_DISK_RESERVE keeps 1e+09" in said
    assert rows("select count(*) from images") == [(1,)], "the inventory needs no room"
    assert rows("select count(*) from thumbnails") == [(0,)]
    assert rows("select count(*) from problems") == [(0,)], "no file is to blame"
    assert [*(tmp_path / "state" / "derived" / "thumbnails").rglob("*")] == []

    assert ingest(reserve(0)).success
    assert rows("select count(*) from thumbnails") == [(1,)]
    assert rows("select attempts, reason from folders") == [(0, None)]


def test_folders_wait_for_room_without_using_up_their_attempts(
    graph, root, run, instance, database_url, tmp_path
):
    """A disk may be full for a month; a folder is tried ten times."""
    from home_media_pipelines.defs.ingest.sensors import folder_changes

    draw(root / "a" / "1.jpg")
    run("walk")

    def tick(reserve):
        resources = {
            "database": Database(url=database_url),
            "disks": Disks(directories={"derived": str(tmp_path)}, reserve=reserve),
        }
        with dg.build_sensor_context(
            instance=instance, definitions=graph, resources=resources
        ) as context:
            return folder_changes(context)

    free = room(tmp_path).free
    waits = tick(reserve=free)  # exactly so much: going on would stop at once
    assert waits.skip_message.startswith("waiting for room: ")
    assert "derived directory" in waits.skip_message
    with connect(database_url) as conn:
        [told] = conn.execute("select attempts, batch from folders").fetchall()
    assert told == (0, None)
    assert len(tick(reserve=0).run_requests) == 1
