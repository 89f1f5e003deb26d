"""Connections to the home_media database, and the locks that its writers share."""

from typing import Final

import psycopg

LOCKS: Final = 0x686D  # our half of Postgres's pair-of-integers advisory locks
INVENTORY: Final = 1
GROUPING: Final = 2
SCHEMA: Final = 3
ANALYSES: Final = 4
COUNTS: Final = 5
TAXONOMY: Final = 5
BACKLOG: Final = 6


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    """Open a connection that names itself; `with` commits, rolls back and closes it."""
    return psycopg.connect(url, autocommit=autocommit, application_name="home-media")


def lock(conn: psycopg.Connection, number: int) -> None:
    """Wait until no other transaction holds this lock; it goes with the transaction."""
    conn.execute(
        "select pg_advisory_xact_lock(%(ours)s, %(number)s)",
        {"ours": LOCKS, "number": number},
    )
