"""Advisory locks: what writers take turns on, and in which order they take them."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique
from typing import Final

import psycopg

CLASS: Final = 0x686D
"""Our half of Postgres's pair-of-integers advisory locks."""

INDEX_CLASS: Final = 0x686E
"""That of indexes being built; the other half is a hash of the name."""


@unique
class Lock(IntEnum):
    """One lock per group of tables that change together.

    The numbers are the order: a transaction that needs several takes them from the
    lowest up, and before it touches a row, so that no two wait for each other.
    """

    INVENTORY = 1
    """`libraries`, `folders` and `files`, when more than one row changes."""

    GROUPING = 2
    """`images` and `image_files`."""

    SCHEMA = 3
    """Migrations, roles and restoring."""

    ANALYSES = 4
    """`analyses`, all that networks saw, `taxonomy_links`, and what people say."""

    COUNTS = 5
    """`…_totals` and `…_sums`, and whoever deletes what they refer to."""

    BACKLOG = 6
    """`backlog` and what it is made from, and whoever deletes what that refers to."""

    TAXONOMY = 7
    """`taxa`, `taxon_words` and `label_taxa`."""


def lock(conn: psycopg.Connection, *locks: Lock) -> None:
    """Wait until no other transaction holds these; they go with the transaction."""
    for it in sorted(locks):
        conn.execute(
            "select pg_advisory_xact_lock(%(ours)s, %(number)s)",
            {"ours": CLASS, "number": it},
        )


def lock_session(conn: psycopg.Connection, it: Lock) -> None:
    """Wait for a lock that goes with the connection; for what takes transactions."""
    conn.execute(
        "select pg_advisory_lock(%(ours)s, %(number)s)",
        {"ours": CLASS, "number": it},
    )


@contextmanager
def index_lock(conn: psycopg.Connection, name: str) -> Iterator[bool]:
    """Try to be the one who builds an index; yields False if another connection is.

    It is held outside of transactions, as concurrent builds need.
    """
    values = {"ours": INDEX_CLASS, "name": name}
    row = conn.execute(
        "select pg_try_advisory_lock(%(ours)s, hashtext(%(name)s))", values
    ).fetchone()
    held = row is not None and row[0]
    try:
        yield held
    finally:
        if held and not conn.closed:
            conn.execute(
                "select pg_advisory_unlock(%(ours)s, hashtext(%(name)s))", values
            )


def try_lock_index(conn: psycopg.Connection, name: str) -> bool:
    """Whether nobody builds the index now, nor begins to before this transaction ends.

    Waiting would be a deadlock: a concurrent build waits for older transactions.
    """
    row = conn.execute(
        "select pg_try_advisory_xact_lock(%(ours)s, hashtext(%(name)s))",
        {"ours": INDEX_CLASS, "name": name},
    ).fetchone()
    return row is not None and row[0]
