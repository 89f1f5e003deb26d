"""Waking an agent by a magic packet, and putting it to sleep again."""

import shlex
import socket
import subprocess
from urllib.parse import urlsplit

import wakeonlan

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import Agent

SECONDS = 15


def wake(agent: Agent, *, port: int = 9) -> None:
    """Send the packet that wakes the agent's network card.

    Raises:
        AgentError: it has no hardware address, or the packet cannot be sent.
    """
    if agent.mac is None:
        raise AgentError(agent.name, "has no mac to be woken by")
    try:
        wakeonlan.wake(
            agent.mac, host=agent.broadcast, port=port, family=socket.AF_INET
        )
    except OSError as error:
        raise AgentError(agent.name, f"cannot be woken: {error}") from error


def put_to_sleep(agent: Agent) -> None:
    """Run the command that puts the agent to sleep.

    A machine that falls asleep at once does not answer any more: that is success.

    Raises:
        AgentError: there is no such command, or it says no.
    """
    command = sleep_command(agent)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise AgentError(agent.name, f"cannot be put to sleep: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[:500]
        raise AgentError(agent.name, f"does not go to sleep: {said}")


def sleep_command(agent: Agent) -> list[str]:
    """Return the agent's own command, or `systemctl suspend` through its ssh."""
    if agent.sleep_command:
        try:
            return shlex.split(agent.sleep_command)
        except ValueError as error:
            raise AgentError(agent.name, f"sleep_command: {error}") from error
    url = urlsplit(agent.host)
    if url.scheme != "ssh" or not url.hostname:
        raise AgentError(agent.name, "lacks sleep_command")
    user = f"{url.username}@" if url.username else ""
    port = ["-p", str(url.port)] if url.port else []
    return [
        "ssh",
        *("-o", "BatchMode=yes", "-o", "ConnectTimeout=5"),
        *port,
        f"{user}{url.hostname}",
        "systemctl suspend",
    ]
