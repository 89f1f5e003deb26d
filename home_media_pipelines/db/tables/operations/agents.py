"""Tables `agents`, `agent_sightings`, `gpu_queue`: how agents stand, and what waits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.core.operations.gpu_queue import FIRST_WAKE, AgentStatus

KEEP = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """A row of `gallery.agents`; `seen_at` is None before the first look."""

    agent: str
    runs_at_once: int
    state: str
    reason: str | None
    detail: str | None
    since: datetime | None
    seen_at: datetime | None
    engine: str | None
    gpu_name: str | None
    gpu_memory: int | None
    image: str | None
    image_version: str | None
    runs: list[str]
    woken_at: datetime | None


@dataclass(frozen=True, slots=True)
class GpuQueue:
    """The row of `gpu_queue`."""

    at: datetime
    queued: int
    running: int
    folders: int
    contents: int
    counted_at: datetime
    seconds_left: float | None = None
    reason: str | None = None
    idle_since: datetime | None = None


def configure(conn: psycopg.Connection, agents: Sequence[Agent]) -> int:
    """Know these agents and no others; return how many were forgotten."""
    names = [it.name for it in agents]
    gone = conn.execute(
        "delete from agents where not agent = any(%(names)s)", {"names": names}
    ).rowcount
    if not agents:
        conn.execute("delete from gpu_queue")
    for place, it in enumerate(agents):
        conn.execute(
            """
            insert into agents as a (agent, place, runs_at_once)
            values (%(agent)s, %(place)s, %(runs)s)
                on conflict (agent) do update
               set place = excluded.place, runs_at_once = excluded.runs_at_once
             where (a.place, a.runs_at_once)
                   is distinct from (excluded.place, excluded.runs_at_once)
            """,
            {"agent": it.name, "place": place, "runs": it.runs},
        )
    return gone


def record(conn: psycopg.Connection, sighting: Sighting) -> AgentStatus:
    """Store a look at an agent that is configured; return how it stands.

    A look that shows what the last one showed makes that one's time longer. An agent
    that comes back soon after it was called is awake for us.
    """
    values: dict[str, Any] = asdict(sighting) | {"runs": list(sighting.runs)}
    same = conn.execute(
        """
        update agent_sightings s
           set until = greatest(s.until, %(at)s), detail = %(detail)s,
               engine = %(engine)s, gpu_name = %(gpu_name)s,
               gpu_memory = %(gpu_memory)s, image = %(image)s,
               image_version = %(image_version)s, runs = %(runs)s
         where s.agent = %(agent)s and s.reachable = %(reachable)s
           and s.reason is not distinct from %(reason)s
           and s.since = (select max(n.since) from agent_sightings n
                           where n.agent = %(agent)s)
        """,
        values,
    ).rowcount
    if not same:
        _begin(conn, values)
    conn.execute(
        """
        delete from agent_sightings where agent = %(agent)s and until < %(before)s
        """,
        {"agent": sighting.agent, "before": sighting.at - KEEP},
    )
    return _status(conn, sighting)


def _begin(conn: psycopg.Connection, values: dict[str, Any]) -> None:
    """Begin a stretch of time in which the agent stands otherwise than before."""
    conn.execute(
        """
        update agents a
           set awake_for_us = %(reachable)s
                   and (a.awake_for_us or coalesce(a.wakes > 0
                        and a.woken_at >= %(at)s::timestamptz - %(soon)s, false)),
               wakes = case when %(reachable)s then 0 else a.wakes end
         where a.agent = %(agent)s
        """,
        values | {"soon": FIRST_WAKE},
    )
    conn.execute(
        """
        insert into agent_sightings (agent, since, until, reachable, reason, detail,
                                     engine, gpu_name, gpu_memory, image,
                                     image_version, runs)
        values (%(agent)s, %(at)s, %(at)s, %(reachable)s, %(reason)s, %(detail)s,
                %(engine)s, %(gpu_name)s, %(gpu_memory)s, %(image)s,
                %(image_version)s, %(runs)s)
        """,
        values,
    )


def _status(conn: psycopg.Connection, sighting: Sighting) -> AgentStatus:
    row = conn.execute(
        """
        select max(s.since), a.woken_at, a.wakes, a.awake_for_us
          from agents a join agent_sightings s using (agent)
         where a.agent = %(agent)s
         group by a.agent
        """,
        {"agent": sighting.agent},
    ).fetchone()
    return AgentStatus(sighting, *row) if row else AgentStatus(sighting, sighting.at)


def called(conn: psycopg.Connection, agent: str, now: datetime) -> None:
    """Note that a packet was sent to wake the agent."""
    conn.execute(
        """
        update agents set woken_at = %(now)s, wakes = wakes + 1 where agent = %(agent)s
        """,
        {"agent": agent, "now": now},
    )


def put_to_sleep(conn: psycopg.Connection, agent: str) -> None:
    """Note that the agent was asked to sleep, which it is not asked twice."""
    conn.execute(
        "update agents set awake_for_us = false where agent = %(agent)s",
        {"agent": agent},
    )


def set_queue(conn: psycopg.Connection, queue: GpuQueue) -> None:
    """Store what waits for the agents."""
    conn.execute(
        """
        insert into gpu_queue (at, queued, running, folders, contents, counted_at,
                               seconds_left, reason, idle_since)
        values (%(at)s, %(queued)s, %(running)s, %(folders)s, %(contents)s,
                %(counted_at)s, %(seconds_left)s, %(reason)s, %(idle_since)s)
            on conflict (id) do update
           set at = excluded.at, queued = excluded.queued, running = excluded.running,
               folders = excluded.folders, contents = excluded.contents,
               counted_at = excluded.counted_at,
               seconds_left = excluded.seconds_left, reason = excluded.reason,
               idle_since = excluded.idle_since
        """,
        asdict(queue),
    )


def queue(conn: psycopg.Connection) -> GpuQueue | None:
    """Return what waits for the agents; None without any."""
    query = """
        select at, queued, running, folders, contents, counted_at, seconds_left,
               reason, idle_since
          from gpu_queue
    """
    with conn.cursor(row_factory=class_row(GpuQueue)) as cur:
        return cur.execute(query).fetchone()


def list_all(conn: psycopg.Connection) -> list[KnownAgent]:
    """Return the agents as they were seen last, in the order of the configuration."""
    query = """
        select agent, runs_at_once, state, reason, detail, since, seen_at, engine,
               gpu_name, gpu_memory, image, image_version, runs, woken_at
          from gallery.agents order by place
    """
    with conn.cursor(row_factory=class_row(KnownAgent)) as cur:
        return cur.execute(query).fetchall()
