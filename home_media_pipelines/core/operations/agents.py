"""The machines with a graphics card that take over what networks do.

An agent is a Docker engine on such a machine. It is described in a file of TOML, one
table `[[agent]]` each; without that file everything happens on this machine.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from home_media_pipelines.core.errors import AgentError

POOL = "gpu"
"""What needs a graphics card says so by this pool, and nothing else by any other."""

CONTAINER = "home-media-run-{run_id}"
"""Name of the container of a run: asked for twice, it is still only one."""

RUN_LABEL = "home-media.run"
AGENT_LABEL = "home-media.agent"

AGENT_TAG = "home_media/agent"
"""Tag of a run: on which machine it ran."""

WAITING_TAG = "home_media/waiting"
"""Tag of a run that waits: what for, and since when."""

PRIORITY_TAG = "dagster/priority"

LOST_AFTER = 900.0

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_MEMORY = re.compile(r"\d+[bkmg]?", re.IGNORECASE)
_MAC = re.compile(r"[0-9a-f]{2}([:-][0-9a-f]{2}){5}", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(=.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Agent:
    """A Docker engine on another machine, and how containers are started there.

    Attributes:
        name: what people call the machine; lower case letters, digits, hyphens.
        host: `ssh://user@machine`, `tcp://machine:2376` with `tls`, or
            `unix:///path/to/docker.sock`.
        image: what runs there, with its tag: the build of this very version.
        runs: containers at a time; each holds its networks in the card's memory.
        gpu: whether the container asks for the NVIDIA cards.
        volumes: `source:target` or `source:target:ro`, as for `docker run`.
        environment: `NAME` to hand on this process' own value, or `NAME=value`.
        memory: most that a container may use, such as `12g`.
        shm_size: size of its `/dev/shm`, such as `2g`.
        network: such as `host`; None for Docker's own.
        user: `uid:gid` in the container; None for the image's own, which is not root.
        tls: directory of `ca.pem`, `cert.pem` and `key.pem`, for `tcp://`.
        mac: hardware address for Wake-on-LAN; None if it cannot be woken.
        broadcast: where the magic packet is sent.
        sleep_when_idle: whether it is put to sleep again, once we woke it and nothing
            waits any more.
        sleep_command: what does that, run on this machine; by default `systemctl
            suspend` through the ssh of `host`.
        lost_after: seconds without an answer after which its runs are given up.
    """

    name: str
    host: str
    image: str
    runs: int = 1
    gpu: bool = True
    volumes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    memory: str | None = None
    shm_size: str | None = None
    network: str | None = None
    user: str | None = None
    tls: Path | None = None
    mac: str | None = None
    broadcast: str = "255.255.255.255"
    sleep_when_idle: bool = False
    sleep_command: str | None = None
    lost_after: float = LOST_AFTER


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at an agent showed.

    Attributes:
        agent: its name.
        at: when.
        reachable: whether its engine answered.
        reason: why no run can be sent there, None if one can.
        detail: the same in the words of whoever refused.
        engine: version of Docker.
        gpu_name: of the first card.
        gpu_memory: of the first card, in bytes.
        image: with its tag.
        image_version: what the image says of itself.
        runs: ids of the runs whose containers are at work there.
    """

    agent: str
    at: datetime
    reachable: bool
    reason: str | None = None
    detail: str | None = None
    engine: str | None = None
    gpu_name: str | None = None
    gpu_memory: int | None = None
    image: str | None = None
    image_version: str | None = None
    runs: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether a run can be sent there."""
        return self.reachable and self.reason is None


def parse_agents(text: str) -> tuple[Agent, ...]:
    """Read agents from TOML, in the order of the file.

    Raises:
        AgentError: no TOML, an unknown key, or a value that cannot be; it names both.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AgentError("the file", f"is no TOML: {error}") from None
    _only(document, ("agent",), "the file")
    tables = document.get("agent", [])
    if not isinstance(tables, list):
        raise AgentError("agent", "should be written [[agent]]")
    found: dict[str, Agent] = {}
    for number, table in enumerate(cast("list[object]", tables), 1):
        if not isinstance(table, dict):
            raise AgentError("agent", "should be written [[agent]]")
        agent = _agent(cast("dict[str, object]", table), f"agent {number}")
        if agent.name in found:
            raise AgentError(agent.name, "is there twice")
        found[agent.name] = agent
    return tuple(found.values())


