"""Reads of `gallery.taxa`. One function, one statement."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import class_row

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
