"""Table `detections`: the objects in a content."""

from collections.abc import Collection

import psycopg
import pyarrow as pa
from psycopg.rows import class_row

from home_media_pipelines.core.vision.detections import DETECTIONS, Detection
from home_media_pipelines.db.arrow import copy_table, of_these
from home_media_pipelines.db.tables.vision import analyses


def store(
    conn: psycopg.Connection,
    rows: pa.Table,
    *,
    producer_id: str,
    contents: Collection[str],
) -> list[str]:
    """Store what a producer found in contents; return those that were still to do.

    Masks, crops and links that came from earlier boxes of them go, and are made again.

    Args:
        conn: in a transaction that ends soon: writers take turns.
        rows: the columns of `DETECTIONS`.
        producer_id: who looked.
        contents: all that were looked at, also those without any object.
    """
    todo = analyses.begin(conn, producer_id, contents)
    values = {"producer_id": producer_id, "contents": todo}
    conn.execute(
        """
        delete from detections
         where producer_id = %(producer_id)s and content_id = any(%(contents)s)
        """,
        values,
    )
    copy_table(
        conn,
        """
        copy detections (detection_id, content_id, frame, time_offset, label, score, x,
                         y, width, height, producer_id)
        from stdin (format binary)
        """,
        [
            "uuid", "text", "int2", "float4", "text", "float4", "float4", "float4",
            "float4", "float4", "text",
        ],
        of_these(rows.select(DETECTIONS.names), todo, producer_id),
    )  # fmt: skip
    conn.execute(
        """
        insert into analyses (asset, producer_id, content_id, count, mean_score)
        select 'detections', %(producer_id)s, c.content_id, count(d.detection_id),
               avg(d.score)
          from unnest(%(contents)s::text[]) c (content_id)
          left join detections d
            on d.content_id = c.content_id and d.producer_id = %(producer_id)s
         group by c.content_id
        """,
        values,
    )
    return todo


def of_contents(
    conn: psycopg.Connection, producer_id: str, contents: Collection[str]
) -> list[Detection]:
    """Return what a producer found in contents, by content, frame and score."""
    query = """
        select detection_id, content_id, frame, time_offset, label, score, x, y, width,
               height
          from detections
         where producer_id = %(producer_id)s and content_id = any(%(contents)s)
         order by content_id, frame, score desc, detection_id
    """
    values = {"producer_id": producer_id, "contents": list(contents)}
    with conn.cursor(row_factory=class_row(Detection)) as cur:
        return cur.execute(query, values).fetchall()


def still_there(
    conn: psycopg.Connection, rows: pa.Table, contents: Collection[str]
) -> list[str]:
    """Return the contents whose detections, as rows name them, all exist.

    Args:
        conn: in the transaction that is going to write the rows.
        rows: with columns `detection_id` and `content_id`.
        contents: to choose from.
    """
    found = conn.execute(
        """
        select distinct n.content_id
          from unnest(%(ids)s::uuid[], %(contents)s::text[])
               n (detection_id, content_id)
         where not exists (select from detections d
                            where d.detection_id = n.detection_id)
        """,
        {
            "ids": rows.column("detection_id").to_pylist(),
            "contents": rows.column("content_id").to_pylist(),
        },
    )
    lost = {content_id for (content_id,) in found}
    return [content_id for content_id in contents if content_id not in lost]


def count_outside(conn: psycopg.Connection, producer_id: str) -> int:
    """Count the boxes of a producer that leave their picture."""
    row = conn.execute(
        """
        select count(*) from detections
         where producer_id = %(producer_id)s
           and not (x >= 0 and y >= 0 and x + width <= 1.0001 and y + height <= 1.0001)
        """,
        {"producer_id": producer_id},
    ).fetchone()
    return row[0] if row else 0
