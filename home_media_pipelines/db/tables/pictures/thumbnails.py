"""Table `thumbnails`: the small pictures of a content that lie on disk."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.staging import plain, stage
from home_media_pipelines.db.tables.exposures import images
from home_media_pipelines.db.tables.inventory.contents import (
    MAX_ATTEMPTS,
    PendingContent,
)


@dataclass(frozen=True, slots=True)
class ThumbnailRow:
    """A row of `thumbnails`, without its producer; units as in the table."""

    content_id: str
    width: int
    height: int
    sizes: list[int]
    byte_count: int
    thumbhash: bytes
    mean_color: int
    decoder: str
    warning: str | None


def pending(
    conn: psycopg.Connection, folders: Collection[str], producer_id: str
) -> list[PendingContent]:
    """Return the pictures and videos in the folders without thumbnails, by path.

    Left out is what failed for good under this producer, or too often, and files
    that lost their bytes: only an intact copy can stand for them. A HEIC or AVIF that
    its decoder turns by itself has no orientation to apply; a sidecar that corrects
    the orientation counts before the file.
    """
    query = """
        with waiting as (
            select distinct on (f.content_id) f.content_id, f.folder, f.library, l.root,
                   f.path, f.name, f.size, f.format, f.role,
                   case when f.format in ('heic', 'heif', 'avif')
                         and e.tags ? 'QuickTime:Rotation'
                        then null else coalesce(i.orientation, e.orientation)
                   end as orientation
              from files f
              join libraries l using (library)
              left join exif e using (content_id)
              left join images i using (content_id)
              left join thumbnails t using (content_id)
             where f.folder = any(%(folders)s) and f.missing_since is null
               and f.content_id is not null and f.role in ('picture', 'raw', 'video')
               and not exists (select from damage d where d.file_id = f.file_id
                                  and d.content_id = f.content_id)
               and t.producer_id is distinct from %(producer_id)s
               and not exists (
                   select from problems b
                    where b.asset = 'thumbnails' and b.subject = f.content_id
                      and b.producer_id = %(producer_id)s
                      and (b.permanent or b.attempts >= %(attempts)s))
             order by f.content_id, f.folder, f.path
        )
        select * from waiting order by folder, path
    """
    values = {
        "folders": list(folders),
        "producer_id": producer_id,
        "attempts": MAX_ATTEMPTS,
    }
    with conn.cursor(row_factory=class_row(PendingContent)) as cur:
        return cur.execute(query, values).fetchall()


def upsert(
    conn: psycopg.Connection, rows: Iterable[ThumbnailRow], producer_id: str
) -> None:
    """Store what was made of contents; images take over the ratio of what is shown."""
    made = list(rows)
    stage(
        conn,
        """
        drop table if exists pg_temp.made;
        create temp table made on commit drop as select * from thumbnails with no data
        """,
        "copy made from stdin (format binary)",
        [
            "text", "text", "int4", "int4", "int2[]", "int8", "bytea", "int4", "text",
            "text",
        ],
        (
            (
                it.content_id, producer_id, it.width, it.height, list(it.sizes),
                it.byte_count, it.thumbhash, it.mean_color, it.decoder,
                plain(it.warning),
            )
            for it in made
        ),
    )  # fmt: skip
    conn.execute(
        """
        insert into thumbnails as t select * from made order by content_id
            on conflict (content_id) do update
           set producer_id = excluded.producer_id, width = excluded.width,
               height = excluded.height, sizes = excluded.sizes, bytes = excluded.bytes,
               thumbhash = excluded.thumbhash, mean_color = excluded.mean_color,
               decoder = excluded.decoder, warning = excluded.warning
         where t is distinct from excluded
        """
    )
    images.follow_thumbnails(conn, [it.content_id for it in made])


def stored(
    conn: psycopg.Connection, folders: Collection[str]
) -> list[tuple[str, list[int]]]:
    """Return (content_id, sizes) of the thumbnails that images of the folders show."""
    return conn.execute(
        """
        select distinct t.content_id, t.sizes
          from images i join thumbnails t using (content_id)
         where i.folder = any(%(folders)s) and i.missing_since is null
         order by 1
        """,
        {"folders": list(folders)},
    ).fetchall()


def forget(conn: psycopg.Connection, content_ids: Collection[str]) -> None:
    """Drop rows whose files are gone from disk, so that they are made again."""
    conn.execute(
        "delete from thumbnails where content_id = any(%(ids)s)",
        {"ids": list(content_ids)},
    )
