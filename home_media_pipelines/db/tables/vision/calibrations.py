"""Table `calibrations`: from which cosine on a content fits the words of a search."""

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two cosines, and how many vectors were looked at to tell them."""

    possible: float
    likely: float
    sampled: int


def store(conn: psycopg.Connection, producer_id: str, it: Calibration) -> None:
    """Store the cuts of a producer of embeddings, instead of earlier ones."""
    conn.execute(
        """
        insert into calibrations (producer_id, possible, likely, sampled)
        values (%(producer_id)s, %(possible)s, %(likely)s, %(sampled)s)
            on conflict (producer_id) do update
           set possible = excluded.possible, likely = excluded.likely,
               sampled = excluded.sampled, made_at = now()
        """,
        {
            "producer_id": producer_id,
            "possible": it.possible,
            "likely": it.likely,
            "sampled": it.sampled,
        },
    )


def of_producer(conn: psycopg.Connection, producer_id: str) -> Calibration | None:
    """Return the cuts of a producer, if they are known."""
    query = """
        select possible, likely, sampled from calibrations
         where producer_id = %(producer_id)s
    """
    with conn.cursor(row_factory=class_row(Calibration)) as cur:
        return cur.execute(query, {"producer_id": producer_id}).fetchone()
