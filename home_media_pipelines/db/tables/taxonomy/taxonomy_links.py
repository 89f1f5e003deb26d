"""Table `taxonomy_links`: which taxa are in an image, and how we know."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.inventory.contents import MAX_ATTEMPTS
from home_media_pipelines.db.tables.taxonomy import taxa

PEOPLE = "person"
"""What stands below it in a hierarchy of keywords is somebody's name."""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """The links of a folder, and how many of them are new, and how many went."""

    links: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Detector:
    """A producer of detections that is read or being filled."""

    producer_id: str
    model: str | None
    filling: bool


def detectors(conn: psycopg.Connection) -> list[Detector]:
    """Return whose detections are to be linked: those that are read first."""
    query = """
        select p.producer_id, p.model, p.producer_id = a.filling as filling
          from active_producers a
          join producers p on p.producer_id in (a.producer_id, a.filling)
         where a.asset = 'detections' order by filling nulls first
    """
    with conn.cursor(row_factory=class_row(Detector)) as cur:
        return cur.execute(query).fetchall()


def take_over(conn: psycopg.Connection, producer_id: str) -> None:
    """Give a producer the links that are read now, where it has not linked yet itself.

    Done before it is activated, so that no image is without links meanwhile.
    """
    lock(conn, Lock.ANALYSES)
    conn.execute(
        """
        update taxonomy_links l set producer_id = %(producer_id)s
          from active_producers a
         where a.asset = 'taxonomy_links' and a.producer_id <> %(producer_id)s
           and l.producer_id = a.producer_id
           and not exists (select from images i join analyses n using (content_id)
                            where i.image_id = l.image_id
                              and n.producer_id = %(producer_id)s)
           and not exists (select from taxonomy_links n
                            where n.image_id = l.image_id
                              and n.producer_id = %(producer_id)s)
        """,
        {"producer_id": producer_id},
    )


def relink(
    conn: psycopg.Connection,
    folder: str,
    *,
    producer_id: str,
    detections: str | None,
    vocabulary: str | None,
    threshold: float,
) -> LinkCounts:
    """Make the links of the folder's present images what detections and words say.

    Only rows that differ are written. A keyword that is the name of a person in the
    image, or stands below people in a hierarchy, is no flower even if she is Lily. Of
    a hierarchy the deepest level with a meaning counts.

    Args:
        conn: in a transaction that ends soon: writers of what is seen take turns.
        folder: its key.
        producer_id: whose links these are.
        detections: the producer whose detections are linked; None for keywords alone.
        vocabulary: the one of its labels; None if nobody knows them.
        threshold: score from 0 to 1 that counts where no taxon says another.
    """
    lock(conn, Lock.ANALYSES)
    meanings = taxa.meanings(conn, _texts(conn, folder))
    values: dict[str, Any] = {
        "folder": folder,
        "producer_id": producer_id,
        "detections": detections,
        "vocabulary": vocabulary,
        "threshold": threshold,
        "texts": [text for text, _ in meanings],
        "taxa": [taxon for _, taxon in meanings],
        "people": PEOPLE,
    }
    counts = _apply(conn, values)
    _note(conn, folder, producer_id)
    return counts


def _texts(conn: psycopg.Connection, folder: str) -> list[str]:
    """Return all that is a keyword in the folder, or a level of a hierarchy."""
    rows = conn.execute(
        """
        select unnest(keywords) as text from gallery.images where folder = %(folder)s
        union
        select regexp_split_to_table(path, '\\|')
          from gallery.images, unnest(keyword_paths) path where folder = %(folder)s
         order by text
        """,
        {"folder": folder},
    )
    return [text for (text,) in rows]


