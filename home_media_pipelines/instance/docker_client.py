"""A client of an agent's Docker engine, or soon the reason why there is none.

Through ssh the engine's socket is forwarded to a socket here: so the timeouts of the
client hold, and nothing but ssh's own port is open on the agent.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import docker
import docker.errors
import docker.tls
import requests
from docker.constants import MINIMUM_DOCKER_API_VERSION

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.core.operations.agents import Agent

ANSWER_SECONDS = 4
"""How long an engine that is awake may take to answer, on a machine that is busy."""

SSH_SECONDS = 4
"""How long ssh may take until the engine can be asked."""

WORK_SECONDS = 60
"""How long it may take to make a container."""

SOCKET = "/var/run/docker.sock"


class AgentAwayError(HomeMediaError):
    """An agent's engine cannot be talked to now.

    `reason` as a person says it, `detail` in the words of what refused.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


@contextmanager
def connect(agent: Agent) -> Iterator[docker.DockerClient]:
    """Lend a client of an engine that has just answered.

    Raises:
        AgentAwayError: asleep, off the net, or its engine is down; also when it goes
            away while the block runs. What the engine refuses is `docker.errors.
            APIError`.
    """
    with _reachable(agent) as url:
        client = _client(agent, url)
        try:
            client.api.timeout = WORK_SECONDS
            yield client
        except (requests.ConnectionError, requests.Timeout) as error:
            raise AgentAwayError("unreachable", _said(error)) from error
        finally:
            client.close()


def _client(agent: Agent, url: str) -> docker.DockerClient:
    """Return a client that speaks the engine's version, so it has answered."""
    try:
        asking = _made(agent, url, MINIMUM_DOCKER_API_VERSION)
        version = str(asking.version(api_version=False)["ApiVersion"])
        asking.close()
        return _made(agent, url, version)
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        asleep = urlsplit(agent.host).scheme == "tcp"
        reason = "unreachable" if asleep else "does not run its Docker engine"
        raise AgentAwayError(reason, _said(error)) from error


def _made(agent: Agent, url: str, version: str) -> docker.DockerClient:
    """Return a client that has asked nothing yet."""
    keys = _tls(agent.tls) if agent.tls else False
    made = docker.DockerClient(
        base_url=url, version=version, timeout=ANSWER_SECONDS, tls=keys
    )
    made.api.trust_env = False  # a proxy or another authority is not for the house
    return made


def _tls(keys: Path) -> docker.tls.TLSConfig:
    return docker.tls.TLSConfig(
        client_cert=(str(keys / "cert.pem"), str(keys / "key.pem")),
        ca_cert=str(keys / "ca.pem"),
        verify=True,
    )


@contextmanager
def _reachable(agent: Agent) -> Iterator[str]:
    """Lend an address that the client can use."""
    parts = urlsplit(agent.host)
    if parts.scheme != "ssh":
        yield agent.host
        return
    with tempfile.TemporaryDirectory(prefix="agent-") as directory:
        socket = Path(directory) / "docker.sock"
        errors = Path(directory) / "ssh.log"
        whom = f"{parts.username}@{parts.hostname}" if parts.username else None
        command = [
            *("ssh", "-nNT", "-oBatchMode=yes", "-oExitOnForwardFailure=yes"),
            *(f"-oConnectTimeout={SSH_SECONDS}", "-oServerAliveInterval=5"),
            "-oServerAliveCountMax=2",
            *(("-p", str(parts.port)) if parts.port else ()),
            *("-L", f"{socket}:{parts.path or SOCKET}"),
            *("--", whom or str(parts.hostname)),
        ]
        with errors.open("wb") as log:
            try:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            except OSError as error:
                raise AgentAwayError("cannot be reached: no ssh", str(error)) from error
        try:
            until = time.monotonic() + SSH_SECONDS
            while not socket.exists():
                if process.poll() is not None or time.monotonic() > until:
                    said = errors.read_text(errors="replace").strip()
                    raise AgentAwayError("unreachable", said[-300:] or "no answer")
                time.sleep(0.02)
            yield f"unix://{socket}"
        finally:
            process.terminate()
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _said(error: BaseException) -> str:
    """Return the innermost words of an error, on one line."""
    while error.__context__ is not None:
        error = error.__context__
    return " ".join((str(error) or type(error).__name__).split())[:300]
