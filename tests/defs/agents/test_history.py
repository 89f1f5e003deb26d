"""What is remembered of the machines, and how long what waits will take."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType

from home_media_pipelines.core.operations.agents import (
    AGENT_TAG,
)
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.vision.producers import activate
from home_media_pipelines.defs.vision.vision_runs import JOB
from tests.builders import add_image, content
from tests.defs.agents.conftest import HOUR, queue_of


def test_the_history_grows_when_something_changes_and_not_else(tick, house, add_run):
    first = tick().asset_events
    assert [it.asset_key.to_user_string() for it in first] == ["gpu_agents"]
    metadata = first[0].metadata
    assert metadata["ready"].value == 1
    (row,) = metadata["agents"].records
    assert row.data["card"] == "RTX 4090"
    assert row.data["memory_gib"] == 24.0
    assert tick().asset_events == []
    house.asleep = {"alienware"}
    assert len(tick().asset_events) == 1


def test_while_something_is_at_work_its_numbers_are_observed_now_and_then(
    tick, house, add_run, monkeypatch
):
    add_run("photos/a", status="STARTED", **{AGENT_TAG: "alienware"})
    tick()
    assert tick().asset_events == []
    monkeypatch.setattr(
        "home_media_pipelines.defs.agents.agents.OBSERVE_EVERY", timedelta()
    )
    assert len(tick().asset_events) == 1


def test_what_is_left_takes_as_long_as_as_much_took_lately(
    tick, house, add_run, conn, on_disk, database_url
):
    """Two of three pictures took the whole run so far: half as long for the third."""
    with connect(database_url) as conn:
        for name in "abc":
            add_image(conn, f"beach/{name}.jpg")
        producer = activate(
            conn, Producer("embeddings", "1", model="m", weights_hash="0")
        )
        for name in "ab":
            conn.execute(
                "insert into analyses (asset, producer_id, content_id, count)"
                " values ('embeddings', %s, %s, 0)",
                [producer, content(f"beach/{name}.jpg")],
            )
    run = add_run("photos/beach", status="STARTING", **{AGENT_TAG: "alienware"})
    tick()
    queue = queue_of(database_url)
    assert (queue.folders, queue.contents, queue.running) == (1, 1, 1)
    assert queue.seconds_left is None  # nothing was measured yet

    began = datetime.now(UTC) - timedelta(minutes=1)
    start = DagsterEvent(DagsterEventType.RUN_START.value, job_name=JOB)
    on_disk.report_dagster_event(start, run, timestamp=began.timestamp())
    house.later(HOUR)
    tick()
    assert queue_of(database_url).seconds_left == pytest.approx(30, abs=5)


@pytest.mark.parametrize("configured", [True, False])
def test_the_asset_is_in_the_graph_of_a_house_with_agents(
    monkeypatch, file, graph, configured
):
    """Elsewhere nobody is shown what he has not got."""
    monkeypatch.setenv("HOME_MEDIA_AGENTS", str(file))
    if not configured:
        file.unlink()
    from home_media_pipelines.defs.agents import agents

    found = agents.agents()
    known = [it for it in found.assets or [] if isinstance(it, dg.AssetSpec)]
    assert [it.key.to_user_string() for it in known] == ["gpu_agents"] * configured
    assert "gpu_agents" in {it.name for it in graph.sensors}
