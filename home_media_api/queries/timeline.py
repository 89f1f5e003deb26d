"""Reads of `gallery.timeline`: days, parts of crowded days, columns of a bucket."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from home_media_api.buckets import LIMIT, Bucket, Day, Part
from home_media_api.filters import Filters


def days(conn: Connection, filters: Filters) -> list[Day]:
    """Local days that have images, newest first."""
    values = filters.values()
    return _counted(conn, values) if values["narrow"] else _kept(conn, values)


def _kept(conn: Connection, values: Mapping[str, Any]) -> list[Day]:
    """By the counts that are kept, which know of days and kinds and nothing else."""
    query = """
        select d.day, sum(d.images)::bigint, sum(d.ratios)
          from gallery.days d
         where (%(since)s::date is null or d.day >= %(since)s::date)
           and (%(until)s::date is null or d.day <= %(until)s::date)
           and (%(kind)s::text is null or d.kind = %(kind)s)
         group by d.day
         order by d.day desc
    """
    with conn.cursor(binary=True) as cur:
        return [Day(*row) for row in cur.execute(query, values)]


def _counted(conn: Connection, values: Mapping[str, Any]) -> list[Day]:
    """By the images that pass the filters.

    They are sorted here: asked to, Postgres would sort the images, not the days.
    """
    query = """
        select t.taken_at::date as day, count(*) as count,
               sum(coalesce(t.ratio, 1.5)) as ratio_sum
          from gallery.timeline t
          join gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            on m.image_id = t.image_id
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
         group by 1
    """
    with conn.cursor(row_factory=class_row(Day)) as cur:
        found = cur.execute(query, values).fetchall()
    return sorted(found, key=lambda day: day.day, reverse=True)


def parts(conn: Connection, filters: Filters, crowded: Sequence[date]) -> list[Part]:
    """Days in parts of at most 500 images, counted from the oldest, oldest first."""
    query = """
        with numbered as (
            select d.day, t.taken_at, t.image_id,
                   coalesce(t.ratio, 1.5) as ratio,
                   row_number() over (
                       partition by d.day order by t.taken_at, t.image_id) - 1 as place
              from unnest(%(days)s::date[]) d (day)
              join gallery.timeline t
                on t.taken_at >= d.day and t.taken_at < d.day + 1
             where (%(since)s::date is null or t.taken_at >= %(since)s::date)
               and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
               and (%(kind)s::text is null or t.kind = %(kind)s)
               and (not %(narrow)s or exists (
                   select from gallery.matching(
                       %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                       %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
                    where m.image_id = t.image_id
                   offset 0))
        )
        select day, (array_agg(taken_at order by place))[1] as taken_at,
               (array_agg(image_id order by place))[1] as image_id,
               count(*) as count, sum(ratio) as ratio_sum
          from numbered
         group by day, place / %(limit)s
         order by day, place / %(limit)s
    """
    values = {**filters.values(), "days": list(crowded), "limit": LIMIT}
    with conn.cursor(row_factory=class_row(Part)) as cur:
        return cur.execute(query, values).fetchall()


def columns(conn: Connection, bucket: Bucket, filters: Filters) -> bytes:
    """The images of a bucket by column, newest first, as JSON.

    The plain bounds on `taken_at` repeat what the pairs say: of pairs Postgres cannot
    tell how few rows are meant, and would read whole tables. The offset keeps it from
    looking for all images that pass the filters.
    """
    query = """
        select convert_to(json_build_object(
                   'bucket', %(bucket)s::text,
                   'image_id', coalesce(json_agg(image_id), '[]'),
                   'ratio', coalesce(json_agg(ratio), '[]'),
                   'thumbhash', coalesce(json_agg(thumbhash), '[]'),
                   'content_id', coalesce(json_agg(content_id), '[]'),
                   'taken_at', coalesce(json_agg(taken_at), '[]'),
                   'kind', coalesce(json_agg(kind), '[]'),
                   'duration', coalesce(json_agg(duration), '[]'),
                   'stack_size', coalesce(json_agg(stack_size), '[]'))::text, 'UTF8')
          from (select t.image_id, t.content_id, t.kind, t.duration,
                       coalesce(t.ratio, 1.5) as ratio,
                       encode(t.thumbhash, 'base64') as thumbhash,
                       to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
                       t.stack_size
                  from gallery.timeline t
                 where t.taken_at >= %(start)s and t.taken_at <= %(end)s
                   and (t.taken_at, t.image_id) >= (%(start)s, %(first)s)
                   and (t.taken_at, t.image_id) < (%(end)s, %(after)s)
                   and (%(since)s::date is null or t.taken_at >= %(since)s::date)
                   and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
                   and (%(kind)s::text is null or t.kind = %(kind)s)
                   and (not %(narrow)s or exists (
                       select from gallery.matching(
                           %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                           %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
                        where m.image_id = t.image_id
                       offset 0))
                 order by t.taken_at desc, t.image_id desc) image
    """
    values = {
        **filters.values(),
        "bucket": bucket.key,
        "start": bucket.start.taken_at,
        "first": bucket.start.image_id,
        "end": bucket.end.taken_at,
        "after": bucket.end.image_id,
    }
    with conn.cursor(row_factory=scalar_row, binary=True) as cur:
        return cur.execute(query, values).fetchone() or b"{}"
