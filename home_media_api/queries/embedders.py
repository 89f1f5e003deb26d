"""Reads of who embeds: `gallery.active_producers`, `gallery.calibrations`."""

from dataclasses import dataclass

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

Unreadable = psycopg.Error
"""What a database raises that is away, or not of this version."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """Whose vectors are searched: a model with the identity of its weights."""

    producer_id: str
    model: str | None
    weights_hash: str | None


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cosines from which a content possibly fits, and from which it likely does."""

    possible: float
    likely: float


def active(conn: Connection) -> Embedder | None:
    """Whose embeddings are read, if anyone's."""
    query = """
        select producer_id, model, weights_hash
          from gallery.active_producers
         where asset = 'embeddings'
    """
    with conn.cursor(row_factory=class_row(Embedder)) as cur:
        return cur.execute(query).fetchone()


def cuts(conn: Connection, producer_id: str) -> Cuts | None:
    """The cuts of a producer for words, if it was calibrated."""
    query = """
        select possible, likely
          from gallery.calibrations
         where producer_id = %(producer_id)s
    """
    with conn.cursor(row_factory=class_row(Cuts)) as cur:
        return cur.execute(query, {"producer_id": producer_id}).fetchone()
