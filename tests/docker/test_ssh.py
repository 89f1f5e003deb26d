"""An agent behind ssh: nothing of it is open but the port of ssh."""

import dataclasses
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from home_media_pipelines.core.operations.agents import Agent
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.local.server.ports import accepts, free_port
from tests.deploy.conftest import DEPLOY
from tests.docker.worker import IMAGE
from tests.waiting import until

NOW = datetime(2026, 8, 1, tzinfo=UTC)
SSHD = shutil.which("sshd", path="/usr/sbin:/sbin") or ""
pytestmark = [
    pytest.mark.skipif(
        not SSHD or shutil.which("ssh-keygen") is None,
        reason="no sshd here (script/docker-engine installs it)",
    ),
    pytest.mark.xdist_group("docker"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    """A directory of keys and of what tells ssh of them."""
    return tmp_path_factory.mktemp("ssh")


@pytest.fixture(scope="module")
def port(keys, built) -> Iterator[int]:
    """A server of ssh that lets in our key; and our `ssh` knows where that is."""
    for name in ("host", "ours"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / name]
        subprocess.run(command, check=True, timeout=30)
    port = free_port()
    (keys / "server").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nListenAddress 127.0.0.2\n"
        f"HostKey {keys / 'host'}\n"
        f"AuthorizedKeysFile {keys / 'ours.pub'}\nStrictModes no\nUsePAM yes\n"
        f"PermitRootLogin prohibit-password\nPidFile {keys / 'pid'}\n"
        f"SetEnv DOCKER_HOST={built.host}\n"
    )
    host = (keys / "host.pub").read_text()
    (keys / "known").write_text(f"[127.0.0.1]:{port} {host}")
    (keys / "client").write_text(
        f"IdentityFile {keys / 'ours'}\nUserKnownHostsFile {keys / 'known'}\n"
    )
    program = keys / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {keys / "client"} "$@"\n')
    program.chmod(0o755)
    Path("/run/sshd").mkdir(exist_ok=True)
    with (keys / "log").open("wb") as log:
        server = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", keys / "server"], stdout=log, stderr=log
        )
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{program.parent}:{path}"
    try:
        with suppress(AssertionError):
            until(lambda: accepts(port) or server.poll() is not None, 20, "sshd")
        if not accepts(port):
            pytest.skip(f"sshd does not start: {(keys / 'log').read_text()[-300:]}")
        yield port
    finally:
        os.environ["PATH"] = path
        server.terminate()
        server.wait(10)


@pytest.fixture
def agent(laptop, port) -> Agent:
    docker_agent._tried.clear()
    host = f"ssh://root@127.0.0.1:{port}{laptop.socket}"
    return Agent("alienware", host, IMAGE, network="host")


def test_its_engine_is_asked_through_ssh(agent):
    seen = docker_agent.look(agent, NOW)
    assert seen.ready, (seen.reason, seen.detail)
    assert seen.gpu_name == "NVIDIA GeForce RTX 4090 Laptop GPU"


def test_a_machine_that_nobody_has_met_is_not_trusted(agent, port):
    """Another host key than the one we know might be anybody."""
    stranger = dataclasses.replace(agent, host=f"ssh://root@127.0.0.2:{port}")
    seen = docker_agent.look(stranger, NOW)
    assert (seen.reachable, seen.reason) == (False, "unreachable")
    assert "Host key verification failed" in seen.detail


def test_a_machine_that_is_off_is_told_soon(agent):
    off = dataclasses.replace(agent, host=f"ssh://root@127.0.0.1:{free_port()}")
    started = time.monotonic()
    seen = docker_agent.look(off, NOW)
    assert (seen.reachable, seen.reason) == (False, "unreachable")
    assert "refused" in seen.detail
    assert time.monotonic() - started < 20


def test_a_machine_without_docker_is_told_from_one_that_is_off(agent, port):
    none = dataclasses.replace(agent, host=f"ssh://root@127.0.0.1:{port}/nowhere.sock")
    seen = docker_agent.look(none, NOW)
    assert (seen.reachable, seen.reason) == (False, "does not run its Docker engine")


def test_the_command_for_a_worker_comes_in_with_the_key_of_the_deployment(
    laptop, port, keys, tmp_path, monkeypatch
):
    """Docker's client calls ssh by itself, with the keys of whoever types."""
    ours = tmp_path / "agents" / "ssh"
    ours.mkdir(parents=True)
    shutil.copy(DEPLOY / "worker", tmp_path)
    shutil.copy(keys / "ours", ours / "id_ed25519")
    (ours / "known_hosts").write_text(f"laptop {(keys / 'host.pub').read_text()}")
    (keys / "typed").write_text(
        f"Host laptop\nHostName 127.0.0.1\nPort {port}\nHostKeyAlias laptop\n"
    )
    (keys / "tools").mkdir()
    program = keys / "tools" / "ssh"
    program.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {keys / "typed"} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/local/bin:/usr/bin:/bin")
    done = subprocess.run(
        [tmp_path / "worker", "root@laptop", "nothing"],
        env={**os.environ, "WITHOUT_CARD": "yes"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    client = laptop.client()
    assert f"engine   {client.version()['Version']}" in done.stdout, done.stderr
    client.close()
    assert "build or load, not nothing" in done.stderr
