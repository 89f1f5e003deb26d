"""The queue for graphics cards follows from how the machines that have them stand."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.storage.tags import PARTITION_NAME_TAG

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import (
    AGENT_TAG,
    PRIORITY_TAG,
    WAITING_TAG,
)
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.operations import agents as agent_rows
from tests.builders import add_image
from tests.defs.agents.conftest import CARD, LAPTOP, ORIGIN, TOWER, queue_of


def test_without_agents_nothing_changes(tick, house, file, limit, add_run, tag):
    file.unlink()
    run = add_run("photos/a")
    assert tick().skip_message == "no agents: networks run on this machine"
    assert limit() is None
    assert tag(run, WAITING_TAG) is None


def test_the_gate_is_as_wide_as_the_machines_that_are_awake(tick, house, file, limit):
    file.write_text(LAPTOP + TOWER)
    tick()
    assert limit() == 3
    house.asleep = {"alienware"}
    tick()
    assert limit() == 2
    house.asleep = {"alienware", "tower"}
    tick()
    assert limit() == 0


def test_many_machines_leave_a_place_for_what_needs_no_card(
    tick, house, file, limit, on_disk
):
    """Their runs come first in the queue: new pictures would wait for days."""
    queue = on_disk.get_concurrency_config().run_queue_config
    file.write_text(LAPTOP + TOWER.replace("runs = 2", "runs = 64"))
    tick()
    assert limit() == queue.max_concurrent_runs - 1


def test_whoever_takes_the_last_agent_away_opens_the_gate(tick, house, file, limit):
    """Else everything would wait for a machine that is not even configured."""
    house.asleep = {"alienware"}
    tick()
    file.write_text("")
    tick()
    assert limit() == 1


def test_a_machine_that_is_not_there_is_seen_to_sleep(tick, limit, database_url):
    """By the engine's own client: no socket, no answer, and no error."""
    tick()
    assert limit() == 0
    with connect(database_url) as conn:
        (known,) = agent_rows.list_all(conn)
    assert known.state == "unreachable"
    assert known.reason


def test_a_mistake_in_the_file_is_told_and_nothing_is_opened(tick, house, file, limit):
    file.write_text("[[agent]]\nname = 'x'")
    with pytest.raises(AgentError, match="lacks host"):
        tick()
    assert limit() is None


def test_runs_say_what_they_wait_for_and_stop_saying_it(
    tick, house, add_run, tag, database_url, on_disk
):
    house.asleep = {"alienware"}
    run = add_run("photos/a")
    tick()
    said = tag(run, WAITING_TAG)
    assert said.startswith("waiting for GPU: alienware unreachable since ")
    assert queue_of(database_url).reason == said
    house.later(timedelta(days=3))
    tick()
    day = datetime.now(UTC) - timedelta(days=3)
    dated = f"unreachable since {day.day} {day:%b} "
    assert dated in tag(run, WAITING_TAG)
    house.asleep = set()
    tick()
    assert tag(run, WAITING_TAG) == "waiting for its turn"
    assert queue_of(database_url).reason is None
    on_disk.report_run_canceling(on_disk.get_run_by_id(run))
    tick()
    assert tag(run, WAITING_TAG) == "no longer"


def test_a_missing_image_waits_like_a_sleeping_machine(
    tick, house, add_run, tag, limit
):
    house.faults = {"alienware": "lacks the image home-media-worker:0.1.0"}
    run = add_run("photos/a")
    tick()
    assert limit() == 0
    assert "alienware lacks the image home-media-worker:0.1.0" in tag(run, WAITING_TAG)


def test_a_run_that_never_waited_for_a_machine_is_not_written_to(
    tick, house, add_run, tag
):
    run = add_run("photos/a")
    tick()
    assert tag(run, WAITING_TAG) is None


def test_the_newest_folder_goes_first(tick, house, add_run, tag, conn, on_disk):
    """Whoever started the run, by whatever way; a priority somebody chose stays."""
    for year, folder in ((2019, "lake"), (2021, "snow"), (2020, "beach")):
        add_image(conn, f"{folder}/a.jpg", taken_at=datetime(year, 1, 1))
    conn.commit()
    on_disk.add_dynamic_partitions("folder", ["photos/beach"])
    older = add_run("photos/lake")
    newer = add_run("photos/lake", "photos/snow")
    chosen = add_run("photos/lake", **{PRIORITY_TAG: "5"})
    strange = add_run("photos/never/seen")
    backfill = on_disk.add_run(
        dg.DagsterRun(
            job_name="__ASSET_JOB",
            status=dg.DagsterRunStatus.QUEUED,
            tags={PARTITION_NAME_TAG: "photos/beach"},
            remote_job_origin=ORIGIN,
            run_op_concurrency=CARD,
        )
    ).run_id
    tick()
    found = [int(tag(run, PRIORITY_TAG)) for run in (newer, backfill, older, chosen)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 5
    assert tag(strange, PRIORITY_TAG) is None


def test_a_run_on_a_machine_that_fell_silent_does_not_block_the_other(
    tick, house, file, add_run, limit
):
    file.write_text(LAPTOP + TOWER)
    add_run("photos/a", status="STARTED", **{AGENT_TAG: "alienware"})
    house.asleep = {"alienware"}
    tick()
    assert limit() == 3
