"""What an agent shows of itself, and what becomes of a container there."""

import dataclasses
import subprocess
import time
from datetime import UTC, datetime
from uuid import uuid4

import dagster as dg
import docker.errors
import pytest
from dagster._core.test_utils import create_run_for_test, instance_for_test

from home_media_pipelines.core.operations.agents import AGENT_TAG, CONTAINER, Agent
from home_media_pipelines.instance import docker_agent
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


@pytest.fixture
def run(agent):
    """Start containers that sleep; forget them afterwards."""
    made: list[str] = []

    def start(*command: str) -> str:
        run_id = str(uuid4())
        made.append(run_id)
        with connect(agent) as client:
            words = command or ("sleep", "600")
            docker_agent.start(client, agent, run_id, words, {"NAME": "value"})
        return run_id

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
    assert "NAME=value" in found["Config"]["Env"]
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


def test_an_answer_that_got_lost_does_not_start_a_run_twice(agent, run):
    run_id = run()
    with connect(agent) as client:
        first = docker_agent.find(client, run_id)
        again = docker_agent.start(client, agent, run_id, ["sleep", "600"], {})
        assert again.id == first.id
        assert list(docker_agent.at_work(client)) == [run_id]


def test_what_was_given_up_is_ended_and_what_is_alive_goes_on(agent, run):
    late, alive, failed = run(), run(), run("sh", "-c", "echo no such weights; exit 3")
    with connect(agent) as client:
        docker_agent.find(client, failed).wait(timeout=30)
        ended = docker_agent.end_late(client, {late, failed})
        assert list(docker_agent.at_work(client)) == [alive]
        assert docker_agent.find(client, late) is None
    assert ended[late] == "it was still at work"
    assert ended[failed] == "exit status 3\nno such weights"


def test_a_run_that_another_agent_has_by_now_is_ended_here(agent, run):
    """Its answer got lost, the run went elsewhere, and then it came back."""
    run_id, own = run(), run()
    with instance_for_test() as instance, connect(agent) as client:
        for each, name in ((run_id, "another"), (own, agent.name)):
            create_run_for_test(
                instance,
                run_id=each,
                status=dg.DagsterRunStatus.STARTED,
                tags={AGENT_TAG: name},
            )
        assert end_late(instance, agent) == {run_id: "it was still at work"}
        assert list(docker_agent.at_work(client)) == [own]


def test_what_the_engine_refuses_is_said(agent):
    other = dataclasses.replace(agent, image="home-media-worker:9.9.9")
    with connect(agent) as client, pytest.raises(docker.errors.ImageNotFound):
        docker_agent.start(client, other, str(uuid4()), ["true"], {})


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
