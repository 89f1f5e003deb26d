"""`home-media up` with its real services, stopped politely and otherwise."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from home_media_pipelines.local.server import orphan_processes
from home_media_pipelines.local.server.ports import free_port
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import PREFIX

pytestmark = pytest.mark.timeout(600)


class Up:
    """A running `home-media up`."""

    def __init__(
        self, state: Path, *directories: Path, dagster_port: int | None = None
    ) -> None:
        self.port, self.dagster_port = free_port(), dagster_port or free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        self.state = state
        self.process = subprocess.Popen(
            [sys.executable, "-m", "home_media_pipelines.cli", "up"]
            + [str(directory) for directory in directories]
            + ["--state", str(state), "--port", str(self.port)]
            + ["--dagster-port", str(self.dagster_port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        """Return when both URLs were printed."""
        lines = [self.process.stdout.readline() for _ in range(2)]
        if not all(lines):
            raise AssertionError(self.process.stderr.read())

    @property
    def token(self) -> str:
        return json.loads((self.state / "up.json").read_text())["token"]

    def get(self, port: int, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.read()


def test_everything_answers_and_ctrl_c_stops_everything(state, tmp_path):
    up = Up(state, tmp_path)
    up.wait()
    token = up.token
    assert json.loads(up.get(up.port, "/api/health"))
    assert b"dagster" in up.get(up.dagster_port, "/server_info")
    again = Up(state)
    _, said = again.process.communicate(timeout=180)
    assert again.process.returncode == 1
    assert f"already up on {state} (process {up.process.pid})" in said

    up.process.send_signal(signal.SIGINT)
    up.process.send_signal(signal.SIGINT)  # an impatient person changes nothing
    _, said = up.process.communicate(timeout=180)
    assert (up.process.returncode, "Traceback" in said) == (0, False)
    assert orphan_processes.processes_of(token) == []
    assert EmbeddedPostgres(state).pid() is None


def test_the_next_start_clears_up_after_one_that_was_killed(state):
    up = Up(state)
    up.wait()
    token, server = up.token, EmbeddedPostgres(state)
    killed = [up.process.pid, server.pid()]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    up.process.communicate()

    up = Up(state)
    up.wait()
    assert orphan_processes.processes_of(token) == []
    assert server.pid() not in (None, *killed)
    up.process.terminate()
    up.process.communicate(timeout=180)
    assert not psutil.pid_exists(up.process.pid)


def test_a_port_in_use_is_named_with_the_flag_that_changes_it(state):
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        up = Up(state, dagster_port=port)
        _, said = up.process.communicate(timeout=180)
    assert up.process.returncode == 1
    assert f"port {port} on 127.0.0.1 is in use" in said
    assert "--dagster-port" in said
