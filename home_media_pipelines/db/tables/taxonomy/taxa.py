"""Tables `taxa`, `taxon_words` and `label_taxa`: the tree of names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from home_media_pipelines.core.taxonomy.terms import candidates
from home_media_pipelines.core.taxonomy.tree import Taxonomy
from home_media_pipelines.db.locks import Lock, lock


@dataclass(frozen=True, slots=True)
class UnmappedLabel:
    """A label that a detector says, and that means no taxon."""

    model: str
    label: str
    detections: int


def bring_in(conn: psycopg.Connection, taxonomy: Taxonomy) -> bool:
    """Make the shipped taxa those of the file; return whether they were others.

    Taxa of another source, their words and their labels are left alone. A shipped
    taxon that the file has no longer goes, unless one of another source lies below.
    """
    lock(conn, Lock.ANALYSES, Lock.TAXONOMY)
    if is_in(conn, taxonomy.edition):  # another process was first
        return False
    _store_taxa(conn, taxonomy)
    _store_words(conn, taxonomy)
    _store_labels(conn, taxonomy)
    return True


def is_in(conn: psycopg.Connection, edition: str) -> bool:
    """Whether the shipped taxa are those of this edition; all change at once."""
    row = conn.execute(
        """
        select from taxa where source = 'shipped' and version = %(edition)s limit 1
        """,
        {"edition": edition},
    ).fetchone()
    return row is not None


def _store_taxa(conn: psycopg.Connection, taxonomy: Taxonomy) -> None:
    taxa = taxonomy.taxa.values()
    values = {
        "edition": taxonomy.edition,
        "taxa": [it.path for it in taxa],
        "names": [Jsonb(dict(it.names)) for it in taxa],
        "thresholds": [it.threshold for it in taxa],
    }
    conn.execute(
        """
        insert into taxa as t (taxon, names, threshold, version)
        select taxon::ltree, names, threshold, %(edition)s
          from unnest(%(taxa)s::text[], %(names)s::jsonb[], %(thresholds)s::real[])
               as file (taxon, names, threshold)
            on conflict (taxon) do update
           set names = excluded.names, threshold = excluded.threshold,
               version = excluded.version
         where t.source = 'shipped'
        """,
        values,
    )
    conn.execute(
        """
        delete from taxa t
         where t.source = 'shipped' and t.version <> %(edition)s
           and not exists (select from taxa other
                            where other.taxon <@ t.taxon and other.source <> 'shipped')
        """,
        values,
    )


def _store_words(conn: psycopg.Connection, taxonomy: Taxonomy) -> None:
    values = {
        "edition": taxonomy.edition,
        "words": list(taxonomy.words),
        "taxa": list(taxonomy.words.values()),
    }
    conn.execute(
        """
        delete from taxon_words w using taxa t
         where t.taxon = w.taxon and t.source = 'shipped' and t.version = %(edition)s
           and (w.word, w.taxon::text) not in (
               select word, taxon
                 from unnest(%(words)s::text[], %(taxa)s::text[]) file (word, taxon))
        """,
        values,
    )
    conn.execute(
        """
        insert into taxon_words (word, taxon)
        select f.word, t.taxon
          from unnest(%(words)s::text[], %(taxa)s::text[]) f (word, taxon)
          join taxa t on t.taxon = f.taxon::ltree and t.source = 'shipped'
            on conflict do nothing
        """,
        values,
    )


def _store_labels(conn: psycopg.Connection, taxonomy: Taxonomy) -> None:
    values = {
        "edition": taxonomy.edition,
        "vocabularies": [vocabulary for vocabulary, _ in taxonomy.labels],
        "labels": [label for _, label in taxonomy.labels],
        "taxa": list(taxonomy.labels.values()),
    }
    conn.execute(
        """
        delete from label_taxa l using taxa t
         where t.taxon = l.taxon and t.source = 'shipped' and t.version = %(edition)s
           and (l.vocabulary, l.label) not in (
               select vocabulary, label
                 from unnest(%(vocabularies)s::text[], %(labels)s::text[])
                      file (vocabulary, label))
        """,
        values,
    )
    conn.execute(
        """
        insert into label_taxa as l (vocabulary, label, taxon)
        select f.vocabulary, f.label, t.taxon
          from unnest(%(vocabularies)s::text[], %(labels)s::text[], %(taxa)s::text[])
               f (vocabulary, label, taxon)
          join taxa t on t.taxon = f.taxon::ltree and t.source = 'shipped'
            on conflict (vocabulary, label) do update set taxon = excluded.taxon
         where exists (select from taxa now
                        where now.taxon = l.taxon and now.source = 'shipped')
        """,
        values,
    )


def meanings(conn: psycopg.Connection, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return (text, taxon) for those that mean one, by the likeliest of its readings.

    A text means several taxa only where people gave one word several meanings.
    """
    readings = [
        (text, rank, word)
        for text in texts
        for rank, word in enumerate(candidates(text))
    ]
    return conn.execute(
        """
        with found as (
            select r.text, r.rank, w.taxon, min(r.rank) over (partition by r.text) best
              from unnest(%(texts)s::text[], %(ranks)s::int[], %(words)s::text[])
                   r (text, rank, word)
              join taxon_words w using (word)
        )
        select text, taxon::text from found where rank = best order by text, taxon
        """,
        {
            "texts": [text for text, _, _ in readings],
            "ranks": [rank for _, rank, _ in readings],
            "words": [word for _, _, word in readings],
        },
    ).fetchall()


def unmapped(
    conn: psycopg.Connection, vocabularies: Mapping[str, str]
) -> list[UnmappedLabel]:
    """Return labels of detections that mean no taxon, the most frequent first.

    Args:
        conn: to the database.
        vocabularies: model to the vocabulary of its labels. Of a model that is not
            among them, every label is unmapped.
    """
    query = """
        with seen as (
            select p.model, d.label, count(*) as detections
              from detections d
              join producers p using (producer_id)
              join active_producers a on d.producer_id in (a.producer_id, a.filling)
             where a.asset = 'detections'
             group by p.model, d.label
        )
        select s.model, s.label, s.detections
          from seen s
          left join unnest(%(models)s::text[], %(vocabularies)s::text[])
               v (model, vocabulary) using (model)
          left join label_taxa l using (vocabulary, label)
         where l.label is null
         order by s.detections desc, s.model, s.label
    """
    values = {
        "models": list(vocabularies),
        "vocabularies": list(vocabularies.values()),
    }
    with conn.cursor(row_factory=class_row(UnmappedLabel)) as cur:
        return cur.execute(query, values).fetchall()
