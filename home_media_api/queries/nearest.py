"""What lies nearest to a vector among those of one producer.

Two ways lead there. Few vectors are all compared. Many have an HNSW index, which finds
nearly all of the nearest and goes on searching while a filter turns its finds away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.sql import SQL, Composed, Literal

from home_media_api.filters import Filters
from home_media_api.queries import nearest_sql
from home_media_api.schemas.hits import DetectionHit, Hit

_Hit = TypeVar("_Hit", bound=Hit)

MANY_VECTORS = 50_000
"""From so many on a producer has an index, once it is built."""

COSTLIER = 8
"""What the index costs per vector that it meets, in comparisons one by one."""

_SPARE = 40
"""Rows beyond the limit: frames of one video count as one image."""


@dataclass(frozen=True, slots=True)
class Query:
    """A unit vector with whose vectors it can be compared."""

    producer_id: str
    vector: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Chance:
    """Mean and deviation of a vector's cosines with vectors picked by chance."""

    sampled: int
    mean: float
    deviation: float


def images(
    conn: Connection, query: Query, filters: Filters, *, limit: int
) -> list[Hit]:
    """The images nearest to a vector, one hit each: of a video its best frame.

    At most `limit` of them, fewer when frames of one video crowd the others out.
    """
    values = {**filters.values(), "vector": query.vector, "rows": limit + _SPARE}
    vectors = _vectors(conn, query, nearest_sql.COUNT_IMAGES)
    many = vectors >= MANY_VECTORS
    statement = nearest_sql.INDEXED if many else nearest_sql.EXACT
    if filters.any():
        statement = nearest_sql.FILTERED_EXACT
        if many and _passing(conn, values) > _few(limit + _SPARE, vectors):
            statement = nearest_sql.FILTERED_INDEXED
    return _once(Hit, _run(conn, statement, query, values), limit)


def objects(conn: Connection, query: Query, *, limit: int) -> list[DetectionHit]:
    """The objects nearest to a vector, of each image the nearest one."""
    many = _vectors(conn, query, nearest_sql.COUNT_OBJECTS) >= MANY_VECTORS
    statement = nearest_sql.INDEXED_OBJECTS if many else nearest_sql.EXACT_OBJECTS
    values = {"vector": query.vector, "rows": 2 * limit + _SPARE}
    return _once(DetectionHit, _run(conn, statement, query, values), limit)


def by_chance(conn: Connection, query: Query) -> Chance:
    """How near any picture is: what stands out is told by it.

    Contents are named by a hash, so the first thousand by name are a fair sample.
    """
    statement = composed(nearest_sql.SAMPLE, query)
    with conn.cursor(row_factory=class_row(Chance)) as cur:
        found = cur.execute(statement, {"vector": query.vector}).fetchone()
    return found or Chance(0, 0, 0)


def _vectors(conn: Connection, query: Query, statement: LiteralString) -> int:
    """How many vectors the producer has, judged by a 256th of them."""
    with conn.cursor(row_factory=scalar_row) as cur:
        return cur.execute(composed(statement, query)).fetchone() or 0


def _few(rows: int, vectors: int) -> float:
    """Up to so many images that pass a filter are compared one by one.

    Of n images that takes n comparisons; the index meets rows × vectors / n vectors
    before it has rows that pass.
    """
    return math.sqrt(COSTLIER * rows * vectors)


def _passing(conn: Connection, values: Mapping[str, object]) -> int:
    """How many images pass a filter, judged by a 256th of them."""
    with conn.cursor(row_factory=scalar_row) as cur:
        return cur.execute(nearest_sql.COUNT_PASSING, values).fetchone() or 0


def _run(
    conn: Connection,
    statement: LiteralString,
    query: Query,
    values: Mapping[str, object],
) -> list[dict[str, Any]]:
    """The rows; what is set for the statement ends with its transaction."""
    settings = nearest_sql.SETTINGS
    if statement == nearest_sql.FILTERED_INDEXED:
        settings = nearest_sql.SETTINGS_FILTERED
    with conn.transaction(), conn.cursor(row_factory=dict_row) as cur:
        cur.execute(settings)
        return cur.execute(composed(statement, query), values).fetchall()


def composed(statement: LiteralString, query: Query) -> Composed:
    """The statement for one producer.

    The index of a producer is partial, on its id, and on vectors of one length: it is
    only considered where both stand in the statement, and a length cannot be a
    parameter. This is the only place where SQL is put together.
    """
    return SQL(statement).format(
        producer_id=Literal(query.producer_id), dimension=Literal(query.dimension)
    )


def _once(
    kind: type[_Hit], rows: Sequence[Mapping[str, Any]], limit: int
) -> list[_Hit]:
    """The first hit of each image, at most `limit`."""
    first: dict[object, Mapping[str, Any]] = {}
    for row in rows:
        first.setdefault(row["image_id"], row)
    return [kind.model_validate(row) for row in [*first.values()][:limit]]
