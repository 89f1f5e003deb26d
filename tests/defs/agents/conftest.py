"""A house with machines that have a graphics card, and a queue that waits for them."""

from datetime import datetime, timedelta

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.dagster_run import RunOpConcurrency
from dagster._core.test_utils import instance_for_test

from home_media_pipelines.core.operations.agents import (
    POOL,
    Agent,
    Sighting,
)
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.operations import agents as agent_rows
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.defs.vision.vision_runs import JOB, run_config
from home_media_pipelines.instance import agent_power, docker_agent

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
    from home_media_pipelines.defs.agents.agents import gpu_agents

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
