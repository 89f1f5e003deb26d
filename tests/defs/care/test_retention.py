"""Dagster's database and logs stay small without forgetting what is done."""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.dagster import events as dagster_events
from home_media_pipelines.defs.care.retention import forget_old_logs
from home_media_pipelines.defs.partitions import folders


@dg.asset(partitions_def=folders)
def derived() -> None:
    """Stand for any asset."""


def test_events_reach_postgres_and_old_ones_go_but_the_latest_of_each_folder(
    postgres_instance, dagster_url
):
    """Deleting the latest would make Dagster compute every folder again."""
    postgres_instance.add_dynamic_partitions("folder", ["a", "b"])
    for key in ("a", "a", "b"):
        dg.materialize([derived], partition_key=key, instance=postgres_instance)
    seen = dg.AssetObservation("gpu_agents", metadata={"ready": 1})
    postgres_instance.report_runless_asset_event(seen)

    with connect(dagster_url) as conn:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert dagster_events.delete_old(conn, before=tomorrow) > 10
        kinds = conn.execute(
            "select dagster_event_type, partition from event_logs order by 2"
        ).fetchall()

    assert kinds == [("ASSET_MATERIALIZATION", "a"), ("ASSET_MATERIALIZATION", "b")]
    done = postgres_instance.get_materialized_partitions(derived.key)
    assert done == {"a", "b"}


def test_old_logs_of_runs_go_and_nothing_else(tmp_path):
    """Dagster keeps what a step wrote for ever, even when it deletes the run."""
    now = datetime.now(UTC)
    old = (now - timedelta(days=31)).timestamp()
    kept, gone = [], []
    for name, age in (("a", old), ("b", now.timestamp())):
        logs = tmp_path / "storage" / name / "compute_logs"
        logs.mkdir(parents=True)
        for ending in ("out", "err", "complete"):
            path = logs / f"step.{ending}"
            path.touch()
            os.utime(path, (age, age))
            (gone if age == old else kept).append(path)
    value = tmp_path / "storage" / "c" / "step" / "result"
    value.parent.mkdir(parents=True)
    value.touch()
    os.utime(value, (old, old))

    before = now - timedelta(days=30)
    assert forget_old_logs(tmp_path / "storage", before) == 3

    left = {it for it in tmp_path.rglob("*") if it.is_file()}
    assert left == {*kept, value}
    assert not (tmp_path / "storage" / "a").exists()
    assert forget_old_logs(tmp_path / "missing", before) == 0
