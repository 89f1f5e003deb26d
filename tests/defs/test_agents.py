"""The queue for graphics cards follows from how the machines that have them stand."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.dagster_run import RunOpConcurrency
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._core.test_utils import instance_for_test

from home_media_pipelines.core.agents import (
    AGENT_TAG,
    POOL,
    PRIORITY_TAG,
    WAITING_TAG,
    Agent,
    Sighting,
)
from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.producer import Producer
from home_media_pipelines.db import agents as agent_rows
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.producers import activate
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.defs.vision_runs import JOB, run_config
from home_media_pipelines.instance import agent_power, docker_agent
from tests.builders import add_image, content

LAPTOP = """
[[agent]]
name = "alienware"
host = "unix:///nowhere/docker.sock"
image = "home-media-worker:0.1.0"
mac = "01:23:45:67:89:ab"
broadcast = "127.0.0.1"
sleep_when_idle = true
sleep_command = "true"
"""
TOWER = """
[[agent]]
name = "tower"
host = "unix:///elsewhere/docker.sock"
image = "home-media-worker:0.1.0"
runs = 2
"""
HOUR = timedelta(hours=1)
ORIGIN = RemoteJobOrigin(
    RemoteRepositoryOrigin(
        RegisteredCodeLocationOrigin("home_media"), "__repository__"
    ),
    JOB,
)
CARD = RunOpConcurrency(
    root_key_counts={POOL: 1}, has_unconstrained_root_nodes=False, all_pools={POOL}
)


class House:
    """The machines as a test wants them seen, and a clock beside the real one."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url
        self.asleep: set[str] = set()
        self.faults: dict[str, str] = {}
        self.called: list[str] = []
        self.sent_to_sleep: list[str] = []

    def look(self, agent: Agent, now: datetime) -> Sighting:
        if agent.name in self.asleep:
            return Sighting(agent.name, now, reachable=False, reason="unreachable")
        return Sighting(
            agent.name,
            now,
            reachable=True,
            reason=self.faults.get(agent.name),
            gpu_name="RTX 4090",
            gpu_memory=24 << 30,
            image=agent.image,
            image_version="0.1.0",
        )

    def later(self, by: timedelta) -> None:
        """As if everything that was seen had been seen that much earlier."""
        with connect(self.url) as conn:
            conn.execute(
                "update agent_sightings set since = since - %(by)s,"
                " until = until - %(by)s",
                {"by": by},
            )
            conn.execute("update agents set woken_at = woken_at - %(by)s", {"by": by})
            conn.execute(
                "update gpu_queue set counted_at = counted_at - %(by)s,"
                " idle_since = idle_since - %(by)s",
                {"by": by},
            )


@pytest.fixture
def house(database_url, monkeypatch) -> House:
    seen = House(database_url)
    monkeypatch.setattr(docker_agent, "look", seen.look)
    monkeypatch.setattr(
        agent_power, "wake", lambda agent: seen.called.append(agent.name)
    )
    monkeypatch.setattr(
        agent_power, "put_to_sleep", lambda agent: seen.sent_to_sleep.append(agent.name)
    )
    return seen


@pytest.fixture(scope="module")
def disk():
    """Pools and tags of runs need a real storage."""
    with instance_for_test() as on_disk:
        yield on_disk


@pytest.fixture
def on_disk(disk):
    yield disk
    for run in disk.get_runs():
        disk.delete_run(run.run_id)
    disk.event_log_storage.delete_concurrency_limit(POOL)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "agents.toml"
    path.write_text(LAPTOP)
    return path


@pytest.fixture
def tick(on_disk, database_url, file, monkeypatch):
    """One look of the sensor; the next one goes on from its cursor."""
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_AGENTS", str(file))
    from home_media_pipelines.defs.agents import gpu_agents

    cursor: list[str | None] = [None]

    def once() -> dg.SensorResult | dg.SkipReason:
        with dg.build_sensor_context(
            instance=on_disk,
            cursor=cursor[0],
            resources={"database": Database(url=database_url)},
        ) as context:
            answer = gpu_agents(context)
        if isinstance(answer, dg.SensorResult):
            cursor[0] = answer.cursor
        return answer

    return once


@pytest.fixture
def add_run(on_disk):
    def add(*folders: str, status: str = "QUEUED", **tags: str) -> str:
        run = dg.DagsterRun(
            job_name=JOB,
            run_config=run_config(folders),
            status=dg.DagsterRunStatus(status),
            tags=tags,
            remote_job_origin=ORIGIN,
            run_op_concurrency=CARD,
        )
        return on_disk.add_run(run).run_id

    return add


@pytest.fixture
def tag(on_disk):
    return lambda run_id, name: on_disk.get_run_by_id(run_id).tags.get(name)


@pytest.fixture
def limit(on_disk):
    def of_pool() -> int | None:
        known = on_disk.event_log_storage.get_pool_limits()
        return {it.name: it.limit for it in known if not it.from_default}.get(POOL)

    return of_pool


def queue_of(url: str) -> agent_rows.GpuQueue:
    with connect(url) as conn:
        found = agent_rows.queue(conn)
    assert found
    return found


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


def test_a_sleeping_machine_is_called_when_work_waits_and_not_all_the_time(
    tick, house, add_run
):
    house.asleep = {"alienware"}
    tick()
    house.later(HOUR)
    tick()
    assert house.called == []  # nothing waits
    add_run("photos/a")
    tick()
    tick()
    assert house.called == ["alienware"]
    house.later(timedelta(minutes=5))
    tick()
    assert house.called == ["alienware"] * 2


def test_a_second_machine_is_called_only_when_the_first_has_no_room(
    tick, house, file, add_run
):
    file.write_text(LAPTOP + TOWER)
    house.asleep = {"alienware"}
    tick()
    house.later(HOUR)
    add_run("photos/a")
    add_run("photos/b")
    tick()
    assert house.called == []
    add_run("photos/c")
    tick()
    assert house.called == ["alienware"]


def test_a_machine_that_cannot_be_called_is_told_and_disturbs_nothing(
    tick, house, add_run, monkeypatch, limit
):
    def fail(agent):
        raise AgentError(agent.name, "cannot be woken: no route")

    monkeypatch.setattr(agent_power, "wake", fail)
    house.asleep = {"alienware"}
    add_run("photos/a")
    tick()
    house.later(HOUR)
    tick()
    assert limit() == 0


def test_a_machine_that_was_woken_sleeps_again_and_a_persons_does_not(
    tick, house, add_run, on_disk
):
    tick()
    house.later(HOUR)
    tick()
    assert house.sent_to_sleep == []  # nobody woke it

    house.asleep = {"alienware"}
    run = add_run("photos/a")
    tick()
    house.later(HOUR)
    tick()
    assert house.called == ["alienware"]
    house.asleep = set()
    tick()
    house.later(HOUR)
    tick()
    assert house.sent_to_sleep == []  # the run still waits
    on_disk.delete_run(run)
    tick()
    house.later(HOUR)
    tick()
    tick()
    assert house.sent_to_sleep == ["alienware"]


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
    monkeypatch.setattr("home_media_pipelines.defs.agents.OBSERVE_EVERY", timedelta())
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
    from home_media_pipelines.defs import agents

    found = agents.agents()
    known = [it for it in found.assets or [] if isinstance(it, dg.AssetSpec)]
    assert [it.key.to_user_string() for it in known] == ["gpu_agents"] * configured
    assert "gpu_agents" in {it.name for it in graph.sensors}
