"""Table `exif`: what is written in a content."""

from collections.abc import Collection, Iterable

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.db.staging import plain, plain_json, stage
from home_media_pipelines.db.tables.inventory.contents import (
    MAX_ATTEMPTS,
    PendingContent,
)


def pending(
    conn: psycopg.Connection, folders: Collection[str], producer_id: str
) -> list[PendingContent]:
    """Return the contents in the folders without a row of this producer, by path.

    Left out is what failed for good under this producer, or too often, and files
    that lost their bytes: only an intact copy can stand for them.
    """
    query = """
        with waiting as (
            select distinct on (f.content_id) f.content_id, f.folder, f.library, l.root,
                   f.path, f.name, f.size, f.format, f.role
              from files f
              join libraries l using (library)
              left join exif e using (content_id)
             where f.folder = any(%(folders)s) and f.missing_since is null
               and f.content_id is not null
               and not exists (select from damage d where d.file_id = f.file_id
                                  and d.content_id = f.content_id)
               and e.producer_id is distinct from %(producer_id)s
               and not exists (
                   select from problems b
                    where b.asset = 'exif' and b.subject = f.content_id
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
    conn: psycopg.Connection, rows: Iterable[tuple[str, Metadata]], producer_id: str
) -> None:
    """Store the metadata of contents; each replaces what was known of its content."""
    stage(
        conn,
        """
        drop table if exists pg_temp.read;
        create temp table read on commit drop as select * from exif with no data
        """,
        "copy read from stdin (format binary)",
        [
            "text", "text", "timestamp", "int2", "text", "text", "text", "text",
            "float8", "float8", "int4", "float8", "float8", "float8", "float8",
            "float8", "int2", "int4", "int4", "float8", "int2", "text", "text",
            "text[]", "text[]", "jsonb", "text", "jsonb", "jsonb",
            "int8", "int8", "text",
        ],
        (_row(content_id, it, producer_id) for content_id, it in rows),
    )  # fmt: skip
    conn.execute(
        """
        insert into exif as e select * from read order by content_id
            on conflict (content_id) do update
           set producer_id = excluded.producer_id, taken_at = excluded.taken_at,
               utc_offset = excluded.utc_offset,
               taken_at_source = excluded.taken_at_source, make = excluded.make,
               model = excluded.model, lens = excluded.lens,
               exposure_time = excluded.exposure_time, f_number = excluded.f_number,
               iso = excluded.iso, focal_length = excluded.focal_length,
               focal_length_35mm = excluded.focal_length_35mm,
               latitude = excluded.latitude, longitude = excluded.longitude,
               altitude = excluded.altitude, orientation = excluded.orientation,
               width = excluded.width, height = excluded.height,
               duration = excluded.duration, rating = excluded.rating,
               title = excluded.title, description = excluded.description,
               keywords = excluded.keywords, keyword_paths = excluded.keyword_paths,
               people = excluded.people,
               content_identifier = excluded.content_identifier,
               refused = excluded.refused, tags = excluded.tags,
               motion_offset = excluded.motion_offset,
               motion_length = excluded.motion_length,
               taken_at_precision = excluded.taken_at_precision
         where e is distinct from excluded
        """
    )


def _row(content_id: str, it: Metadata, producer_id: str) -> tuple[object, ...]:
    return (
        content_id, producer_id, it.taken_at, it.utc_offset, it.taken_at_source,
        plain(it.make), plain(it.model), plain(it.lens), it.exposure_time, it.f_number,
        it.iso, it.focal_length, it.focal_length_35mm, it.latitude, it.longitude,
        it.altitude, it.orientation, it.width, it.height, it.duration, it.rating,
        plain(it.title), plain(it.description), [plain(word) for word in it.keywords],
        [plain(word) for word in it.keyword_paths], plain_json(it.people),
        plain(it.content_identifier), plain_json(it.refused), plain_json(it.tags),
        it.motion_offset, it.motion_length,
        it.taken_at_precision,
    )  # fmt: skip
