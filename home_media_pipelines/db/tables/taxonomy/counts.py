"""Counts for quick reading: by folder in `…_totals`, of the library in `…_sums`."""

import psycopg

from home_media_pipelines.db.locks import Lock, lock


def compact(conn: psycopg.Connection) -> int:
    """Count again the folders where something changed; return how many there were.

    Until then those folders are counted whenever somebody asks, which is right but
    slow when there are many. Differences that triggers noted are added up.
    """
    lock(conn, Lock.COUNTS)
    rows = conn.execute("delete from uncounted_folders returning folder").fetchall()
    folders = sorted({folder for (folder,) in rows})
    for statement in (
        "delete from label_totals where folder = any(%(folders)s)",
        """
        insert into label_totals (producer_id, folder, label, images, detections)
        select producer_id, folder, label, images, detections
          from folder_labels where folder = any(%(folders)s)
        """,
        "delete from taxon_totals where folder = any(%(folders)s)",
        """
        insert into taxon_totals (producer_id, folder, taxon, own, total)
        select producer_id, folder, taxon, own, total
          from folder_taxa where folder = any(%(folders)s)
        """,
        "delete from taxon_day_totals where folder = any(%(folders)s)",
        """
        insert into taxon_day_totals (
               folder, producer_id, taxon, day, kind, images, ratios)
        select folder, producer_id, taxon, day, kind, images, ratios
          from folder_taxon_days where folder = any(%(folders)s)
        """,
    ):
        conn.execute(statement, {"folders": folders})
    _add_up(conn)
    return len(folders)


def _add_up(conn: psycopg.Connection) -> None:
    """Make one row of the differences of a label, a taxon, a day or a facet."""
    for statement in (
        """
        with several as (
            select producer_id, label from label_sums
             group by producer_id, label having count(*) > 1
        ), gone as (
            delete from label_sums s using several
             where (s.producer_id, s.label) = (several.producer_id, several.label)
            returning s.*
        )
        insert into label_sums (producer_id, label, images, detections)
        select producer_id, label, sum(images), sum(detections) from gone
         group by producer_id, label having sum(detections) <> 0
        """,
        """
        with several as (
            select producer_id, taxon from taxon_sums
             group by producer_id, taxon having count(*) > 1
        ), gone as (
            delete from taxon_sums s using several
             where (s.producer_id, s.taxon) = (several.producer_id, several.taxon)
            returning s.*
        )
        insert into taxon_sums (producer_id, taxon, own, total)
        select producer_id, taxon, sum(own), sum(total) from gone
         group by producer_id, taxon having sum(total) <> 0
        """,
        """
        with several as (
            select producer_id, taxon, day, kind from taxon_day_sums
             group by producer_id, taxon, day, kind having count(*) > 1
        ), gone as (
            delete from taxon_day_sums s using several
             where (s.producer_id, s.taxon, s.day, s.kind)
                   = (several.producer_id, several.taxon, several.day, several.kind)
            returning s.*
        )
        insert into taxon_day_sums (producer_id, taxon, day, kind, images, ratios)
        select producer_id, taxon, day, kind, sum(images), sum(ratios) from gone
         group by producer_id, taxon, day, kind having sum(images) <> 0
        """,
        """
        with several as (
            select day, kind from day_sums group by day, kind having count(*) > 1
        ), gone as (
            delete from day_sums s using several
             where (s.day, s.kind) = (several.day, several.kind)
            returning s.*
        )
        insert into day_sums (day, kind, images, ratios)
        select day, kind, sum(images), sum(ratios) from gone
         group by day, kind having sum(images) <> 0
        """,
        """
        with gone as (delete from facet_sums returning *)
        insert into facet_sums (kind, camera, lens, images)
        select kind, camera, lens, sum(images) from gone
         group by kind, camera, lens having sum(images) <> 0
        """,
    ):
        conn.execute(statement)
