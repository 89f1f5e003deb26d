"""Where runs go, and what becomes of them while no agent answers. No engine needed."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher.base import LaunchRunContext, WorkerStatus
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.dagster_run import RunOpConcurrency
from dagster._core.test_utils import create_run_for_test, instance_for_test
from dagster._core.workspace.context import BaseWorkspaceRequestContext

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import AGENT_TAG, WAITING_TAG, Agent
from home_media_pipelines.instance import launcher
from home_media_pipelines.instance.known_agents import known_agents
from home_media_pipelines.instance.launcher import RoutingRunLauncher
from home_media_pipelines.instance.run_environment import run_environment

ASLEEP = """
[[agent]]
name = "alienware"
host = "unix:///nowhere/docker.sock"
image = "home-media-worker:0.1.0"
lost_after = 900
"""


ORIGIN = RemoteJobOrigin(
    RemoteRepositoryOrigin(
        RegisteredCodeLocationOrigin("home_media"), "__repository__"
    ),
    "vision_job",
)


@pytest.fixture
def agents(tmp_path, monkeypatch) -> Path:
    """The file of agents of this installation; there is none yet."""
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path))
    return tmp_path / "agents.toml"


@pytest.fixture
def instance():
    ours = {
        "module": "home_media_pipelines.instance.launcher",
        "class": "RoutingRunLauncher",
    }
    with instance_for_test(overrides={"run_launcher": ours}) as on_disk:
        yield on_disk


@pytest.fixture
def here(monkeypatch) -> list[str]:
    """The runs that Dagster's own launcher was given."""
    given: list[str] = []
    monkeypatch.setattr(
        dg.DefaultRunLauncher,
        "launch_run",
        lambda _, context: given.append(context.dagster_run.run_id),
    )
    return given


def made(instance: dg.DagsterInstance, *pools: str, **tags: str) -> dg.DagsterRun:
    """A run that is about to be launched and needs these pools."""
    run = create_run_for_test(
        instance,
        job_name="vision_job",
        status=dg.DagsterRunStatus.STARTING,
        remote_job_origin=ORIGIN,
        tags={f"home_media/{key}": value for key, value in tags.items()},
    )
    pool = RunOpConcurrency(
        root_key_counts={}, has_unconstrained_root_nodes=False, all_pools=set(pools)
    )
    return run._replace(run_op_concurrency=pool)


def launch(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    workspace: BaseWorkspaceRequestContext | None = None,
) -> dg.DagsterRun:
    """Launch a run; return what became of it."""
    instance.run_launcher.launch_run(LaunchRunContext(run, workspace))
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found


@pytest.mark.usefixtures("agents")
def test_without_agents_everything_runs_here(instance, here):
    runs = [made(instance, "gpu"), made(instance, "nas"), made(instance)]
    for run in runs:
        launch(instance, run)
    assert here == [run.run_id for run in runs]


def test_what_needs_no_card_stays_here(instance, here, agents):
    agents.write_text(ASLEEP)
    run = made(instance, "nas")
    launch(instance, run)
    assert here == [run.run_id]


def test_a_run_that_finds_its_agent_asleep_is_queued_again(instance, here, agents):
    """Not failed: and with the gate closed it is not tried again in a second."""
    agents.write_text(ASLEEP)
    after = launch(instance, made(instance, "gpu"))
    assert after.status is dg.DagsterRunStatus.QUEUED
    why = "waiting for GPU: alienware does not run its Docker engine"
    assert after.tags[WAITING_TAG] == why
    assert not after.tags[AGENT_TAG]
    (pool,) = instance.event_log_storage.get_pool_limits()
    assert (pool.name, pool.limit) == ("gpu", 0)
    assert here == []


def test_a_file_that_cannot_be_read_loses_no_run(instance, here, agents):
    agents.write_text(ASLEEP + "runs = 0")
    after = launch(instance, made(instance, "gpu"))
    assert after.status is dg.DagsterRunStatus.QUEUED
    assert "runs: should be from 1" in after.tags[WAITING_TAG]
    assert here == []


def test_a_silent_agent_is_waited_for_and_then_given_up(instance, agents, monkeypatch):
    """A short nap loses nothing; after `lost_after` its folders are for others."""
    agents.write_text(ASLEEP)
    run = made(instance, "gpu", agent="alienware")
    clock = [1000.0]
    monkeypatch.setattr(launcher.time, "monotonic", lambda: clock[0])
    ours = instance.run_launcher

    def health() -> WorkerStatus:
        return ours.check_run_worker_health(run).status

    assert health() is WorkerStatus.RUNNING
    clock[0] += 899
    assert health() is WorkerStatus.RUNNING
    clock[0] += 2
    assert health() is WorkerStatus.FAILED


def test_a_run_of_this_machine_is_left_to_the_sensor_of_dead_runs(instance):
    ours = instance.run_launcher
    assert ours.supports_check_run_worker_health
    health = ours.check_run_worker_health(made(instance, "nas"))
    assert health.status is WorkerStatus.RUNNING


def test_a_run_whose_agent_was_struck_from_the_file_is_given_up(instance, agents):
    agents.write_text(ASLEEP)
    run = made(instance, "gpu", agent="attic")
    health = instance.run_launcher.check_run_worker_health(run)
    assert health.status is WorkerStatus.NOT_FOUND


def test_a_run_on_an_agent_that_sleeps_is_cancelling_until_it_is_given_up(
    instance, agents
):
    agents.write_text(ASLEEP)
    run = made(instance, "gpu", agent="alienware")
    assert not instance.run_launcher.terminate(run.run_id)
    after = instance.get_run_by_id(run.run_id)
    assert after.status is dg.DagsterRunStatus.CANCELING


def test_the_file_is_read_again_when_it_changes(agents):
    assert known_agents() == ()
    agents.write_text(ASLEEP)
    assert [it.name for it in known_agents()] == ["alienware"]
    agents.write_text(ASLEEP.replace("alienware", "attic-box"))
    assert [it.name for it in known_agents()] == ["attic-box"]


def test_secrets_come_from_the_environment_and_not_from_the_file():
    agent = Agent(
        "alienware",
        "ssh://alienware",
        "worker",
        environment=(
            "TOKEN",
            "HOME_MEDIA_DATABASE_URL=${FROM_AFAR}",
            "HOME_MEDIA_DEVICE=cuda",
        ),
    )
    ours = {
        "TOKEN": "secret",
        "FROM_AFAR": "postgresql://server/home_media",
        "HOME_MEDIA_DATABASE_URL": "postgresql://127.0.0.1/home_media",
        "HOME_MEDIA_MODELS": "gpu",
        "HOME_MEDIA_STATE": "/srv",
        "PATH": "/bin",
    }
    given = run_environment(agent, ours)
    assert given["TOKEN"] == "secret"
    assert given["HOME_MEDIA_DATABASE_URL"] == "postgresql://server/home_media"
    assert given["HOME_MEDIA_DEVICE"] == "cuda"
    assert given["HOME_MEDIA_MODELS"] == "gpu"
    assert not {"PATH", "HOME_MEDIA_STATE"} & set(given)
    with pytest.raises(AgentError, match="FROM_AFAR is not set"):
        run_environment(agent, {"TOKEN": "secret"})


def test_it_can_be_made_from_a_description():
    """As every process does that gets the instance by reference."""
    assert RoutingRunLauncher.from_config_value(None, {}).inst_data is None
