"""Images that show a taxon, the surest first, however many there are.

Few links, or few images that pass a filter, are all looked at. Of many links only the
surest, which an index gives: when those are not enough, more of them, then all. A link
without a score is a keyword's: it is surer than any.
"""

from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import dict_row

from home_media_api.find.question import Question
from home_media_api.find.statement import below, compose, having
from home_media_api.schemas.hits import Hit

FEW = 5_000
"""Up to so many links are all looked at."""

MORE = 20_000
"""Up to so many images that pass a filter are all looked at; and so many of the surest
links, or of the newest images, before all are."""

_ALL = 2**31


def images(
    conn: Connection, question: Question, *, taxon: str, limit: int
) -> list[Hit]:
    """Images that show a taxon or anything below it.

    What a keyword says is surer than what a network saw. Equally sure ones are newest
    first.
    """
    if question == Question():
        return _surest(conn, question, taxon, at_most=_ALL, limit=limit) or []
    found = _among(conn, question, taxon, at_most=MORE, limit=limit)
    if found is None:
        found = _surest(conn, question, taxon, at_most=MORE, limit=limit)
    if found is None:
        found = _among(conn, question, taxon, at_most=_ALL, limit=limit)
    return found or []


def _rows(
    conn: Connection,
    template: LiteralString,
    question: Question,
    taxon: str,
    **values: int,
) -> list[dict[str, Any]]:
    """Links are met in another way than by the question: it is probed."""
    statement = compose(template, question, probed=True, below=below("shown"))
    with conn.cursor(row_factory=dict_row) as cur:
        return cur.execute(
            statement, having(question, shown=taxon, **values)
        ).fetchall()


def _among(
    conn: Connection, question: Question, taxon: str, *, at_most: int, limit: int
) -> list[Hit] | None:
    """Of the images that pass the filters; None if more than `at_most` do.

    One row at least comes, with how many pass, and no image when there are too many.
    """
    query = """
        with passing as materialized (
            select i.image_id, i.taken_at
              from gallery.images i
             where {conditions}
             limit %(at_most)s::bigint + 1
        ), counted as (
            select count(*) as passed from passing
        ), found as (
            select p.image_id, linked.score, linked.said
              from passing p
             cross join lateral (
                   select max(l.score) as score, bool_or(l.score is null) as said
                     from gallery.taxonomy_links l
                    where l.image_id = p.image_id and {below}) linked
             where linked.said is not null
               and (select passed from counted) <= %(at_most)s
             order by linked.said desc, linked.score desc, p.taken_at desc, p.image_id
             limit %(limit)s
        )
        select counted.passed, {image}, found.score, 'taxon' as source,
               null as time_offset
          from counted
          left join found on true
          left join gallery.images i on i.image_id = found.image_id
         order by found.said desc, found.score desc, i.taken_at desc, i.image_id
    """
    values = {"shown": taxon, "at_most": at_most, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cur:
        statement = compose(query, question, below=below("shown"))
        rows = cur.execute(statement, having(question, **values)).fetchall()
    if rows[0]["passed"] > at_most:
        return None
    return [Hit(**row) for row in rows if row["image_id"] is not None]


def _surest(
    conn: Connection, question: Question, taxon: str, *, at_most: int, limit: int
) -> list[Hit] | None:
    """Of `at_most` links of either sort; None if that is too few to tell.

    Links are counted up to what it takes to tell how to look for them.
    """
    query = """
        select (select count(*)
                  from (select from gallery.taxonomy_links l
                         where {below} and l.score is null
                         limit %(few)s + 1) counted) as said,
               (select count(*)
                  from (select from gallery.taxonomy_links l
                         where {below} and l.score is not null
                         limit %(few)s + 1) counted) as seen
    """
    (links,) = _rows(conn, query, Question(), taxon, few=FEW)
    first = _said(conn, question, taxon, links["said"], at_most=at_most, limit=limit)
    if first is None or len(first) == limit:
        return first
    wanted = limit - len(first)
    rest = _seen(conn, question, taxon, links, at_most=at_most, limit=wanted)
    return None if rest is None else first + rest


def _said(
    conn: Connection,
    question: Question,
    taxon: str,
    links: int,
    *,
    at_most: int,
    limit: int,
) -> list[Hit] | None:
    """Those that keywords speak of: of many links, first among the newest images."""
    if not links:
        return []
    if links > FEW:
        found = _newest_said(conn, question, taxon, limit=limit)
        if len(found) == limit:
            return found
        if at_most < _ALL:
            return None
    query = """
        with said as materialized (
            select distinct l.image_id
              from gallery.taxonomy_links l
             where {below} and l.score is null
        )
        select {image}, linked.score, 'taxon' as source, null as time_offset
          from said
         cross join lateral (
               select * from gallery.images i
                where i.image_id = said.image_id offset 0) i
         cross join lateral (
               select max(l.score) as score
                 from gallery.taxonomy_links l
                where l.image_id = said.image_id and {below}) linked
         where {conditions}
         order by linked.score desc, i.taken_at desc, i.image_id
         limit %(limit)s
    """
    return [Hit(**row) for row in _rows(conn, query, question, taxon, limit=limit)]


def _newest_said(
    conn: Connection, question: Question, taxon: str, *, limit: int
) -> list[Hit]:
    """Of the newest images, those that only keywords speak of.

    They come before those that networks saw as well. The offsets keep the planner from
    looking for all there are.
    """
    query = """
        select {image}, null as score, 'taxon' as source, null as time_offset
          from (select *
                  from gallery.images i
                 order by i.taken_at desc
                 fetch first (%(newest)s) rows with ties) i
         where exists (select from gallery.taxonomy_links l
                        where l.image_id = i.image_id and {below} and l.score is null
                       offset 0)
           and not exists (select from gallery.taxonomy_links l
                            where l.image_id = i.image_id and {below}
                              and l.score is not null
                           offset 0)
           and {conditions}
         order by i.taken_at desc, i.image_id
         limit %(limit)s
    """
    rows = _rows(conn, query, question, taxon, newest=MORE, limit=limit)
    return [Hit(**row) for row in rows]


def _seen(
    conn: Connection,
    question: Question,
    taxon: str,
    links: dict[str, int],
    *,
    at_most: int,
    limit: int,
) -> list[Hit] | None:
    """Of the surest links those of images that no keyword speaks of.

    First of a few times as many links as images are wanted: some have several. All
    links with the last score are among them, so what is left out is less sure than what
    is found. The offset keeps the planner from reading all images to find these.
    """
    query = """
        with surest as materialized (
            select l.image_id, l.score
              from gallery.taxonomy_links l
             where {below} and l.score is not null
             order by l.score desc
             fetch first (%(most)s) rows with ties
        ), seen as (
            select image_id, max(score) as score from surest group by image_id
        )
        select {image}, seen.score, 'taxon' as source, null as time_offset
          from seen
         cross join lateral (
               select * from gallery.images i
                where i.image_id = seen.image_id offset 0) i
         where (%(said)s = 0 or not exists (
                   select from gallery.taxonomy_links l
                    where l.image_id = i.image_id and {below} and l.score is null))
           and {conditions}
         order by seen.score desc, i.taken_at desc, i.image_id
         limit %(limit)s
    """
    many = links["seen"] > FEW
    steps = (5 * limit, MORE, _ALL) if many else (_ALL,)
    for most in steps if links["seen"] else ():
        if many and most > at_most:
            return None
        rows = _rows(
            conn, query, question, taxon, most=most, said=links["said"], limit=limit
        )
        if len(rows) == limit or most == _ALL:
            return [Hit(**row) for row in rows]
    return []
