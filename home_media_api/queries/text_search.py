"""Images by the words in their name, title and keywords, newest first."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row, scalar_row

from home_media_api.filters import Filters
from home_media_api.schemas.hits import Hit

RARE = 2_000
"""Up to so many images with the words are looked up and sorted."""


def images(conn: Connection, filters: Filters, *, limit: int) -> list[Hit]:
    """Images with the words of `filters.q`, or beginnings of words, newest first.

    Rare words are looked up in their index. Images with frequent ones are soon met on
    the way back in time. The planner cannot tell one from the other. A text without a
    word finds nothing.
    """
    known = _at_most(conn, filters, RARE + 1)
    if not known:
        return []
    if len(known) <= RARE:
        return _of_these(conn, filters, known, limit)
    return _newest(conn, filters, limit)


def _at_most(conn: Connection, filters: Filters, limit: int) -> list[UUID]:
    query = """
        select image_id
          from gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
         where numnode(gallery.prefix_query(%(q)s)) > 0
         limit %(limit)s
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        return cur.execute(query, {**filters.values(), "limit": limit}).fetchall()


def _of_these(
    conn: Connection, filters: Filters, known: list[UUID], limit: int
) -> list[Hit]:
    query = """
        select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
               encode(t.thumbhash, 'base64') as thumbhash, t.duration,
               to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
               null as score, 'words' as source, null as time_offset
          from gallery.timeline t
         where t.image_id = any(%(known)s)
           and (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
         order by t.taken_at desc, t.image_id desc
         limit %(limit)s
    """
    values = {**filters.values(), "known": known, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cur:
        return [Hit(**row) for row in cur.execute(query, values)]


def _newest(conn: Connection, filters: Filters, limit: int) -> list[Hit]:
    query = """
        select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
               encode(t.thumbhash, 'base64') as thumbhash, t.duration,
               to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
               null as score, 'words' as source, null as time_offset
          from gallery.timeline t
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
           and t.image_id in (
               select * from gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s))
         order by t.taken_at desc, t.image_id desc
         limit %(limit)s
    """
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(query, {**filters.values(), "limit": limit})
        return [Hit(**row) for row in rows]
