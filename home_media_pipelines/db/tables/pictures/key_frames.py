"""Table `key_frames`: pictures out of videos that lie on disk."""

from collections.abc import Collection, Mapping, Sequence

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.staging import stage
from home_media_pipelines.db.tables.inventory.contents import (
    MAX_ATTEMPTS,
    PendingContent,
)
from home_media_pipelines.db.tables.vision import analyses
from home_media_pipelines.io.key_frames import KeyFrame


def pending(
    conn: psycopg.Connection, folders: Collection[str], producer_id: str
) -> list[PendingContent]:
    """Return the videos in the folders without key frames of this producer, by path.

    Left out is what failed for good under it, or too often, and files that lost their
    bytes: only an intact copy can stand for them.
    """
    query = """
        with waiting as (
            select distinct on (f.content_id) f.content_id, f.folder, f.library, l.root,
                   f.path, f.name, f.size, f.format, f.role
              from waiting_contents('key_frames', %(producer_id)s, %(attempts)s,
                                    %(folders)s) w
              join files f using (content_id)
              join libraries l using (library)
             where f.missing_since is null and f.role = 'video'
               and not exists (select from damage d where d.file_id = f.file_id
                                  and d.content_id = f.content_id)
             order by f.content_id, f.folder <> w.folder, f.folder, f.path
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


def store(
    conn: psycopg.Connection,
    frames: Mapping[str, Sequence[KeyFrame]],
    *,
    producer_id: str,
) -> None:
    """Store which key frames of videos are on disk, instead of earlier ones.

    What was seen in those videos counts no more: they are looked at again.
    """
    todo = analyses.begin(conn, producer_id, frames)
    values = {"producer_id": producer_id, "contents": todo}
    conn.execute("delete from key_frames where content_id = any(%(contents)s)", values)
    stage(
        conn,
        "select",
        """
        copy key_frames (content_id, frame, producer_id, time_offset, width, height)
        from stdin (format binary)
        """,
        ["text", "int2", "text", "float4", "int4", "int4"],
        (
            (key, it.frame, producer_id, it.time_offset, it.width, it.height)
            for key in todo
            for it in frames[key]
        ),
    )
    conn.execute(
        """
        delete from analyses where content_id = any(%(contents)s)
           and producer_id in (select producer_id from producers
                                where asset in ('key_frames', 'detections', 'masks',
                                                'embeddings', 'crop_embeddings',
                                                'taxonomy_links'))
        """,
        values,
    )
    conn.execute(
        """
        insert into analyses (asset, producer_id, content_id, count)
        select 'key_frames', %(producer_id)s, c.content_id, count(k.content_id)
          from unnest(%(contents)s::text[]) c (content_id)
          left join key_frames k on k.content_id = c.content_id
         group by c.content_id
        """,
        values,
    )


def stored(conn: psycopg.Connection, folders: Collection[str]) -> list[tuple[str, int]]:
    """Return (content_id, frame) of the key frames that images of the folders have."""
    return conn.execute(
        """
        select distinct k.content_id, k.frame
          from images i join key_frames k using (content_id)
         where i.folder = any(%(folders)s) and i.missing_since is null
         order by 1, 2
        """,
        {"folders": list(folders)},
    ).fetchall()
