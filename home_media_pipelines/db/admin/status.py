"""How things stand: numbers for the command line, counts for the asset checks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class AssetTotals:
    """Contents (for `files`: folders) by how an asset stands to them.

    They are fresh under `producer_id`, which ran `model`, if it runs one. `filling`
    is the model that will be read next, `filled` its share from 0 to 1.
    """

    asset: str
    fresh: int
    stale: int
    failed: int
    waiting: int
    producer_id: str | None = None
    model: str | None = None
    filling: str | None = None
    filled: float | None = None


@dataclass(frozen=True, slots=True)
class LibraryTotals:
    """A library and what is present in it; `root` quoted."""

    library: str
    root: str
    state: str
    reason: str | None
    checked_at: datetime | None
    folders: int
    files: int
    images: int


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder that needs attention, and why."""

    folder: str
    library: str
    state: str
    reason: str | None
    attempts: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """How far a first pass is: `done` of about `total` files."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RowCheck:
    """Counts that must be zero when the tables of some folders agree."""

    files_without_image: int
    links_without_image: int
    images_without_file: int


def assets(conn: psycopg.Connection) -> list[AssetTotals]:
    """Return the totals of every asset, in the order of the graph."""
    query = """
        with counted as (
            select asset, sum(fresh)::bigint as fresh, sum(stale)::bigint as stale,
                   sum(failed)::bigint as failed, sum(waiting)::bigint as waiting
              from gallery.freshness group by asset
        )
        select asset, fresh, stale, failed, waiting, a.producer_id, a.model,
               case when a.filling is not null
                    then coalesce(a.filling_model, a.filling) end as filling,
               (select (c.done + c.failed)::float8 / nullif(c.contents, 0)
                  from gallery.coverage c
                 where c.asset = a.asset and c.producer_id = a.filling) as filled
          from counted left join gallery.active_producers a using (asset)
         order by array_position(
                      array['files', 'exif', 'images', 'thumbnails', 'key_frames',
                            'detections', 'masks', 'embeddings', 'crop_embeddings',
                            'taxonomy_links'], asset)
    """
    with conn.cursor(row_factory=class_row(AssetTotals)) as cur:
        return cur.execute(query).fetchall()


def libraries(conn: psycopg.Connection) -> list[LibraryTotals]:
    """Return every library with its totals, by name."""
    query = """
        select library, root, state, reason, checked_at, folders, files, images
          from gallery.libraries order by library
    """
    with conn.cursor(row_factory=class_row(LibraryTotals)) as cur:
        return cur.execute(query).fetchall()


def troubled_folders(conn: psycopg.Connection) -> list[FolderState]:
    """Return the folders that are unreachable, vanished or waiting after a failure."""
    query = """
        select folder, library, state, reason, attempts, retry_at from folders
         where state <> 'reachable' or attempts > 0 order by folder
    """
    with conn.cursor(row_factory=class_row(FolderState)) as cur:
        return cur.execute(query).fetchall()


def unfinished(conn: psycopg.Connection) -> list[tuple[str, str]]:
    """Return (folder, asset) where contents are waiting or stale."""
    return conn.execute(
        """
        select folder, asset from gallery.freshness
         where waiting + stale > 0 order by folder, asset
        """
    ).fetchall()


def row_check(conn: psycopg.Connection, folders: Collection[str]) -> RowCheck:
    """Count, for the folders, rows of one table that another should have followed."""
    query = """
        select (select count(*) from files f left join image_files m using (file_id)
                 where f.folder = any(%(folders)s) and f.missing_since is null
                   and f.role in ('picture', 'raw', 'video')
                   and f.content_id is not null
                   and m.file_id is null) as files_without_image,
               (select count(*) from files f join image_files m using (file_id)
                  join images i using (image_id)
                 where f.folder = any(%(folders)s) and f.missing_since is null
                   and i.missing_since is not null) as links_without_image,
               (select count(*) from images i
                 where i.folder = any(%(folders)s) and i.missing_since is null
                   and not exists (select from image_files m
                                     join files f using (file_id)
                                    where m.image_id = i.image_id
                                      and f.missing_since is null)
               ) as images_without_file
    """
    with conn.cursor(row_factory=class_row(RowCheck)) as cur:
        found = cur.execute(query, {"folders": list(folders)}).fetchone()
    return found or RowCheck(0, 0, 0)


def images_without_thumbnails(
    conn: psycopg.Connection, folders: Collection[str]
) -> list[str]:
    """Return contents that images show, with neither thumbnails nor a problem."""
    rows = conn.execute(
        """
        select distinct i.content_id
          from images i
          left join thumbnails t using (content_id)
          left join problems p on p.asset = 'thumbnails' and p.subject = i.content_id
         where i.folder = any(%(folders)s) and i.missing_since is null
           and t.content_id is null and p.subject is null
         order by 1
        """,
        {"folders": list(folders)},
    )
    return [content_id for (content_id,) in rows]


def odd_dates(
    conn: psycopg.Connection,
    folders: Collection[str],
    *,
    earliest: datetime,
    latest: datetime,
) -> list[tuple[str, datetime]]:
    """Return (path, taken_at) of images whose local time lies outside the bounds."""
    return conn.execute(
        """
        select min(f.path), i.taken_at
          from images i join image_files m using (image_id) join files f using (file_id)
         where i.folder = any(%(folders)s) and i.missing_since is null
           and m.part = 'primary'
           and (i.taken_at < %(earliest)s::timestamp
                or i.taken_at > %(latest)s::timestamp)
         group by i.image_id, i.taken_at order by 1
        """,
        {"folders": list(folders), "earliest": earliest, "latest": latest},
    ).fetchall()


def columns(conn: psycopg.Connection, table: str) -> list[tuple[str, str, str | None]]:
    """Return (name, type, comment) of a table's columns, in order."""
    return conn.execute(
        """
        select a.attname, format_type(a.atttypid, a.atttypmod),
               col_description(a.attrelid, a.attnum)
          from pg_attribute a
         where a.attrelid = to_regclass(%(table)s) and a.attnum > 0
           and not a.attisdropped
         order by a.attnum
        """,
        {"table": table},
    ).fetchall()


def progress(conn: psycopg.Connection, names: Collection[str]) -> list[Step]:
    """Return how many of the libraries' files are in the inventory and shown."""
    query = """
        with walked as (
            select coalesce(sum(file_count), 0) as files from folders
             where library = any(%(names)s) and state = 'reachable'
        ), known as (
            select count(*) as files,
                   count(distinct f.content_id) filter (where f.role <> 'sidecar')
                       as contents,
                   count(distinct f.content_id) filter (
                       where f.role <> 'sidecar'
                         and (t.content_id is not null or p.subject is not null))
                       as shown
              from files f
              left join thumbnails t using (content_id)
              left join problems p
                on p.asset = 'thumbnails' and p.subject = f.content_id
             where f.library = any(%(names)s) and f.missing_since is null
               and f.role <> 'other'
        )
        select 'files' as what, known.files as done,
               greatest(walked.files, known.files)::bigint as total
          from walked, known
         union all
        select 'thumbnails', shown, contents from known
    """
    with conn.cursor(row_factory=class_row(Step)) as cur:
        return cur.execute(query, {"names": list(names)}).fetchall()
