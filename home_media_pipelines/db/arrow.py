"""Arrow tables on their way into Postgres, by binary COPY."""

from collections.abc import Collection, Iterable, Sequence
from typing import LiteralString

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg.halfvec import register_halfvec_info
from psycopg.types import TypeInfo


def copy_table(
    conn: psycopg.Connection,
    statement: LiteralString,
    types: Sequence[str],
    rows: pa.Table,
) -> None:
    """Write all rows of a table.

    Args:
        conn: in a transaction.
        statement: the binary COPY.
        types: Postgres type names, one per column.
        rows: columns in the order of the statement. A column of `halfvec` holds lists
            of float16 that are all equally long.
    """
    if "halfvec" in types:
        _know_halfvec(conn)
    columns = [_values(rows.column(name)) for name in rows.column_names]
    with conn.cursor().copy(statement) as stream:
        stream.set_types(types)
        for row in zip(*columns, strict=True):
            stream.write_row(row)


def _values(column: pa.ChunkedArray) -> Iterable[object]:
    if not pa.types.is_fixed_size_list(column.type):
        return column.to_pylist()
    flat = pc.list_flatten(column).to_numpy()
    return map(HalfVector, flat.reshape(len(column), column.type.list_size))


def _know_halfvec(conn: psycopg.Connection) -> None:
    info = TypeInfo.fetch(conn, "halfvec")
    if info is None:
        raise LookupError("this database has no type halfvec")
    register_halfvec_info(conn, info)


def vectors(values: Sequence[NDArray[np.floating]]) -> pa.FixedSizeListArray:
    """Return vectors as an Arrow column of float16, all of one length.

    Args:
        values: each of shape (dimension,), any float dtype.
    """
    stacked = np.stack(values) if len(values) else np.empty((0, 1))
    flat = pa.array(np.ascontiguousarray(stacked, dtype=np.float16).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, stacked.shape[1])


def of_these(rows: pa.Table, contents: Collection[str], producer_id: str) -> pa.Table:
    """Return the rows of some contents, with a last column that names the producer."""
    wanted = pc.is_in(rows.column("content_id"), pa.array(contents, pa.string()))
    kept = rows.filter(wanted)
    producers = pa.array([producer_id] * len(kept), pa.string())
    return kept.append_column("producer_id", producers)
