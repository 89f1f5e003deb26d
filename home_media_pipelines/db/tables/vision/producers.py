"""Tables `producers` and `active_producers`: who made a row, and whose rows count."""

from collections.abc import Collection

import psycopg
from psycopg.types.json import Jsonb

from home_media_pipelines.core.vision.producer import Producer


def register(conn: psycopg.Connection, producer: Producer) -> str:
    """Make the producer known, and active if its asset has none; return its id."""
    values = {
        "producer_id": producer.producer_id,
        "asset": producer.asset,
        "code_version": producer.code_version,
        "model": producer.model,
        "weights_hash": producer.weights_hash,
        "parameters": Jsonb(dict(producer.parameters)),
    }
    conn.execute(
        """
        insert into producers
               (producer_id, asset, code_version, model, weights_hash, parameters)
        values (%(producer_id)s, %(asset)s, %(code_version)s, %(model)s,
                %(weights_hash)s, %(parameters)s)
            on conflict do nothing
        """,
        values,
    )
    conn.execute(
        """
        insert into active_producers (asset, producer_id)
        values (%(asset)s, %(producer_id)s) on conflict do nothing
        """,
        values,
    )
    return producer.producer_id


def activate(conn: psycopg.Connection, producer: Producer) -> str:
    """Make this producer's rows the ones that count for its asset; return its id."""
    producer_id = register(conn, producer)
    conn.execute(
        """
        update active_producers
           set producer_id = %(producer_id)s,
               filling = nullif(filling, %(producer_id)s),
               previous = nullif(previous, %(producer_id)s)
         where asset = %(asset)s and producer_id <> %(producer_id)s
        """,
        {"asset": producer.asset, "producer_id": producer_id},
    )
    return producer_id


def set_target(conn: psycopg.Connection, producer: Producer) -> str:
    """Say that this producer should have done everything; return its id.

    While another one is read it is filled beside it, until a switch (see `models`).
    Where nothing is there to be read yet, it is read at once.
    """
    producer_id = register(conn, producer)
    conn.execute(
        """
        update active_producers a
           set producer_id = case when empty then %(producer_id)s
                                  else a.producer_id end,
               filling = case when not empty and a.producer_id <> %(producer_id)s
                              then %(producer_id)s end,
               held = held and %(producer_id)s in (a.producer_id, a.previous)
          from (select not exists (select from analyses d
                                    where d.producer_id = r.producer_id) as empty
                  from active_producers r where r.asset = %(asset)s) known
         where a.asset = %(asset)s
           and %(producer_id)s is distinct from coalesce(a.filling, a.producer_id)
        """,
        {"asset": producer.asset, "producer_id": producer_id},
    )
    return producer_id


def set_targets(
    conn: psycopg.Connection, wanted: Collection[Producer]
) -> dict[str, str]:
    """Do the same for producers of different assets; return their ids by asset.

    Those that are the targets already cost one read.
    """
    known = targets(conn, [it.asset for it in wanted])
    return {
        it.asset: it.producer_id
        if known.get(it.asset) == it.producer_id
        else set_target(conn, it)
        for it in wanted
    }


def claim(conn: psycopg.Connection, producer: Producer) -> str:
    """Return who should do everything: this producer where nobody was chosen yet."""
    known = targets(conn, [producer.asset])
    if not known:  # whoever registers first, of two, has it
        register(conn, producer)
        known = targets(conn, [producer.asset])
    return known[producer.asset]


def targets(conn: psycopg.Connection, assets: Collection[str]) -> dict[str, str]:
    """Return, of the assets that have one, the producer that should do everything."""
    rows = conn.execute(
        """
        select asset, coalesce(filling, producer_id) from active_producers
         where asset = any(%(assets)s)
        """,
        {"assets": list(assets)},
    )
    return dict(rows.fetchall())


def active(conn: psycopg.Connection, asset: str) -> str | None:
    """Return the id of the producer whose rows count for the asset."""
    row = conn.execute(
        "select producer_id from active_producers where asset = %(asset)s",
        {"asset": asset},
    ).fetchone()
    return None if row is None else row[0]
