"""Tables `label_totals` and `taxon_totals`: counts by folder, for quick reading."""

import psycopg

from home_media_pipelines.db.connect import COUNTS, lock


def settle(conn: psycopg.Connection) -> int:
    """Count again the folders where something changed; return how many there were.

    Until then those folders are counted whenever somebody asks, which is right but
    slow when there are many.
    """
    lock(conn, COUNTS)
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
    ):
        conn.execute(statement, {"folders": folders})
    return len(folders)
