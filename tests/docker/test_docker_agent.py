"""What an agent shows of itself, and what becomes of a container there."""

import dataclasses
import subprocess
import time
from datetime import UTC, datetime

import dagster as dg
import docker.errors
import pytest
from dagster._core.launcher.base import WorkerStatus
from dagster._core.test_utils import create_run_for_test, instance_for_test

from home_media_pipelines.core.operations.agents import AGENT_TAG, CONTAINER, Agent
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.agent_launcher import agent_launcher
from home_media_pipelines.instance.docker_client import AgentAwayError, connect
from home_media_pipelines.instance.orphan_containers import end_late
from tests.docker.worker import IMAGE

NOW = datetime(2026, 8, 1, 21, 14, tzinfo=UTC)


pytestmark = [pytest.mark.xdist_group("docker"), pytest.mark.timeout(900)]


@pytest.fixture
def agent(laptop) -> Agent:
    """The laptop, as its owner describes it."""
    return Agent(
        "alienware",
        laptop.host,
        IMAGE,
        volumes=("/srv:/mnt/nas:ro",),
        memory="512m",
        network="host",
    )


@pytest.fixture(autouse=True)
def no_trial_is_remembered():
    docker_agent._tried.clear()


@pytest.fixture(scope="module")
def instance():
    """Dagster's records of the runs."""
    with instance_for_test() as on_disk:
        yield on_disk


@pytest.fixture
def run(agent, instance):
    """Start containers that sleep; forget them afterwards."""
    made: list[str] = []

    def start(*command: str) -> str:
        its = create_run_for_test(
            instance,
            status=dg.DagsterRunStatus.STARTED,
            tags={AGENT_TAG: agent.name},
        )
        made.append(its.run_id)
        with agent_launcher(agent, instance, {"NAME": "a=b"}) as launcher:
            launcher.launch(its, command or ("sleep", "600"))
        return its.run_id

    yield start
    with connect(agent) as client:
        for run_id in made:
            if container := docker_agent.find(client, run_id):
                docker_agent.remove(container)


def test_an_agent_that_is_awake_shows_its_card_its_image_and_its_runs(agent, run):
    run_id = run()
    seen = docker_agent.look(agent, NOW)
    assert seen.ready, (seen.reason, seen.detail)
    assert (seen.agent, seen.at, seen.runs) == ("alienware", NOW, (run_id,))
    assert seen.gpu_name == "NVIDIA GeForce RTX 4090 Laptop GPU"
    assert seen.gpu_memory == 16376 << 20
    assert seen.image == IMAGE
    assert seen.image_version == "0.1.0"
    assert seen.engine


def test_a_container_may_no_more_than_it_needs(agent, run):
    """What `docker inspect` says: card, read-only NAS, no rights, bounded memory."""
    run_id = run()
    with connect(agent) as client:
        found = client.api.inspect_container(CONTAINER.format(run_id=run_id))
    host = found["HostConfig"]
    (card,) = host["DeviceRequests"]
    assert (card["Driver"], card["Count"]) == ("nvidia", -1)
    assert card["Capabilities"] == [["gpu"]]
    (nas,) = found["Mounts"]
    assert (nas["Destination"], nas["RW"]) == ("/mnt/nas", False)
    assert found["Config"]["User"] not in ("", "0", "root")
    assert host["Memory"] == 512 << 20
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert "NAME=a=b" in found["Config"]["Env"]
    assert found["Config"]["Labels"]["home-media.run"] == run_id


def test_a_container_cannot_write_where_the_library_is(agent, run):
    run_id = run("sh", "-c", "id -u; touch /mnt/nas/x || touch /x || touch /tmp/x")
    with connect(agent) as client:
        container = docker_agent.find(client, run_id)
        assert container.wait(timeout=30)["StatusCode"] == 0
        said = container.logs().decode()
    assert said.startswith("1000\n")
    assert said.count("Read-only file system") == 2


def test_an_image_that_is_not_there_is_named(agent):
    other = dataclasses.replace(agent, image="home-media-worker:9.9.9")
    seen = docker_agent.look(other, NOW)
    assert seen.reachable
    assert seen.reason == "lacks the image home-media-worker:9.9.9"


def test_an_image_of_another_version_is_not_used(agent, monkeypatch):
    monkeypatch.setattr(docker_agent, "version", lambda _: "0.2.0")
    reason = docker_agent.look(agent, NOW).reason
    assert reason == f"has {IMAGE} of version 0.1.0, and this is 0.2.0"


def test_an_engine_that_can_give_no_card_says_so(agent, laptop):
    """Somebody installed Docker and forgot NVIDIA's container toolkit."""
    laptop.stop()
    laptop.nvidia = False
    try:
        laptop.start()
        seen = docker_agent.look(agent, NOW)
        assert seen.reachable
        assert seen.reason == "lacks NVIDIA's container toolkit"
        assert "could not select device driver" in seen.detail
        without = dataclasses.replace(agent, gpu=False)
        assert docker_agent.look(without, NOW).ready
    finally:
        laptop.stop()
        laptop.nvidia = True


def test_an_engine_that_is_down_is_no_error(agent, laptop):
    laptop.stop()
    seen = docker_agent.look(agent, NOW)
    assert not seen.reachable
    assert seen.reason == "does not run its Docker engine"
    assert seen.runs == ()


