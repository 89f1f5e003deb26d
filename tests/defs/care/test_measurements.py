"""Measurements: what happened is counted once, what is gone is shown no longer."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.core.operations.metrics import METRICS
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.defs.care.measurements import measure
from home_media_pipelines.defs.resources import DagsterDatabase, Database, Disks
from tests import builders

NOW = datetime.now(UTC)


@dg.asset(name="thumbnails", partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
def stand_in() -> None:
    """Stand for the asset of this name."""


@dg.op
def breaks() -> None:
    raise RuntimeError("broken")


@pytest.fixture
def after(database_url, dagster_url, postgres_instance, tmp_path, conn):
    """Look after so many minutes; the numbers by metric and labels."""

    def look(minutes=0):
        measure(
            Database(url=database_url),
            DagsterDatabase(url=dagster_url),
            Disks(directories={"derived": str(tmp_path)}, reserve=5),
            NOW + timedelta(minutes=minutes),
        )
        conn.commit()
        rows = conn.execute("select metric, labels, value from gallery.measurements")
        return {(name, *sorted(of.values())): value for name, of, value in rows}

    return look


def test_what_ended_is_counted_once_however_often_we_look(after, postgres_instance):
    before = after()
    for key in ("a", "b"):
        dg.materialize([stand_in], partition_key=key, instance=postgres_instance)
    graph = dg.GraphDefinition("walk", node_defs=[breaks])
    graph.to_job().execute_in_process(instance=postgres_instance, raise_on_error=False)

    for minute in (1, 2, 3):
        found = after(minute)
        grown = {key: found[key] - before.get(key, 0) for key in found}
        assert grown["materializations_total", "thumbnails"] == 2
        assert grown["runs_total", "failure", "walk"] == 1
        assert grown["run_seconds_total", "walk"] > 0
    made = found["asset_updated_timestamp_seconds", "thumbnails"]
    assert abs(made - datetime.now(UTC).timestamp()) < 600, "in UTC, as it says"


def test_a_queue_that_was_worked_off_is_no_longer_shown(
    after, postgres_instance, dagster_url
):
    run = create_run_for_test(postgres_instance, job_name="vision_job")
    with connect(dagster_url) as dagster:
        dagster.execute(
            "update runs set status = 'QUEUED' where run_id = %s", [run.run_id]
        )
    found = after()
    assert found["runs", "queued", "vision_job"] == 1
    assert 0 <= found["oldest_queued_seconds",] < 600
    postgres_instance.delete_run(run.run_id)
    found = after(1)
    assert ("runs", "queued", "vision_job") not in found
    assert found["oldest_queued_seconds",] == 0


def test_libraries_and_folders_are_measured(after, conn, tmp_path):
    builders.add_image(conn, "beach/1.jpg")
    libraries.set_unreachable(conn, "photos", "it is empty", now=NOW)
    conn.commit()
    found = after()
    assert found["images", "photos"] == 1
    assert found["library_reachable", "photos"] == 0
    assert found["library_checked_timestamp_seconds", "photos"] == pytest.approx(
        NOW.timestamp()
    )
    assert found["folders", "behind"] == 1
    assert found["contents", "fresh", "thumbnails"] == 1
    assert found["damaged_files", "photos"] == 0
    assert found["disk_reserve_bytes",] == 5
    assert found["disk_free_bytes", "derived"] > 0
    shown = {name for name, *_ in found} - {"last_event"}
    assert shown <= METRICS.keys()


def test_whole_tables_are_not_read_every_minute(after, conn):
    found = after()
    builders.add_image(conn, "beach/1.jpg")
    conn.commit()
    assert ("contents", "fresh", "thumbnails") not in after(4)
    conn.execute("update measurements set value = 9 where metric = 'counting_seconds'")
    conn.commit()
    assert ("contents", "fresh", "thumbnails") not in after(14), "it took nine seconds"
    assert after(15)["contents", "fresh", "thumbnails"] == 1
    assert found["counting_seconds",] < 9
