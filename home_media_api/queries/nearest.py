"""What lies nearest to a vector among `gallery.embeddings` of one producer.

Two ways lead there. Few vectors are all compared. Many have an HNSW index, which finds
nearly all of the nearest and goes on searching while a filter turns its finds away.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.sql import SQL, Composed, Literal

from home_media_api.filters import Filters
from home_media_api.schemas.hits import DetectionHit, Hit

MANY_VECTORS = 50_000
"""From so many on a producer has an index, once it is built."""

FEW_IMAGES = 20_000
"""Up to so many images that pass a filter are compared one by one."""

_SPARE = 40


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

    About `limit` of them: fewer when frames of one video crowd the others out.
    """
    statement = _EXACT if _is_small(conn, query, filters) else _INDEXED
    values = {
        **filters.values(),
        "vector": query.vector,
        "limit": limit,
        "rows": 2 * limit + _SPARE,
    }
    with conn.transaction(), conn.cursor(row_factory=dict_row) as cur:
        cur.execute(_SETTINGS)
        rows = cur.execute(_composed(statement, query), values).fetchall()
    best: dict[Any, Hit] = {}
    for row in rows:
        if len(best) < limit:
            best.setdefault(row["image_id"], Hit(**row))
    return list(best.values())


def objects(conn: Connection, query: Query, *, limit: int) -> list[DetectionHit]:
    """The objects nearest to a vector, of each image the nearest one."""
    values = {"vector": query.vector, "rows": 2 * limit + _SPARE}
    statement = _FEW_OBJECTS if _has_few_objects(conn, query) else _MANY_OBJECTS
    with conn.transaction(), conn.cursor(row_factory=dict_row) as cur:
        cur.execute(_SETTINGS)
        rows = cur.execute(_composed(statement, query), values).fetchall()
    best: dict[Any, DetectionHit] = {}
    for row in rows:
        if len(best) < limit:
            best.setdefault(row["image_id"], DetectionHit(**row))
    return list(best.values())


def by_chance(conn: Connection, query: Query) -> Chance:
    """How near any picture is: what stands out is told by it.

    Contents are named by a hash, so the first thousand by name are a fair sample.
    """
    with conn.cursor(row_factory=class_row(Chance)) as cur:
        found = cur.execute(_composed(_SAMPLE, query), {"vector": query.vector})
        return found.fetchone() or Chance(0, 0, 0)


def _is_small(conn: Connection, query: Query, filters: Filters) -> bool:
    """Whether to compare one by one: there are few vectors, or few images pass."""
    values = {
        **filters.values(),
        "producer_id": query.producer_id,
        "many": MANY_VECTORS,
        "few": FEW_IMAGES,
    }
    vectors = """
        select count(*) < %(many)s
          from (select from gallery.embeddings
                 where producer_id = %(producer_id)s limit %(many)s) found
    """
    images = """
        select count(*) < %(few)s
          from (select from gallery.timeline t
                 where (%(since)s::date is null or t.taken_at >= %(since)s::date)
                   and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
                   and (%(kind)s::text is null or t.kind = %(kind)s)
                   and (not %(narrow)s or t.image_id in (
                       select * from gallery.matching(
                           %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                           %(rating)s, %(q)s, %(taxon)s, %(label)s)))
                 limit %(few)s) found
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        if cur.execute(vectors, values).fetchone():
            return True
        return filters.any() and bool(cur.execute(images, values).fetchone())


def _has_few_objects(conn: Connection, query: Query) -> bool:
    statement = """
        select count(*) < %(many)s
          from (select from gallery.crop_embeddings
                 where producer_id = %(producer_id)s limit %(many)s) found
    """
    values = {"producer_id": query.producer_id, "many": MANY_VECTORS}
    with conn.cursor(row_factory=scalar_row) as cur:
        return bool(cur.execute(statement, values).fetchone())


def _composed(statement: LiteralString, query: Query) -> Composed:
    """The statement for one producer.

    The index of a producer is partial, on its id, and on vectors of one length: it is
    only considered where both stand in the statement, and a length cannot be a
    parameter. This is the only place where SQL is put together.
    """
    return SQL(statement).format(
        producer_id=Literal(query.producer_id), dimension=Literal(query.dimension)
    )


_SETTINGS = """
    select set_config('hnsw.ef_search', '100', true),
           set_config('hnsw.iterative_scan', 'relaxed_order', true)
"""

_SAMPLE = """
    select count(*) as sampled, coalesce(avg(cosine), 0) as mean,
           coalesce(stddev_samp(cosine), 0) as deviation
      from (select -(e.embedding <#> %(vector)s::halfvec) as cosine
              from gallery.embeddings e
             where e.producer_id = {producer_id}
             order by e.content_id
             limit 1000) sample
"""

_EXACT = """
    with meant as materialized (
        select t.image_id, t.content_id, t.kind, t.ratio, t.thumbhash, t.duration,
               t.taken_at
          from gallery.timeline t
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
           and (not %(narrow)s or t.image_id in (
               select * from gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s)))
    ), near as (
        select e.content_id, e.time_offset,
               e.embedding <#> %(vector)s::halfvec as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and e.content_id in (select content_id from meant)
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join meant t using (content_id)
     order by near.distance, t.image_id
"""

_INDEXED = """
    with near as materialized (
        select e.content_id, e.time_offset,
               e.embedding::halfvec({dimension})
               <#> %(vector)s::halfvec({dimension}) as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and exists (
               select from gallery.timeline t
                where t.content_id = e.content_id
                  and (%(since)s::date is null or t.taken_at >= %(since)s::date)
                  and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
                  and (%(kind)s::text is null or t.kind = %(kind)s)
                  and (not %(narrow)s or t.image_id in (
                      select * from gallery.matching(
                          %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                          %(rating)s, %(q)s, %(taxon)s, %(label)s))))
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.timeline t using (content_id)
     order by near.distance, t.image_id
"""

_FEW_OBJECTS = """
    with near as materialized (
        select e.detection_id,
               e.embedding
               <#> %(vector)s::halfvec as distance
          from gallery.crop_embeddings e
         where e.producer_id = {producer_id}
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, d.time_offset,
           d.detection_id, d.label, array[d.x, d.y, d.width, d.height] as box
      from near
      join gallery.detections d using (detection_id)
      join gallery.timeline t using (image_id)
     order by near.distance, d.detection_id
"""

_MANY_OBJECTS = """
    with near as materialized (
        select e.detection_id,
               e.embedding::halfvec({dimension})
               <#> %(vector)s::halfvec({dimension}) as distance
          from gallery.crop_embeddings e
         where e.producer_id = {producer_id}
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, d.time_offset,
           d.detection_id, d.label, array[d.x, d.y, d.width, d.height] as box
      from near
      join gallery.detections d using (detection_id)
      join gallery.timeline t using (image_id)
     order by near.distance, d.detection_id
"""