def _agent(table: Mapping[str, object], place: str) -> Agent:
    _only(table, [it.name for it in fields(Agent)], place)
    for field in fields(Agent):
        if field.default is MISSING and not table.get(field.name):
            raise AgentError(place, f"lacks {field.name}")
    values = {
        key: _value(f"{place}: {key}", _TYPES[key], value)
        for key, value in table.items()
    }
    agent = Agent(**values)  # pyright: ignore[reportArgumentType]: just checked
    for key, fault in _faults(agent):
        raise AgentError(f"{place}: {key}", fault)
    return agent


_TYPES: dict[str, object] = {field.name: field.type for field in fields(Agent)}


def _value(place: str, wanted: object, value: object) -> object:
    """Return a value of TOML as the field has it."""
    if wanted == tuple[str, ...]:
        if isinstance(value, list):
            items = cast("list[object]", value)
            if all(isinstance(it, str) for it in items):
                return tuple(items)
        raise AgentError(place, "should be a list of texts")
    if wanted is bool:
        if isinstance(value, bool):
            return value
        raise AgentError(place, "should be true or false")
    if wanted is int or wanted is float:
        if isinstance(value, int) and not isinstance(value, bool):
            return value if wanted is int else float(value)
        if isinstance(value, float) and wanted is float:
            return value
        raise AgentError(place, "should be a number")
    if not isinstance(value, str) or not value:
        raise AgentError(place, "should be a text")
    return Path(value) if wanted == Path | None else value


def _faults(agent: Agent) -> list[tuple[str, str]]:
    """Return the keys whose values cannot be, with why."""
    url = urlsplit(agent.host)
    local = url.scheme == "unix" and url.path
    remote = url.scheme in ("ssh", "tcp") and url.hostname
    checks = {
        "name": (
            _NAME.fullmatch(agent.name),
            "should be lower case letters, digits and hyphens",
        ),
        "host": (
            local or remote,
            "should look like ssh://user@machine, tcp://machine:2376 or "
            "unix:///path/to/docker.sock",
        ),
        "tls": (
            (url.scheme == "tcp") == (agent.tls is not None),
            "a tcp:// host needs the directory of its keys, and no other does: an "
            "open port would hand the whole machine to everybody in the net",
        ),
        "runs": (1 <= agent.runs <= 64, "should be from 1 to 64"),
        "lost_after": (agent.lost_after > 0, "should be more than 0"),
        "sleep_when_idle": (
            not agent.sleep_when_idle or agent.sleep_command or url.scheme == "ssh",
            "needs a sleep_command where host is no ssh://",
        ),
        "mac": (
            agent.mac is None or _MAC.fullmatch(agent.mac),
            "should look like 01:23:45:67:89:ab",
        ),
        "memory": (_is_size(agent.memory), "should look like 12g"),
        "shm_size": (_is_size(agent.shm_size), "should look like 2g"),
        "volumes": (
            all(_is_volume(it) for it in agent.volumes),
            "should look like source:/target or source:/target:ro",
        ),
        "environment": (
            all(_VARIABLE.fullmatch(it) for it in agent.environment),
            "should look like NAME or NAME=value",
        ),
    }
    return [(key, fault) for key, (good, fault) in checks.items() if not good]


def _is_size(text: str | None) -> bool:
    return text is None or bool(_MEMORY.fullmatch(text))


def _is_volume(text: str) -> bool:
    source, _, rest = text.partition(":")
    target, _, mode = rest.partition(":")
    return bool(source) and target.startswith("/") and mode in ("", "ro", "rw")


def _only(table: Mapping[str, object], known: Collection[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise AgentError(place, f"knows no {key}; there are {', '.join(known)}")
