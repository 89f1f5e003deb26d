"""Table `crop_embeddings`: what detections look like, as unit vectors."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import psycopg
import pyarrow as pa
from numpy.typing import NDArray

from home_media_pipelines.db.arrow import copy_table, of_these, vectors
from home_media_pipelines.db.tables.vision import analyses, detections


@dataclass(frozen=True, slots=True)
class CropEmbedding:
    """A detection cut out of its content, as a unit vector of shape (dimension,)."""

    detection_id: UUID
    content_id: str
    vector: NDArray[np.floating]


def crop_embeddings_table(found: Iterable[CropEmbedding]) -> pa.Table:
    """One row per vector, stored with half precision.

    Raises:
        ValueError: the vectors are not equally long.
    """
    made = list(found)
    return pa.table(
        {
            "detection_id": pa.array([it.detection_id for it in made], pa.uuid()),
            "content_id": pa.array([it.content_id for it in made], pa.string()),
            "embedding": vectors([it.vector for it in made]),
        }
    )


def store(
    conn: psycopg.Connection,
    rows: pa.Table,
    *,
    producer_id: str,
    contents: Collection[str],
) -> list[str]:
    """Store the vectors of crops; return the contents that were still to do.

    One whose boxes are other ones by now is left out: it waits on.

    Args:
        conn: in a transaction that ends soon: writers take turns.
        rows: as `crop_embeddings_table` makes them.
        producer_id: who embedded them.
        contents: all whose masks were looked at, also those without any.

    Raises:
        psycopg.errors.DataException: a vector holds NaN or infinity.
        psycopg.errors.CheckViolation: a vector is not of length 1.
    """
    todo = analyses.begin(conn, producer_id, contents)
    todo = detections.still_there(conn, rows, todo)
    values = {"producer_id": producer_id, "contents": todo}
    conn.execute(
        """
        delete from crop_embeddings e using detections d
         where e.detection_id = d.detection_id and e.producer_id = %(producer_id)s
           and d.content_id = any(%(contents)s)
        """,
        values,
    )
    copy_table(
        conn,
        """
        copy crop_embeddings (detection_id, embedding, producer_id)
        from stdin (format binary)
        """,
        ["uuid", "halfvec", "text"],
        of_these(rows, todo, producer_id).drop_columns("content_id"),
    )
    conn.execute(
        """
        insert into analyses (asset, producer_id, content_id, count)
        select 'crop_embeddings', %(producer_id)s, c.content_id, count(e.detection_id)
          from unnest(%(contents)s::text[]) c (content_id)
          left join (detections d join crop_embeddings e using (detection_id))
            on d.content_id = c.content_id and e.producer_id = %(producer_id)s
         group by c.content_id
        """,
        values,
    )
    return todo


def count_odd_norms(conn: psycopg.Connection, producer_id: str) -> int:
    """Count the vectors of a producer whose length is not 1, within half precision."""
    row = conn.execute(
        """
        select count(*) from crop_embeddings
         where producer_id = %(producer_id)s
           and not abs(l2_norm(embedding) - 1) < 0.005
        """,
        {"producer_id": producer_id},
    ).fetchone()
    return row[0] if row else 0
