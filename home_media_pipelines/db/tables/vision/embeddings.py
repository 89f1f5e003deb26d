"""Table `embeddings`: what contents mean, as unit vectors."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import psycopg
import pyarrow as pa
from numpy.typing import NDArray

from home_media_pipelines.db.arrow import copy_table, of_these, vectors
from home_media_pipelines.db.tables.vision import analyses


@dataclass(frozen=True, slots=True)
class Embedding:
    """A content or a key frame of it, as a unit vector of shape (dimension,).

    `time_offset` is seconds from the start of a video, None in a picture.
    """

    content_id: str
    vector: NDArray[np.floating]
    frame: int = 0
    time_offset: float | None = None


def embeddings_table(found: Iterable[Embedding]) -> pa.Table:
    """One row per vector, stored with half precision.

    Raises:
        ValueError: the vectors are not equally long.
    """
    made = list(found)
    return pa.table(
        {
            "content_id": pa.array([it.content_id for it in made], pa.string()),
            "frame": pa.array([it.frame for it in made], pa.int16()),
            "time_offset": pa.array([it.time_offset for it in made], pa.float32()),
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
    """Store the vectors of contents; return the contents that were still to do.

    Args:
        conn: in a transaction that ends soon: writers take turns.
        rows: as `embeddings_table` makes them.
        producer_id: who embedded them.
        contents: all that were looked at.

    Raises:
        psycopg.errors.DataException: a vector holds NaN or infinity.
        psycopg.errors.CheckViolation: a vector is not of length 1.
    """
    todo = analyses.begin(conn, producer_id, contents)
    values = {"producer_id": producer_id, "contents": todo}
    conn.execute(
        """
        delete from embeddings
         where producer_id = %(producer_id)s and content_id = any(%(contents)s)
        """,
        values,
    )
    copy_table(
        conn,
        """
        copy embeddings (content_id, frame, time_offset, embedding, producer_id)
        from stdin (format binary)
        """,
        ["text", "int2", "float4", "halfvec", "text"],
        of_these(rows, todo, producer_id),
    )
    conn.execute(
        """
        insert into analyses (asset, producer_id, content_id, count)
        select 'embeddings', %(producer_id)s, c.content_id, count(e.content_id)
          from unnest(%(contents)s::text[]) c (content_id)
          left join embeddings e
            on e.content_id = c.content_id and e.producer_id = %(producer_id)s
         group by c.content_id
        """,
        values,
    )
    return todo


def count_odd_norms(conn: psycopg.Connection, producer_id: str) -> int:
    """Count the vectors of a producer whose length is not 1, within half precision."""
    row = conn.execute(
        """
        select count(*) from embeddings
         where producer_id = %(producer_id)s
           and not abs(l2_norm(embedding) - 1) < 0.005
        """,
        {"producer_id": producer_id},
    ).fetchone()
    return row[0] if row else 0


def sample(
    conn: psycopg.Connection, producer_id: str, limit: int
) -> NDArray[np.float32]:
    """Return up to `limit` vectors of a producer, the same ones every time.

    Returns:
        Shape (found, dimension); (0, 0) when there are none.
    """
    rows = conn.execute(
        """
        select embedding::real[] from embeddings
         where producer_id = %(producer_id)s
         order by content_id, frame limit %(limit)s
        """,
        {"producer_id": producer_id, "limit": limit},
        binary=True,
    ).fetchall()
    if not rows:
        return np.empty((0, 0), np.float32)
    return np.array([row[0] for row in rows], np.float32)
