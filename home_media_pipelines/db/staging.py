"""Rows on their way into a table: COPY into a temporary table, then one statement."""

from collections.abc import Iterable, Sequence
from typing import LiteralString

import orjson
import psycopg
from psycopg.types.json import Jsonb


def stage(
    conn: psycopg.Connection,
    create: LiteralString,
    copy: LiteralString,
    types: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Fill a temporary table that goes with the transaction.

    Args:
        conn: in a transaction.
        create: drops what an earlier call left, and creates the table.
        copy: the binary COPY statement.
        types: Postgres type names, one per column.
        rows: of values, in the order of the columns.
    """
    conn.execute(create)
    with conn.cursor().copy(copy) as stream:
        stream.set_types(types)
        for row in rows:
            stream.write_row(row)


def plain(value: str | None) -> str | None:
    """Return text that Postgres stores: no NUL, no half of a surrogate pair."""
    if value is None or (value.isprintable() and value.isascii()):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def plain_json(value: object) -> Jsonb:
    """Return a JSON value without what Postgres cannot store, whatever it holds."""
    return Jsonb(_plain(value), dumps=orjson.dumps)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(key)): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value) if abs(value) < 2**1000 else str(value)[:400]
    return value
