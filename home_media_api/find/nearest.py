"""What lies nearest to a vector among those of one producer.

Two ways lead there. Few vectors are all compared. Many have an HNSW index, which finds
nearly all of the nearest and goes on searching while a filter turns its finds away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.sql import SQL, Composed, Literal

from home_media_api.find.question import Question
from home_media_api.find.statement import compose, having
from home_media_api.schemas.hits import DetectionHit, Hit

_Hit = TypeVar("_Hit", bound=Hit)

MANY_VECTORS = 50_000
"""From so many on a producer has an index, once it is built."""

COSTLIER = 8
"""What the index costs per vector that it meets, in comparisons one by one."""

_SPARE = 40
"""Rows beyond the limit: frames of one video count as one image."""

_EVERYTHING = Question()


class Plan(Enum):
    """How the nearest are found; the value is `hnsw.ef_search`, the effort."""

    COMPARED = 40
    """All vectors are compared, or all of the images that are asked for."""

    INDEXED = 140
    """The index is walked until there are enough."""

    FILTERED = 250
    """The same past what is not asked for: of a hundred candidates too few are left."""


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
    conn: Connection, query: Query, question: Question, *, limit: int
) -> list[Hit]:
    """The images nearest to a vector, one hit each: of a video its best frame.

    At most `limit` of them, fewer when frames of one video crowd the others out.
    """
    rows = limit + _SPARE
    plan = _plan(conn, query, question, rows)
    statement = composed(plan, query, question)
    return _once(Hit, _run(conn, plan, statement, query, question, rows), limit)


def objects(conn: Connection, query: Query, *, limit: int) -> list[DetectionHit]:
    """The objects nearest to a vector, of each image the nearest one."""
    many = _vectors(conn, query, _COUNT_OBJECTS) >= MANY_VECTORS
    plan = Plan.INDEXED if many else Plan.COMPARED
    statement = _of_producer(_OBJECTS, plan, query, _EVERYTHING)
    rows = _run(conn, plan, statement, query, _EVERYTHING, 2 * limit + _SPARE)
    return _once(DetectionHit, rows, limit)


def by_chance(conn: Connection, query: Query) -> Chance:
    """How near any picture is: what stands out is told by it.

    Contents are named by a hash, so the first thousand by name are a fair sample.
    """
    template = """
        select count(*) as sampled, coalesce(avg(cosine), 0) as mean,
               coalesce(stddev_samp(cosine), 0) as deviation
          from (select -(e.embedding <#> %(vector)s::halfvec) as cosine
                  from gallery.embeddings e
                 where e.producer_id = %(producer_id)s
                 order by e.content_id
                 limit 1000) sample
    """
    with conn.cursor(row_factory=class_row(Chance)) as cur:
        values = {"vector": query.vector, "producer_id": query.producer_id}
        return cur.execute(template, values).fetchone() or Chance(0, 0, 0)


def composed(plan: Plan, query: Query, question: Question) -> Composed:
    """The statement that finds the images nearest to a vector."""
    asked = question != _EVERYTHING
    template = _COMPARED if asked and plan is Plan.COMPARED else _NEAR
    return _of_producer(template, plan, query, question)


def _of_producer(
    template: LiteralString, plan: Plan, query: Query, question: Question
) -> Composed:
    """The index of a producer is partial, on its id, and on vectors of one length.

    It is only considered where both stand in the statement, and a length cannot be a
    parameter.
    """
    distance = SQL("e.embedding <#> %(vector)s::halfvec")
    if plan is not Plan.COMPARED:
        distance = SQL("e.embedding::halfvec({0}) <#> %(vector)s::halfvec({0})").format(
            Literal(query.dimension)
        )
    return compose(
        template,
        question,
        probed=plan is Plan.FILTERED,
        distance=distance,
        producer_id=Literal(query.producer_id),
        fence=SQL("offset 0" if plan is Plan.FILTERED else ""),
    )


def _plan(conn: Connection, query: Query, question: Question, rows: int) -> Plan:
    vectors = _vectors(conn, query, _COUNT_IMAGES)
    if vectors < MANY_VECTORS:
        return Plan.COMPARED
    if question == _EVERYTHING:
        return Plan.INDEXED
    few = _passing(conn, question) <= _few(rows, vectors)
    return Plan.COMPARED if few else Plan.FILTERED


def _few(rows: int, vectors: int) -> float:
    """Up to so many images that pass a filter are compared one by one.

    Of n images that takes n comparisons; the index meets rows × vectors / n vectors
    before it has rows that pass.
    """
    return math.sqrt(COSTLIER * rows * vectors)


def _vectors(conn: Connection, query: Query, template: LiteralString) -> int:
    """How many vectors the producer has, judged by a 256th of them."""
    with conn.cursor(row_factory=scalar_row) as cur:
        values = {"producer_id": query.producer_id}
        return cur.execute(template, values).fetchone() or 0


def _passing(conn: Connection, question: Question) -> int:
    """How many images are asked for, judged by a 256th: they are named by a hash too.

    Of so few each is probed, so that nothing else leads to all that pass.
    """
    template = """
        select 256 * count(*)
          from gallery.images i
         where i.image_id < '01000000-0000-0000-0000-000000000000' and {conditions}
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        statement = compose(template, question, probed=True)
        return cur.execute(statement, having(question)).fetchone() or 0


def _run(
    conn: Connection,
    plan: Plan,
    statement: Composed,
    query: Query,
    question: Question,
    rows: int,
) -> list[dict[str, Any]]:
    """The rows; what is set for the statement ends with its transaction."""
    settings = """
        select set_config('hnsw.ef_search', %(effort)s, true),
               set_config('hnsw.iterative_scan', 'relaxed_order', true)
    """
    with conn.transaction(), conn.cursor(row_factory=dict_row) as cur:
        cur.execute(settings, {"effort": str(plan.value)})
        values = having(question, vector=query.vector, rows=rows)
        return cur.execute(statement, values).fetchall()


def _once(
    kind: type[_Hit], rows: Sequence[Mapping[str, Any]], limit: int
) -> list[_Hit]:
    """The first hit of each image, at most `limit`."""
    first: dict[object, Mapping[str, Any]] = {}
    for row in rows:
        first.setdefault(row["image_id"], row)
    return [kind.model_validate(row) for row in [*first.values()][:limit]]


_COUNT_IMAGES: Final[LiteralString] = """
    select 256 * count(*) from gallery.embeddings
     where producer_id = %(producer_id)s and content_id < '01'
"""
"""A 256th of them, as contents are named by a hash: near enough."""

_COUNT_OBJECTS: Final[LiteralString] = """
    select 256 * count(*) from gallery.crop_embeddings
     where producer_id = %(producer_id)s
       and detection_id < '01000000-0000-0000-0000-000000000000'
"""

_NEAR: Final[LiteralString] = """
    with near as materialized (
        select e.content_id, e.time_offset, {distance} as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and exists (
               select from gallery.images i
                where i.content_id = e.content_id and {conditions}
               {fence})
         order by distance
         limit %(rows)s
    )
    select {image}, -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.images i on i.content_id = near.content_id
     where {conditions}
     order by near.distance, i.image_id
"""
"""Of an index only the order of its finds is certain enough to stop early, so what it
finds is kept in a materialised part and put in order again. Past a filter there is a
fence, for the planner cannot know that the index soon finds some that pass, and would
look for all that do. The conditions stand again because images may share a content."""

_COMPARED: Final[LiteralString] = """
    with passing as materialized (
        select i.image_id, i.content_id from gallery.images i where {conditions}
    ), near as materialized (
        select p.image_id, e.time_offset, e.distance
          from passing p
         cross join lateral (
               select e.time_offset, {distance} as distance
                 from gallery.embeddings e
                where e.producer_id = {producer_id} and e.content_id = p.content_id
               offset 0) e
         order by e.distance
         limit %(rows)s
    )
    select {image}, -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.images i using (image_id)
     order by near.distance, i.image_id
"""
"""The offset keeps the planner from reading all vectors: few are asked for."""

_OBJECTS: Final[LiteralString] = """
    with near as materialized (
        select e.detection_id, {distance} as distance
          from gallery.crop_embeddings e
         where e.producer_id = {producer_id}
         order by distance
         limit %(rows)s
    )
    select {image}, -near.distance as score, 'meaning' as source, d.time_offset,
           d.detection_id, d.label, array[d.x, d.y, d.width, d.height] as box
      from near
      join gallery.detections d using (detection_id)
      join gallery.images i using (image_id)
     order by near.distance, d.detection_id
"""
