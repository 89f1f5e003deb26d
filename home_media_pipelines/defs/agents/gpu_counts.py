"""How much waits for the agents, and how long they will take for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import dagster as dg
import psycopg

from home_media_pipelines.core.operations import gpu_queue
from home_media_pipelines.core.operations.agents import Agent
from home_media_pipelines.core.operations.gpu_queue import AgentStatus
from home_media_pipelines.db.tables.operations import agents
from home_media_pipelines.db.tables.operations.agents import GpuQueue
from home_media_pipelines.db.tables.vision import analyses, backlog, producers
from home_media_pipelines.defs.agents.gpu_runs import GpuRuns, speed
from home_media_pipelines.defs.vision.target_producers import ASSETS

EVERY = timedelta(minutes=2)
"""Counting what is left goes through large tables."""


def count(
    instance: dg.DagsterInstance,
    conn: psycopg.Connection,
    known: Sequence[Agent],
    statuses: Sequence[AgentStatus],
    runs: GpuRuns,
    why: str,
    now: datetime,
) -> GpuQueue:
    """Store what waits and return it; folders are counted again every few minutes."""
    ready = {it.sighting.agent for it in statuses if it.sighting.ready}
    last = agents.queue(conn)
    if last is None or now - last.counted_at >= EVERY:
        counted_at = now
        due = backlog.due_folders(conn, producers.targets(conn, ASSETS))
        folders, contents = len(due), sum(it.contents for it in due)
        seconds = gpu_queue.seconds_left(
            analyses.left(conn, ASSETS) if due else 0,
            speed(instance, conn, [it.name for it in known], now),
            sum(it.runs for it in known if it.name in ready or not ready),
        )
    else:
        counted_at = last.counted_at
        folders, contents, seconds = last.folders, last.contents, last.seconds_left
    idle_since = None
    if not runs.queued and not runs.working:
        idle_since = now if last is None else last.idle_since or now
    queue = GpuQueue(
        at=now,
        queued=len(runs.queued),
        running=len(runs.working),
        folders=folders,
        contents=contents,
        counted_at=counted_at,
        seconds_left=seconds,
        reason=why if runs.queued and not ready else None,
        idle_since=idle_since,
    )
    agents.set_queue(conn, queue)
    return queue
