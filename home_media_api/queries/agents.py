"""Reads of `gallery.agents` and `gallery.gpu_queue`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import class_row

from home_media_api.schemas.agents import Agent, GpuQueue


def list_all(conn: Connection) -> list[Agent]:
    """Every agent, in the order in which they are configured."""
    query = """
        select agent, state, reason, detail, since, seen_at, gpu_name, gpu_memory,
               image, image_version, engine, runs, runs_at_once, woken_at
          from gallery.agents
         order by place
    """
    with conn.cursor(row_factory=class_row(Agent)) as cur:
        return cur.execute(query).fetchall()


def queue(conn: Connection) -> GpuQueue | None:
    """What waits for them; None without agents."""
    query = """
        select at, queued, running, folders, contents, seconds_left, reason
          from gallery.gpu_queue
    """
    with conn.cursor(row_factory=class_row(GpuQueue)) as cur:
        return cur.execute(query).fetchone()
