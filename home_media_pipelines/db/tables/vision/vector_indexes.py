"""HNSW indexes: one per producer of vectors, once there are many."""

from typing import Final, Literal

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg.sql import Literal as Value

from home_media_pipelines.db.locks import index_lock, try_lock_index

Table = Literal["embeddings", "crop_embeddings"]

TABLES: Final[tuple[Table, ...]] = ("embeddings", "crop_embeddings")

FEW: Final = 50_000
"""Up to so many vectors an exact search is quick enough."""

NEIGHBOURS: Final = 16
CANDIDATES: Final = 100
"""While building: more of them find better neighbours, and take longer."""

MEMORY: Final = "1GB"
WORKERS: Final = 2


def ensure(
    conn: psycopg.Connection, table: Table, producer_id: str, *, few: int = FEW
) -> bool:
    """Build the index over a producer's vectors if there are many; tell if it did.

    Others read and write meanwhile. What a broken build left is dropped first; what
    another connection builds right now is left to it. It serves
    `embedding::halfvec(n) <#> …` where the producer is named.

    Args:
        conn: in autocommit.
        table: where the vectors are.
        producer_id: whose they are.
        few: so many are searched exactly.
    """
    name = index_name(table, producer_id)
    with index_lock(conn, name) as held:
        if not held or exists(conn, table, producer_id):
            return False
        return _build(conn, table, producer_id, few)


def _build(conn: psycopg.Connection, table: Table, producer_id: str, few: int) -> bool:
    dimension = _dimension(conn, table, producer_id, few)
    if dimension is None:
        return False
    name = index_name(table, producer_id)
    conn.execute(SQL("drop index concurrently if exists {}").format(Identifier(name)))
    conn.execute(SQL("set maintenance_work_mem = {}").format(Value(MEMORY)))
    build = _statement(table, name, producer_id, dimension)
    try:
        _set_workers(conn, WORKERS)
        conn.execute(build)
    except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory):
        # Workers share memory by files, of which a container has little.
        conn.execute(
            SQL("drop index concurrently if exists {}").format(Identifier(name))
        )
        _set_workers(conn, 0)
        conn.execute(build)
    finally:
        conn.execute("reset maintenance_work_mem")
        conn.execute("reset max_parallel_maintenance_workers")
    return True


def exists(conn: psycopg.Connection, table: Table, producer_id: str) -> bool:
    """Tell whether the index is there and whole."""
    row = conn.execute(
        """
        select from pg_index
         where indexrelid = to_regclass(%(name)s) and indisvalid and indisready
        """,
        {"name": index_name(table, producer_id)},
    ).fetchone()
    return row is not None


def hold(conn: psycopg.Connection, producer_id: str) -> bool:
    """Keep others from building indexes of a producer until this transaction ends.

    Returns:
        False if one is being built: then it cannot be dropped.
    """
    return all(try_lock_index(conn, index_name(it, producer_id)) for it in TABLES)


def drop(conn: psycopg.Connection, producer_id: str) -> None:
    """Drop the indexes of a producer, in this transaction, which holds them."""
    for table in TABLES:
        name = Identifier(index_name(table, producer_id))
        conn.execute(SQL("drop index if exists {}").format(name))


def index_name(table: Table, producer_id: str) -> str:
    """Return the name that the index has, or would have."""
    return f"{table}_{producer_id}_hnsw"


def _dimension(
    conn: psycopg.Connection, table: Table, producer_id: str, few: int
) -> int | None:
    """Return how long the vectors are, None when there are few."""
    query = SQL(
        """
        select vector_dims(embedding) from {}
         where producer_id = %(producer_id)s offset %(few)s limit 1
        """
    ).format(Identifier(table))
    row = conn.execute(query, {"producer_id": producer_id, "few": few}).fetchone()
    return None if row is None else row[0]


def _statement(table: str, name: str, producer_id: str, dimension: int) -> Composed:
    return SQL(
        "create index concurrently {name} on {table}"
        " using hnsw ((embedding::halfvec({dimension})) halfvec_ip_ops)"
        " with (m = {neighbours}, ef_construction = {candidates})"
        " where producer_id = {producer_id}"
    ).format(
        name=Identifier(name),
        table=Identifier(table),
        dimension=Value(dimension),
        neighbours=Value(NEIGHBOURS),
        candidates=Value(CANDIDATES),
        producer_id=Value(producer_id),
    )


def _set_workers(conn: psycopg.Connection, number: int) -> None:
    conn.execute(SQL("set max_parallel_maintenance_workers = {}").format(Value(number)))