def _apply(conn: psycopg.Connection, values: dict[str, Any]) -> LinkCounts:
    query = """
        with present as materialized (
            select image_id, content_id, keywords, keyword_paths, people,
                   sources ->> 'keywords' = 'person' as said
              from gallery.images where folder = %(folder)s
        ), meaning as materialized (
            select text, taxon::ltree
              from unnest(%(texts)s::text[], %(taxa)s::text[]) m (text, taxon)
        ), level as materialized (
            select p.image_id, h.path, l.number, l.text, m.taxon,
                   l.number = cardinality(string_to_array(h.path, '|')) as leaf
              from present p
              cross join lateral unnest(p.keyword_paths) h (path)
              cross join lateral unnest(string_to_array(h.path, '|'))
                   with ordinality l (text, number)
              left join meaning m using (text)
             where p.said is not true
        ), name as (
            select l.image_id, l.path, l.text
              from level l
             where exists (select from level up
                            where up.image_id = l.image_id and up.path = l.path
                              and up.number < l.number and up.taxon = %(people)s::ltree)
               and not coalesce(l.taxon <@ %(people)s::ltree, false)
            union all
            select p.image_id, null, k.text
              from present p
              cross join lateral unnest(p.keywords) k (text)
              cross join lateral jsonb_array_elements(p.people) known
             where lower(known ->> 'name') = lower(k.text)
                or starts_with(lower(known ->> 'name'), lower(k.text) || ' ')
        ), said as (
            select p.image_id, m.taxon, k.text
              from present p
              cross join lateral unnest(p.keywords) k (text)
              join meaning m using (text)
             where not exists (select from name n
                                where n.image_id = p.image_id and n.text = k.text)
            union
            select image_id, taxon, text
              from (select distinct on (l.image_id, l.path) l.image_id, l.taxon, l.text
                      from level l
                     where l.taxon is not null
                       and not exists (select from name n
                                        where n.image_id = l.image_id
                                          and n.path = l.path and n.text = l.text)
                     order by l.image_id, l.path, l.number desc) deepest
        ), seen as materialized (
            select p.image_id, d.detection_id, d.label, d.score
              from present p join detections d using (content_id)
             where d.producer_id = %(detections)s
        ), counting as materialized (
            select l.label, l.taxon, coalesce(t.threshold, %(threshold)s) as threshold
              from label_taxa l
              left join lateral (
                   select up.threshold
                     from generate_series(1, nlevel(l.taxon)) depth
                     join taxa up on up.taxon = subpath(l.taxon, 0, depth)
                    where up.threshold is not null
                    order by depth desc limit 1) t on true
             where l.vocabulary = %(vocabulary)s and l.label in (select label from seen)
        ), wanted as materialized (
            select image_id, taxon, 'keyword' as source, null::uuid as detection_id,
                   text as keyword, null::real as score
              from said
            union
            select s.image_id, c.taxon, 'detection', s.detection_id, null, s.score
              from seen s join counting c using (label)
             where s.score >= c.threshold
        ), known as materialized (
            select l.image_id, l.taxon, l.source, l.detection_id, l.keyword, l.score
              from present p join taxonomy_links l using (image_id)
             where l.producer_id = %(producer_id)s
        ), surplus as (
            table known except table wanted
        ), lacking as (
            table wanted except table known
        ), removed as (
            delete from taxonomy_links l using surplus s
             where l.producer_id = %(producer_id)s and l.image_id = s.image_id
               and l.taxon = s.taxon
               and l.detection_id is not distinct from s.detection_id
               and l.keyword is not distinct from s.keyword
            returning l.image_id
        ), added as (
            insert into taxonomy_links
                   (image_id, taxon, source, detection_id, keyword, score, producer_id)
            select image_id, taxon, source, detection_id, keyword, score,
                   %(producer_id)s
              from lacking order by image_id, taxon
            returning image_id
        )
        select (select count(*) from wanted) as links,
               (select count(*) from added) as added,
               (select count(*) from removed) as removed
    """
    with conn.cursor(row_factory=class_row(LinkCounts)) as cur:
        return cur.execute(query, values).fetchone() or LinkCounts(0, 0, 0)


def _note(conn: psycopg.Connection, folder: str, producer_id: str) -> None:
    """Note the contents whose links are complete: their detections are all there."""
    conn.execute(
        """
        with done as (
            select content_id
              from waiting_contents('taxonomy_links', %(producer_id)s, %(attempts)s,
                                    array[%(folder)s])
             union
            select a.content_id from looked_at l join analyses a using (content_id)
             where l.folder = %(folder)s and a.producer_id = %(producer_id)s
        )
        insert into analyses as a (asset, producer_id, content_id, count, mean_score)
        select 'taxonomy_links', %(producer_id)s, d.content_id, count(l.taxon),
               avg(l.score)
          from done d
          join images i using (content_id)
          left join taxonomy_links l
            on l.image_id = i.image_id and l.producer_id = %(producer_id)s
         group by d.content_id
            on conflict (producer_id, content_id) do update
           set count = excluded.count, mean_score = excluded.mean_score,
               made_at = excluded.made_at
         where (a.count, a.mean_score)
               is distinct from (excluded.count, excluded.mean_score)
        """,
        {"folder": folder, "producer_id": producer_id, "attempts": MAX_ATTEMPTS},
    )


def not_active(conn: psycopg.Connection) -> int:
    """Count the links that are read but whose detection is not."""
    row = conn.execute(
        """
        select count(*)
          from active_producers a
          join taxonomy_links l using (producer_id)
          join detections d using (detection_id)
         where a.asset = 'taxonomy_links'
           and not exists (select from active_producers o
                            where o.asset = 'detections'
                              and o.producer_id = d.producer_id)
        """
    ).fetchone()
    return row[0] if row else 0
