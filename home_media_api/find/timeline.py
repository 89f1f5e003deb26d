"""The timeline by the question: days, parts of crowded days, columns of a bucket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from home_media_api.find.buckets import LIMIT, Bucket, Day, Part
from home_media_api.find.question import Question
from home_media_api.find.statement import compose, conditions, having

_KEPT = {"since", "until", "kind"}
"""What days are counted by as images are written."""

_KEPT_OF_A_TAXON = {"since", "until", "kind", "taxon"}
"""What days of a taxon are counted by, as folders are counted."""


def days(conn: Connection, question: Question) -> list[Day]:
    """Local days that have images, newest first.

    They are sorted here: asked to, Postgres would sort the images, not the days.
    """
    asked = question.asked().keys()
    if asked <= _KEPT:
        found = _kept(conn, question)
    elif asked <= _KEPT_OF_A_TAXON:
        found = _kept_of_a_taxon(conn, question)
    else:
        found = _counted(conn, question)
    return sorted(found, key=lambda day: day.day, reverse=True)


def _kept(conn: Connection, question: Question) -> list[Day]:
    query = """
        select i.taken_at as day, sum(i.images)::bigint as count,
               sum(i.ratios) as ratio_sum
          from (select d.*, d.day as taken_at from gallery.days d) i
         where {conditions}
         group by i.taken_at
    """
    with conn.cursor(row_factory=class_row(Day), binary=True) as cur:
        return cur.execute(compose(query, question), having(question)).fetchall()


def _kept_of_a_taxon(conn: Connection, question: Question) -> list[Day]:
    """Images of folders that are to be counted again are looked at."""
    query = """
        select day, sum(images)::bigint as count, sum(ratios) as ratio_sum
          from (select i.taken_at as day, i.images, i.ratios
                  from (select d.*, d.day as taken_at
                          from gallery.taxon_days d
                         where d.taxon = %(taxon)s::text::ltree) i
                 where {but_the_taxon}
                union all
                select i.taken_at::date, 1, coalesce(i.ratio, 1.5)
                  from gallery.images i
                 where i.folder = any(array(
                       select u.folder from gallery.uncounted_folders u))
                   and {conditions}) counted
         group by day
    """
    statement = compose(
        query, question, but_the_taxon=conditions(replace(question, taxon=None))
    )
    with conn.cursor(row_factory=class_row(Day), binary=True) as cur:
        return cur.execute(statement, having(question)).fetchall()


def _counted(conn: Connection, question: Question) -> list[Day]:
    query = """
        select i.taken_at::date as day, count(*) as count,
               sum(coalesce(i.ratio, 1.5)) as ratio_sum
          from gallery.images i
         where {conditions}
         group by 1
    """
    with conn.cursor(row_factory=class_row(Day), binary=True) as cur:
        return cur.execute(compose(query, question), having(question)).fetchall()


def parts(conn: Connection, question: Question, crowded: Sequence[date]) -> list[Part]:
    """Days in parts of at most 500 images, counted from the oldest, oldest first."""
    query = """
        with numbered as (
            select d.day, i.taken_at, i.image_id,
                   coalesce(i.ratio, 1.5) as ratio,
                   row_number() over (
                       partition by d.day order by i.taken_at, i.image_id) - 1 as place
              from unnest(%(days)s::date[]) d (day)
              join gallery.images i
                on i.taken_at >= d.day and i.taken_at < d.day + 1
             where {conditions}
        )
        select day, (array_agg(taken_at order by place))[1] as taken_at,
               (array_agg(image_id order by place))[1] as image_id,
               count(*) as count, sum(ratio) as ratio_sum
          from numbered
         group by day, place / %(limit)s
         order by day, place / %(limit)s
    """
    values = having(question, days=list(crowded), limit=LIMIT)
    with conn.cursor(row_factory=class_row(Part)) as cur:
        return cur.execute(compose(query, question, probed=True), values).fetchall()


def columns(conn: Connection, bucket: Bucket, question: Question) -> bytes:
    """The images of a bucket by column, newest first, as JSON.

    The plain bounds on `taken_at` repeat what the pairs say: of pairs Postgres cannot
    tell how few rows are meant, and would read whole tables.
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
          from (select {image}, i.stack_size
                  from gallery.images i
                 where i.taken_at >= %(start)s and i.taken_at <= %(end)s
                   and (i.taken_at, i.image_id) >= (%(start)s, %(first)s)
                   and (i.taken_at, i.image_id) < (%(end)s, %(after)s)
                   and {conditions}
                 order by i.taken_at desc, i.image_id desc) image
    """
    values = having(
        question,
        bucket=bucket.key,
        start=bucket.start.taken_at,
        first=bucket.start.image_id,
        end=bucket.end.taken_at,
        after=bucket.end.image_id,
    )
    with conn.cursor(row_factory=scalar_row, binary=True) as cur:
        statement = compose(query, question, probed=True)
        return cur.execute(statement, values).fetchone() or b"{}"
