"""Table `directories`: every directory the last walk saw, and when it changed."""

from collections.abc import Iterable

import psycopg

from home_media_pipelines.db.locks import Lock, lock


def replace(
    conn: psycopg.Connection, library: str, seen: Iterable[tuple[str, int]]
) -> None:
    """Store the directories of a complete walk as (quoted path, mtime_ns)."""
    lock(conn, Lock.INVENTORY)
    conn.execute(
        "delete from directories where library = %(library)s", {"library": library}
    )
    query = "copy directories (library, path, mtime_ns) from stdin"
    with conn.cursor().copy(query) as stream:
        for path, mtime_ns in seen:
            stream.write_row((library, path, mtime_ns))


def seen_in(conn: psycopg.Connection, library: str) -> list[tuple[str, int]]:
    """Return (quoted path, mtime_ns) of every directory the last walk saw."""
    return conn.execute(
        """
        select path, mtime_ns from directories where library = %(library)s
         order by path
        """,
        {"library": library},
    ).fetchall()
