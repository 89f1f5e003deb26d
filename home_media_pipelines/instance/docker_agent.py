"""What goes on at an agent: whether a run can be sent there, and the runs that are.

A run is a container that carries the run's id in its name and in a label. It runs
without rights, on a root file system that it cannot write.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import docker
import docker.errors
from docker.models.containers import Container
from docker.types import DeviceRequest

from home_media_pipelines.core.operations.agents import (
    AGENT_LABEL,
    CONTAINER,
    RUN_LABEL,
    Agent,
    Sighting,
)
from home_media_pipelines.instance.docker_client import AgentAwayError, connect

VERSION_LABEL = "org.opencontainers.image.version"

CARD = "nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits"
TRIAL_SECONDS = 20
FRESH_SECONDS, RETRY_SECONDS = 600.0, 60.0

SCRATCH = {"/tmp": "rw,nosuid,nodev,mode=1777"}  # noqa: S108 - in the container
LOG_FILES = {"max-size": "10m", "max-file": "2"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a container told that was started as a run would be: the card, or why not.

    `memory` is the card's, in bytes.
    """

    name: str | None = None
    memory: int | None = None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class _Tried:
    """With which image of an agent something was tried, when, and what it showed."""

    agent: Agent
    image: str
    at: float
    trial: Trial


_tried: dict[str, _Tried] = {}
"""The last trial by the agent's name. Threads look at agents at once: so it is read and
written by key alone, never gone through."""


def look(agent: Agent, now: datetime) -> Sighting:
    """Return how an agent is; a few seconds at most, and no error where it sleeps.

    A container that lives a moment tries out what a run would ask for, the card above
    all: after it was away, and every ten minutes.
    """
    seen: dict[str, Any] = {"agent": agent.name, "at": now, "image": agent.image}
    try:
        with connect(agent) as client:
            seen |= {"engine": client.version().get("Version")}
            seen |= {"runs": tuple(sorted(at_work(client)))}
            seen |= _suits(client, agent)
    except AgentAwayError as away:
        forget_trials(agent)
        gone = {"reachable": False, "reason": away.reason, "detail": away.detail}
        return Sighting(**{**seen, "runs": (), **gone})
    except docker.errors.DockerException as error:
        refused = {"reason": "refuses what it is asked", "detail": _short(error)}
        return Sighting(**{**seen, "reachable": True, **refused})
    return Sighting(**{**seen, "reachable": True})


def at_work(client: docker.DockerClient) -> dict[str, Container]:
    """Return the containers that run, by the id of their run."""
    found = client.containers.list(filters={"label": RUN_LABEL})
    return {it.labels[RUN_LABEL]: it for it in found}


def ended(client: docker.DockerClient) -> dict[str, Container]:
    """Return the containers that have ended or never began, by the id of their run."""
    filters = {"label": RUN_LABEL, "status": ["exited", "dead", "created"]}
    found = client.containers.list(all=True, filters=filters)
    return {it.labels[RUN_LABEL]: it for it in found}


def find(client: docker.DockerClient, run_id: str) -> Container | None:
    """Return the container of a run, None if there is none."""
    try:
        return client.containers.get(CONTAINER.format(run_id=run_id))
    except docker.errors.NotFound:
        return None


def container_options(agent: Agent) -> dict[str, Any]:
    """Return how a container is started: what it may, and what it is given."""
    given: dict[str, Any] = {
        "read_only": True,
        "tmpfs": SCRATCH,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "log_config": {"Type": "json-file", "Config": LOG_FILES},
        "volumes": list(agent.volumes),
    }
    if agent.gpu:
        cards = DeviceRequest(driver="nvidia", count=-1, capabilities=[["gpu"]])
        given["device_requests"] = [cards]
    optional = {
        "mem_limit": agent.memory,
        "shm_size": agent.shm_size,
        "user": agent.user,
    }
    return given | {key: value for key, value in optional.items() if value is not None}


def remove(container: Container) -> None:
    """Kill a container and forget it; no matter if it is gone."""
    try:
        container.remove(force=True, v=True)
    except docker.errors.NotFound:
        pass
    except docker.errors.APIError as error:
        if error.status_code != 409:  # else it is being removed
            raise


