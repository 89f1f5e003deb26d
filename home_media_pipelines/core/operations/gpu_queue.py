"""What follows from the agents' status: what may start, what waits, who may sleep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from home_media_pipelines.core.operations.agents import Agent, Sighting

FIRST_WAKE = timedelta(minutes=5)
"""So long an agent is left asleep, and so long it gets to wake up. Whoever closes the
lid to carry the machine away does not want it to wake up in the bag."""

LAST_WAKE = timedelta(hours=6)
"""An agent that does not wake is called half as often each time, down to this."""

IDLE = timedelta(minutes=10)
"""So long nothing must have been at work before an agent is put to sleep."""

WITH_DATE = timedelta(hours=12)

IN_TURN = "waiting for its turn"


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """The latest look at an agent, and what is remembered of it.

    Attributes:
        sighting: what the look showed.
        since: when it was first seen like that.
        woken_at: when the last packet was sent to wake it.
        wakes: packets sent since it was last reachable.
        awake_for_us: whether it came back after such a packet.
    """

    sighting: Sighting
    since: datetime
    woken_at: datetime | None = None
    wakes: int = 0
    awake_for_us: bool = False


@dataclass(frozen=True, slots=True)
class Speed:
    """What runs did lately: contents, each counted once per asset, in run-seconds."""

    done: int
    seconds: float


def slots(
    agents: Iterable[Agent],
    statuses: Iterable[AgentStatus],
    at_work: Mapping[str, int],
) -> int:
    """Return how many runs may be at work at once.

    What ready agents take. A run on an agent that fell silent still holds a slot until
    it is known to be lost; one more keeps it from another agent's.

    Args:
        agents: those of the configuration.
        statuses: how they are.
        at_work: runs that are at work, by name of agent.
    """
    ready = {it.sighting.agent for it in statuses if it.sighting.ready}
    taken = sum(it.runs for it in agents if it.name in ready)
    return taken + sum(runs for name, runs in at_work.items() if name not in ready)


def why_waiting(statuses: Sequence[AgentStatus], now: datetime, zone: tzinfo) -> str:
    """Say what queued runs wait for, with times in the zone of the house."""
    if any(it.sighting.ready for it in statuses):
        return IN_TURN
    said = [
        f"{it.sighting.agent} {it.sighting.reason or 'unreachable'} "
        f"since {_clock(it.since, now, zone)}"
        for it in statuses
    ]
    return f"waiting for GPU: {'; '.join(said)}"


def _clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    if now - moment < WITH_DATE:
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"


def may_wake(agent: Agent, status: AgentStatus, now: datetime) -> bool:
    """Whether it is time to wake an agent for which work waits."""
    if agent.mac is None or status.sighting.reachable:
        return False
    if now - status.since < FIRST_WAKE:
        return False
    if status.woken_at is None or not status.wakes:
        return True
    wait = min(FIRST_WAKE * 2 ** min(status.wakes - 1, 20), LAST_WAKE)
    return now - status.woken_at >= wait


def may_sleep(
    agent: Agent, status: AgentStatus, idle_since: datetime | None, now: datetime
) -> bool:
    """Whether an agent may be put to sleep again.

    Only one that we woke: whoever opened the machine is perhaps at work on it.
    """
    if not (agent.sleep_when_idle and status.awake_for_us):
        return False
    if not status.sighting.ready or status.sighting.runs or idle_since is None:
        return False
    return now - max(idle_since, status.since) >= IDLE


def seconds_left(left: int, speed: Speed, at_once: int) -> float | None:
    """Estimate how long what is left takes; None while nothing is known.

    Args:
        left: contents to look at, each counted once per asset.
        speed: of single runs, starting and loading included.
        at_once: runs at a time.
    """
    if not left:
        return 0.0
    if not speed.done or speed.seconds <= 0:
        return None
    return left * speed.seconds / speed.done / max(1, at_once)
