"""Dagster's database stays small without forgetting what is done."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.db import dagster_events
from home_media_pipelines.db.connect import connect
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

    with connect(dagster_url) as conn:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert dagster_events.delete_old(conn, before=tomorrow) > 10
        kinds = conn.execute(
            "select dagster_event_type, partition from event_logs order by 2"
        ).fetchall()

    assert kinds == [("ASSET_MATERIALIZATION", "a"), ("ASSET_MATERIALIZATION", "b")]
    done = postgres_instance.get_materialized_partitions(derived.key)
    assert done == {"a", "b"}
