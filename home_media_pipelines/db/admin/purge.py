"""Forgetting what is gone: only when a person asks, and never what a person said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.exposures import images


@dataclass(frozen=True, slots=True)
class Purged:
    """What was forgotten: folder keys, and contents whose thumbnails may go too.

    `key_frames`: (content_id, frame) of pictures on disk that may go as well.
    """

    files: int
    images: int
    folders: list[str]
    contents: list[str]
    key_frames: list[tuple[str, int]]


def purge(
    conn: psycopg.Connection,
    *,
    before: datetime,
    now: datetime,
    keys: Collection[str] = (),
) -> Purged:
    """Delete what has been missing since before a time, and what nothing points to.

    In the folders `keys`, everything that is missing goes, however short a time.

    Files, images without files, vanished folders without files, and rows derived from
    contents that no file holds. Curation stays: an image whose bytes come back gets
    its id again, and with it what was said of it.
    """
    lock(conn, Lock.INVENTORY, Lock.GROUPING, Lock.ANALYSES, Lock.COUNTS)
    values = {"before": before, "keys": list(keys)}
    touched = conn.execute(
        """
        select distinct m.image_id from files f join image_files m using (file_id)
         where f.missing_since < %(before)s
            or (f.missing_since is not null and f.folder = any(%(keys)s))
        """,
        values,
    ).fetchall()
    files = conn.execute(
        """
        delete from files where missing_since < %(before)s
            or (missing_since is not null and folder = any(%(keys)s))
        """,
        values,
    ).rowcount
    images.refresh_presence(conn, [image_id for (image_id,) in touched], now=now)
    gone = conn.execute(
        """
        delete from images i
         where i.missing_since is not null
           and not exists (select from image_files m where m.image_id = i.image_id)
        """
    ).rowcount
    folders = conn.execute(
        """
        delete from folders o
         where o.state = 'vanished'
           and not exists (select from files f where f.folder = o.folder)
           and not exists (select from images i where i.folder = o.folder)
        returning folder
        """
    ).fetchall()
    contents = _derived(conn)
    frames = _seen(conn)
    return Purged(
        files, gone, sorted(folder for (folder,) in folders), contents, frames
    )


def _derived(conn: psycopg.Connection) -> list[str]:
    """Delete what was derived from contents without a file; return the thumbnails'."""
    conn.execute(
        """
        delete from exif e
         where not exists (select from files f where f.content_id = e.content_id)
        """
    )
    conn.execute(
        """
        delete from problems p
         where p.content_id is not null
           and not exists (select from files f where f.content_id = p.content_id)
        """
    )
    rows = conn.execute(
        """
        delete from thumbnails t
         where not exists (select from files f where f.content_id = t.content_id)
        returning content_id
        """
    ).fetchall()
    return sorted(content_id for (content_id,) in rows)


def _seen(conn: psycopg.Connection) -> list[tuple[str, int]]:
    """Delete what networks saw in contents without a file; return the key frames.

    Masks, crops and links go with the detections.
    """
    for statement in (
        """
        delete from analyses a
         where not exists (select from files f where f.content_id = a.content_id)
        """,
        """
        delete from detections d
         where not exists (select from files f where f.content_id = d.content_id)
        """,
        """
        delete from embeddings e
         where not exists (select from files f where f.content_id = e.content_id)
        """,
    ):
        conn.execute(statement)
    rows = conn.execute(
        """
        delete from key_frames k
         where not exists (select from files f where f.content_id = k.content_id)
        returning content_id, frame
        """
    ).fetchall()
    return sorted(rows)