def test_a_laptop_that_sleeps_is_told_soon(agent, laptop, run):
    run()
    laptop.freeze()
    try:
        started = time.monotonic()
        assert not docker_agent.look(agent, NOW).reachable
        assert time.monotonic() - started < 20  # of a machine that is busy
    finally:
        laptop.thaw()
    assert docker_agent.look(agent, NOW).ready


def test_an_answer_that_got_lost_does_not_start_a_run_twice(agent, run, instance):
    run_id = run()
    instance.add_run_tags(run_id, {"docker/container_id": "of another agent"})
    its = instance.get_run_by_id(run_id)
    with agent_launcher(agent, instance) as launcher, connect(agent) as client:
        first = docker_agent.find(client, run_id)
        launcher.launch(its, ["sleep", "600"])
        assert docker_agent.find(client, run_id).id == first.id
        assert list(docker_agent.at_work(client)) == [run_id]
    assert instance.get_run_by_id(run_id).tags["docker/container_id"] == first.id


def test_a_container_that_somebody_pauses_is_no_lost_run(agent, run, instance):
    """Its owner wants the card for an hour."""
    run_id = run()
    its = instance.get_run_by_id(run_id)
    with agent_launcher(agent, instance) as launcher, connect(agent) as client:

        def health() -> WorkerStatus:
            return launcher.check_run_worker_health(its).status

        assert health() is WorkerStatus.RUNNING
        container = docker_agent.find(client, run_id)
        container.pause()
        assert health() is WorkerStatus.RUNNING
        container.unpause()
        container.kill()
        container.wait(timeout=30)
        assert health() is WorkerStatus.FAILED
        assert launcher.get_run_worker_debug_info(its).startswith("exit status 137")
        docker_agent.remove(container)
        assert health() is WorkerStatus.NOT_FOUND


def test_a_run_that_is_told_to_stop_is_given_time(agent, run, instance):
    """Its process hears SIGTERM, as on this machine."""
    run_id = run("sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done")
    with agent_launcher(agent, instance) as launcher, connect(agent) as client:
        assert launcher.terminate(run_id)
        state = docker_agent.find(client, run_id).attrs["State"]
    assert state["ExitCode"] == 7
    assert instance.get_run_by_id(run_id).status is dg.DagsterRunStatus.CANCELING


def test_what_was_given_up_is_ended_and_what_is_alive_goes_on(agent, run):
    late, alive, failed = run(), run(), run("sh", "-c", "echo no such weights; exit 3")
    with connect(agent) as client:
        docker_agent.find(client, failed).wait(timeout=30)
        ended = docker_agent.end_late(client, {late, failed})
        assert list(docker_agent.at_work(client)) == [alive]
        assert docker_agent.find(client, late) is None
    assert ended[late] == "it was still at work"
    assert ended[failed] == "exit status 3\nno such weights"


def test_a_run_that_another_agent_has_by_now_is_ended_here(agent, run, instance):
    """Its answer got lost, the run went elsewhere, and then it came back."""
    run_id, own = run(), run()
    instance.add_run_tags(run_id, {AGENT_TAG: "another"})
    with connect(agent) as client:
        assert end_late(instance, agent) == {run_id: "it was still at work"}
        assert list(docker_agent.at_work(client)) == [own]


def test_what_the_engine_refuses_is_said_and_no_registry_is_asked(agent, instance):
    """An image is what was built at home; its name is nobody else's business."""
    other = dataclasses.replace(agent, image="home-media-worker:9.9.9")
    its = create_run_for_test(instance)
    with (
        agent_launcher(other, instance) as launcher,
        pytest.raises(docker.errors.ImageNotFound, match="No such image"),
    ):
        launcher.launch(its, ["true"])


def test_an_engine_behind_tls_is_asked_with_our_keys(laptop, agent, tmp_path):
    """Without the keys it answers nobody."""
    from home_media_pipelines.local.server.ports import free_port

    _make_keys(tmp_path)
    port = free_port()
    flags = [f"--tls{it}" for it in ("verify", f"cacert={tmp_path / 'ca.pem'}")]
    flags += [f"--tlscert={tmp_path / 'cert.pem'}", f"--tlskey={tmp_path / 'key.pem'}"]
    laptop.stop()
    laptop.listen = (f"--host=tcp://127.0.0.1:{port}", *flags)
    try:
        laptop.start()
        far = dataclasses.replace(agent, host=f"tcp://127.0.0.1:{port}", tls=tmp_path)
        seen = docker_agent.look(far, NOW)
        assert seen.ready, seen.detail
        nobody = dataclasses.replace(far, tls=None)
        with pytest.raises(AgentAwayError), connect(nobody):
            pass
    finally:
        laptop.stop()
        laptop.listen = ()


def _make_keys(directory) -> None:
    """An authority, and one certificate that both ends use."""
    authority = ("ca.pem", "ca-key.pem", "/CN=home")
    for command in (
        f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj {authority[2]} "
        f"-keyout {authority[1]} -out {authority[0]}",
        "req -newkey rsa:2048 -nodes -subj /CN=laptop -keyout key.pem -out laptop.csr",
        "x509 -req -days 2 -in laptop.csr -CA ca.pem -CAkey ca-key.pem "
        "-CAcreateserial -extfile names -out cert.pem",
    ):
        (directory / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        subprocess.run(
            ["openssl", *command.split()],
            cwd=directory,
            check=True,
            capture_output=True,
            timeout=60,
        )
