"""What the tables show that a person should know of."""

from datetime import datetime

import psycopg

from home_media_pipelines.db.tables.inventory.folders import MAX_ATTEMPTS


def unreachable_libraries(conn: psycopg.Connection) -> list[str]:
    """Return the names of libraries that the last look could not reach."""
    rows = conn.execute(
        "select library from libraries where state = 'unreachable' order by library"
    )
    return [library for (library,) in rows]


def folders_given_up(conn: psycopg.Connection) -> dict[str, int]:
    """Count, by library, the folders that failed too often to be tried again."""
    rows = conn.execute(
        """
        select library, count(*) from folders
         where attempts >= %(attempts)s and state <> 'vanished' group by library
        """,
        {"attempts": MAX_ATTEMPTS},
    )
    return dict(rows.fetchall())


def damaged_files(conn: psycopg.Connection) -> dict[str, int]:
    """Count, by library, the files whose bytes changed by themselves."""
    rows = conn.execute(
        """
        select library, count(*) from damage where missing_since is null
         group by library
        """
    )
    return dict(rows.fetchall())


def backups(conn: psycopg.Connection) -> tuple[datetime | None, datetime | None]:
    """Return when the latest backup was made, and when there was first a library."""
    row = conn.execute(
        """
        select (select max(made_at) from backups),
               (select min(added_at) from libraries)
        """
    ).fetchone()
    return row or (None, None)


def agents_away(conn: psycopg.Connection) -> tuple[dict[str, str], int]:
    """Return the agents that are not ready with why, and how many runs wait.

    None is away as long as another one works: the queue gets on.
    """
    rows = conn.execute(
        """
        select agent, coalesce(reason, state) from gallery.agents
         where not exists (select from gallery.agents where state = 'ready')
        """
    ).fetchall()
    row = conn.execute("select queued from gallery.gpu_queue").fetchone()
    return dict(rows), row[0] if row else 0