def last_words(container: Container, lines: int = 20) -> str:
    """Return how a container ended, and the end of what it said."""
    container.reload()
    state = container.attrs["State"]
    how = f"exit status {state['ExitCode']}"
    if state.get("OOMKilled"):
        how = "it took more memory than it may"
    said = container.logs(tail=lines).decode(errors="replace").strip()
    error = state.get("Error") or ""
    return "\n".join(it for it in (how, error, said) if it)


def end_late(client: docker.DockerClient, late: Collection[str]) -> dict[str, str]:
    """End and forget the containers of these runs.

    A laptop that was asleep goes on with what it did, and does not know that somebody
    else does it by now.

    Returns:
        What was still at work or had failed: run to its last words.
    """
    found: dict[str, str] = {}
    for run_id, container in at_work(client).items():
        if run_id in late:
            found[run_id] = "it was still at work"
            remove(container)
    for run_id, container in ended(client).items():
        if run_id in late:
            if container.attrs["State"].get("ExitCode"):
                found[run_id] = last_words(container)
            remove(container)
    return found


def _suits(client: docker.DockerClient, agent: Agent) -> dict[str, Any]:
    """Return what is known of the image and the card, and the reason if they lack."""
    try:
        image = client.images.get(agent.image)
    except docker.errors.ImageNotFound as error:
        missing = f"lacks the image {agent.image}"
        return {"reason": missing, "detail": _short(error)}
    labels: Mapping[str, str] = image.attrs["Config"].get("Labels") or {}
    its, ours = labels.get(VERSION_LABEL), version("home-media")
    if its and its != ours:
        other = f"has {agent.image} of version {its}, and this is {ours}"
        return {"image_version": its, "reason": other}
    trial = _trial(client, agent, str(image.id))
    return {
        "image_version": its,
        "gpu_name": trial.name,
        "gpu_memory": trial.memory,
        "reason": trial.reason,
        "detail": trial.detail,
    }


def forget_trials(agent: Agent) -> None:
    """Let the next look try again."""
    _tried.pop(agent.name, None)


def _trial(client: docker.DockerClient, agent: Agent, image: str) -> Trial:
    """Return what was last tried, or try again when that is old.

    A run's container that never began says that something has changed.
    """
    last = _tried.get(agent.name)
    kept = RETRY_SECONDS if last and last.trial.reason else FRESH_SECONDS
    stuck = client.containers.list(
        all=True, filters={"label": RUN_LABEL, "status": "created"}
    )
    if (
        last is None
        or stuck
        or (last.agent, last.image) != (agent, image)
        or time.monotonic() - last.at > kept
    ):
        last = _Tried(agent, image, time.monotonic(), _try(client, agent))
        _tried[agent.name] = last
    return last.trial


def _try(client: docker.DockerClient, agent: Agent) -> Trial:
    program, *arguments = CARD.split() if agent.gpu else ["true"]
    container = None
    try:
        container = client.containers.create(
            agent.image,
            arguments,
            entrypoint=program,
            labels={AGENT_LABEL: agent.name},
            network=agent.network,
            **container_options(agent),
        )
        container.start()
        status = container.wait(timeout=TRIAL_SECONDS)["StatusCode"]
        said = container.logs().decode(errors="replace").strip()
    except docker.errors.APIError as error:
        return Trial(reason=_lack(_short(error)), detail=_short(error))
    finally:
        if container is not None:
            remove(container)
    if not agent.gpu:
        return Trial()
    name, _, mebibytes = said.partition("\n")[0].rpartition(",")
    if status or not mebibytes.strip().isdigit():
        return Trial(reason="lacks NVIDIA's driver", detail=said[:300])
    return Trial(name.strip(), int(mebibytes) << 20)


def _lack(said: str) -> str:
    """Return what an engine lacks that refused to start a container."""
    if "device driver" in said:
        return "lacks NVIDIA's container toolkit"
    if "nvidia" in said.lower():
        return "lacks NVIDIA's driver"
    return "cannot start containers of this kind"


def _short(error: BaseException) -> str:
    said = str(getattr(error, "explanation", None) or error)
    return " ".join(said.split())[:300]
