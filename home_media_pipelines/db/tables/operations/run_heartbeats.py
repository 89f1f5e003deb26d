"""Table `run_heartbeats`: when each run's process last said that it lives."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

import psycopg

EVERY: Final = timedelta(seconds=5)
"""A run's process beats so often."""

SILENT: Final = 4 * EVERY
"""A run that has not been heard of for so long is being watched."""

KEPT: Final = timedelta(days=1)


def beat(conn: psycopg.Connection, run_id: str) -> None:
    """Say that the run's process lives."""
    conn.execute(
        """
        insert into run_heartbeats (run_id, beaten_at)
        values (%(run_id)s, clock_timestamp())
            on conflict (run_id) do update
           set beaten_at = excluded.beaten_at, missed_since = null
        """,
        {"run_id": run_id},
    )


def forget(conn: psycopg.Connection, run_id: str) -> None:
    """Say that the run's process has nothing more to do."""
    conn.execute(
        "delete from run_heartbeats where run_id = %(run_id)s", {"run_id": run_id}
    )


def watch(
    conn: psycopg.Connection, run_ids: Collection[str], *, silent: timedelta = SILENT
) -> dict[str, timedelta]:
    """Return the runs that do not beat, and for how long that has been watched.

    Watching begins at the first look that finds a run silent, and begins again when
    the database was restarted: a run cannot beat while that is away, nor while the
    whole machine sleeps. All times are the database's own.

    Args:
        conn: in a transaction that ends at once; runs wait for it to beat.
        run_ids: those that should be at work.
        silent: how old the last beat of a run has to be.
    """
    rows = conn.execute(
        """
        with watched as (
            insert into run_heartbeats as h (run_id, missed_since)
            select it, now() from unnest(%(run_ids)s::text[]) it order by it
                on conflict (run_id) do update
               set missed_since = case when h.beaten_at > now() - %(silent)s then null
                                       else coalesce(h.missed_since, now()) end
            returning run_id, missed_since
        )
        select run_id, now() - greatest(missed_since, pg_postmaster_start_time())
          from watched where missed_since is not null
        """,
        {"run_ids": list(run_ids), "silent": silent},
    ).fetchall()
    conn.execute(
        """
        delete from run_heartbeats
         where greatest(beaten_at, missed_since) < now() - %(kept)s
           and not run_id = any(%(run_ids)s)
        """,
        {"run_ids": list(run_ids), "kept": KEPT},
    )
    return dict(rows)
