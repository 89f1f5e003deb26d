"""Reads of `gallery.taxa` and what is linked to it. One function, one statement."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from home_media_api.filters import Filters
from home_media_api.schemas.hits import Hit
from home_media_api.schemas.search import FoundTaxon
from home_media_api.schemas.taxa import Taxon


def tree(conn: Connection) -> list[Taxon]:
    """Every taxon with how many images show it, parents before children."""
    query = """
        select x.taxon::text as taxon, x.parent::text as parent, x.names, c.own, c.total
          from gallery.taxa x join gallery.taxon_counts c using (taxon)
         order by x.taxon
    """
    with conn.cursor(row_factory=class_row(Taxon)) as cur:
        return cur.execute(query).fetchall()


def meant(conn: Connection, words: Sequence[str]) -> FoundTaxon | None:
    """The taxon that the first of these words means, if any means one.

    Of several taxa with the same word the one higher up is meant, for what is below
    it is found too.
    """
    query = """
        with found as (
            select x.taxon, x.names
              from unnest(%(words)s::text[]) with ordinality asked (word, place)
              join gallery.taxon_words w using (word)
              join gallery.taxa x using (taxon)
             order by asked.place, nlevel(x.taxon), x.taxon
             limit 1
        )
        select f.taxon::text as taxon, coalesce(
                   f.names ->> 'en',
                   (select min(value) from jsonb_each_text(f.names)),
                   subpath(f.taxon, -1)::text) as name,
               (select c.total from gallery.taxon_counts c
                 where c.taxon = f.taxon) as count
          from found f
    """
    with conn.cursor(row_factory=class_row(FoundTaxon)) as cur:
        return cur.execute(query, {"words": list(words)}).fetchone()


def images(conn: Connection, filters: Filters, *, taxon: str, limit: int) -> list[Hit]:
    """Images that show a taxon or anything below it, the surest first.

    What a keyword says is surer than what a network saw.
    """
    query = """
        with linked as (
            select l.image_id, max(l.score) as score, bool_or(l.score is null) as said
              from gallery.taxonomy_links l
             where l.taxon in (select b.taxon from gallery.taxa b
                                where b.taxon <@ %(asked)s::ltree)
             group by l.image_id
        )
        select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
               encode(t.thumbhash, 'base64') as thumbhash, t.duration,
               to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
               linked.score, 'taxon' as source, null as time_offset
          from linked
          join gallery.timeline t using (image_id)
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
           and (not %(narrow)s or t.image_id in (
               select * from gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s)))
         order by linked.said desc, linked.score desc, t.taken_at desc, t.image_id
         limit %(limit)s
    """
    values = {**filters.values(), "asked": taxon, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cur:
        return [Hit(**row) for row in cur.execute(query, values)]
