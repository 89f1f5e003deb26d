"""Table `masks`: the pixels of detections."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pyarrow as pa

from home_media_pipelines.core.vision.rle import CroppedMask
from home_media_pipelines.db.arrow import copy_table, of_these
from home_media_pipelines.db.tables.vision import analyses, detections

MASKS = pa.schema(
    {
        "detection_id": pa.uuid(),
        "content_id": pa.string(),
        "picture_width": pa.int32(),
        "picture_height": pa.int32(),
        "x": pa.int32(),
        "y": pa.int32(),
        "width": pa.int32(),
        "height": pa.int32(),
        "rle": pa.string(),
        "area": pa.float32(),
        "score": pa.float32(),
        "stability": pa.float32(),
    }
)
"""Columns of a mask with the content of its detection, without the producer."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The pixels of a detection; `score` and `stability` 0–1 or None."""

    detection_id: UUID
    content_id: str
    pixels: CroppedMask
    score: float | None = None
    stability: float | None = None


@dataclass(frozen=True, slots=True)
class StoredMask:
    """A mask with where to look at it: the key frame of a video, or 0."""

    detection_id: UUID
    content_id: str
    frame: int
    pixels: CroppedMask


def masks_table(found: Iterable[Mask]) -> pa.Table:
    """One row per mask; the columns of `MASKS`."""
    rows = [
        (
            it.detection_id, it.content_id, it.pixels.picture_width,
            it.pixels.picture_height, it.pixels.x, it.pixels.y, it.pixels.width,
            it.pixels.height, it.pixels.counts, it.pixels.area, it.score, it.stability,
        )
        for it in found
    ]  # fmt: skip
    named = [dict(zip(MASKS.names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema=MASKS)


def store(
    conn: psycopg.Connection,
    rows: pa.Table,
    *,
    producer_id: str,
    contents: Collection[str],
) -> list[str]:
    """Store the masks a producer drew in contents; return those that were still to do.

    A content whose boxes are other ones by now is left out: it waits on.

    Args:
        conn: in a transaction that ends soon: writers take turns.
        rows: the columns of `MASKS`.
        producer_id: who drew them.
        contents: all whose detections were looked at, also those without any.
    """
    todo = analyses.begin(conn, producer_id, contents)
    todo = detections.still_there(conn, rows, todo)
    values = {"producer_id": producer_id, "contents": todo}
    conn.execute(
        """
        delete from masks m using detections d
         where m.detection_id = d.detection_id and m.producer_id = %(producer_id)s
           and d.content_id = any(%(contents)s)
        """,
        values,
    )
    copy_table(
        conn,
        """
        copy masks (detection_id, picture_width, picture_height, x, y, width, height,
                    rle, area, score, stability, producer_id)
        from stdin (format binary)
        """,
        [
            "uuid", "int4", "int4", "int4", "int4", "int4", "int4", "text", "float4",
            "float4", "float4", "text",
        ],
        of_these(rows, todo, producer_id).drop_columns("content_id"),
    )  # fmt: skip
    conn.execute(
        """
        insert into analyses (asset, producer_id, content_id, count, mean_score)
        select 'masks', %(producer_id)s, c.content_id, count(m.detection_id),
               avg(m.score)
          from unnest(%(contents)s::text[]) c (content_id)
          left join (detections d join masks m using (detection_id))
            on d.content_id = c.content_id and m.producer_id = %(producer_id)s
         group by c.content_id
        """,
        values,
    )
    return todo


def of_contents(
    conn: psycopg.Connection, producer_id: str, contents: Collection[str]
) -> list[StoredMask]:
    """Return the masks of a producer in contents, by content and frame."""
    rows = conn.execute(
        """
        select m.detection_id, d.content_id, d.frame, m.picture_width, m.picture_height,
               m.x, m.y, m.width, m.height, m.rle, m.area
          from detections d join masks m using (detection_id)
         where m.producer_id = %(producer_id)s and d.content_id = any(%(contents)s)
         order by d.content_id, d.frame, d.score desc, m.detection_id
        """,
        {"producer_id": producer_id, "contents": list(contents)},
    )
    return [
        StoredMask(detection, content_id, frame, CroppedMask(*pixels))
        for detection, content_id, frame, *pixels in rows
    ]


def sample(
    conn: psycopg.Connection, producer_id: str, limit: int
) -> list[tuple[UUID, CroppedMask]]:
    """Return up to `limit` masks of a producer, the same ones every time."""
    rows = conn.execute(
        """
        select detection_id, picture_width, picture_height, x, y, width, height, rle,
               area
          from masks where producer_id = %(producer_id)s
         order by detection_id limit %(limit)s
        """,
        {"producer_id": producer_id, "limit": limit},
    )
    return [(detection, CroppedMask(*pixels)) for detection, *pixels in rows]
