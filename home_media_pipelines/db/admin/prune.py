"""Forgetting producers that nobody reads: their rows, their indexes, themselves."""

from dataclasses import dataclass

import psycopg

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.vision import vector_indexes
from home_media_pipelines.db.tables.vision.models import ASSETS


@dataclass(frozen=True, slots=True)
class Pruned:
    """A producer that was deleted, and how many rows went with it."""

    producer_id: str
    asset: str
    model: str | None
    rows: int


def prune(conn: psycopg.Connection) -> list[Pruned]:
    """Delete the producers that are neither read nor filled nor the way back.

    What those build on stays too. While an index of one is being built, all stay.
    """
    lock(conn, Lock.ANALYSES, Lock.COUNTS, Lock.BACKLOG)
    doomed = conn.execute(
        """
        with recursive kept (producer_id) as (
            select unnest(array[producer_id, filling, previous]) from active_producers
            union
            select n.input_id from kept k join producer_inputs n using (producer_id)
        )
        select p.producer_id, p.asset, p.model from producers p
         where p.asset = any(%(assets)s)
           and not exists (select from kept k where k.producer_id = p.producer_id)
         order by array_position(%(assets)s::text[], p.asset), p.producer_id
        """,
        {"assets": list(ASSETS)},
    ).fetchall()
    if not all(vector_indexes.hold(conn, it) for it, _, _ in doomed):
        return []
    pruned: list[Pruned] = []
    for producer_id, asset, model in reversed(doomed):  # what builds on others first
        rows = _delete(conn, producer_id)
        pruned.append(Pruned(producer_id, asset, model, rows))
    return pruned[::-1]


def _delete(conn: psycopg.Connection, producer_id: str) -> int:
    vector_indexes.drop(conn, producer_id)
    values = {"producer_id": producer_id}
    rows = 0
    for statement in (
        "delete from taxonomy_links where producer_id = %(producer_id)s",
        "delete from crop_embeddings where producer_id = %(producer_id)s",
        "delete from masks where producer_id = %(producer_id)s",
        "delete from embeddings where producer_id = %(producer_id)s",
        "delete from detections where producer_id = %(producer_id)s",
    ):
        rows += conn.execute(statement, values).rowcount
    conn.execute("delete from problems where producer_id = %(producer_id)s", values)
    conn.execute("delete from producers where producer_id = %(producer_id)s", values)
    return rows
