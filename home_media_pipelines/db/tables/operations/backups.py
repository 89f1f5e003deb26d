"""Backups: tables out of the database, of one moment; table `backups` remembers them.

What a person said and what only history tells (which image a file was first seen as,
when its bytes were read) cannot be made again. Everything else can, from originals.
"""

import gzip
import os
from collections.abc import Sequence
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from blake3 import blake3
from psycopg.sql import SQL, Identifier

from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.io.backup_files import (
    FORMAT,
    Kind,
    Manifest,
    TableFile,
    write_manifest,
)

IRREPLACEABLE: Final = frozenset(
    {
        "curation.events",
        "public.files",
        "public.folders",
        "public.image_files",
        "public.images",
        "public.integrity",
        "public.label_taxa",
        "public.libraries",
        "public.model_choices",
        "public.producers",
        "public.taxa",
        "public.taxon_words",
    }
)
"""What a person said, taxa of their own, and the inventory with the ids it gave."""

REMADE: Final = frozenset(
    {
        "curation.image_values",
        "public.alembic_version",
        "public.backlog",
        "public.backlog_producers",
        "public.day_sums",
        "public.facet_sums",
        "public.folder_coverage",
        "public.folder_sums",
        "public.label_sums",
        "public.label_totals",
        "public.run_heartbeats",
        "public.taxon_day_sums",
        "public.taxon_day_totals",
        "public.taxon_sums",
        "public.taxon_totals",
        "public.unchecked_folders",
        "public.uncounted_folders",
    }
)
"""In no backup: triggers, migrations and counts make them."""

_OWN: Final[dict[str, LiteralString]] = {
    "public.producers": "producer_id in (select producer_id from images)",
    "public.taxa": "source <> 'shipped'",
    "public.taxon_words": "taxon in (select taxon from taxa where source <> 'shipped')",
    "public.label_taxa": "taxon in (select taxon from taxa where source <> 'shipped')",
}
"""What of a table is irreplaceable, where that is not all of it."""

_FIRST: Final = "curation.events"
"""Loaded before the images it is about: then no image is settled row by row."""


def dump(
    url: str, directory: Path, kind: Kind, *, made_at: datetime, program: str
) -> Manifest:
    """Write a backup into an empty directory; all tables are of the same moment.

    Args:
        url: of a role that may read the tables.
        directory: there, empty, ours alone.
        kind: what cannot be made again, or everything.
        made_at: when, aware.
        program: version of this program.
    """
    with psycopg.connect(url, application_name="backup") as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        row = conn.execute("select version_num from alembic_version").fetchone()
        known = _tables(conn)
        chosen = IRREPLACEABLE if kind == "irreplaceable" else known.keys() - REMADE
        tables = [
            _copy_out(conn, table, known[table], directory, whole=kind == "full")
            for table in _in_order(conn, known)
            if table in chosen
        ]
    manifest = Manifest(
        FORMAT, kind, made_at.isoformat(), program, row[0] if row else "", tables
    )
    write_manifest(directory, manifest)
    return manifest


def record(
    conn: psycopg.Connection, manifest: Manifest, place: Path, made_at: datetime
) -> None:
    """Remember a backup that was made and checked."""
    conn.execute(
        """
        insert into backups (made_at, kind, place, rows, bytes)
        values (%(made_at)s, %(kind)s, %(place)s, %(rows)s, %(bytes)s)
        """,
        {
            "made_at": made_at,
            "kind": manifest.kind,
            "place": str(place),
            "rows": manifest.rows,
            "bytes": manifest.bytes,
        },
    )


def latest(conn: psycopg.Connection) -> datetime | None:
    """Return of which moment the newest backup is."""
    row = conn.execute("select max(made_at) from backups").fetchone()
    return row[0] if row else None


def roots(conn: psycopg.Connection) -> list[Path]:
    """Return the roots of all libraries: no backup goes below one."""
    rows = conn.execute("select root from libraries order by root").fetchall()
    return [Path(unquote_path(root)) for (root,) in rows]


def _tables(conn: psycopg.Connection) -> dict[str, list[str]]:
    """Return the columns that can be written, by table."""
    rows = conn.execute(
        """
        select n.nspname || '.' || c.relname,
               array_agg(a.attname::text order by a.attnum)
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
               and not a.attisdropped and a.attgenerated = ''
         where n.nspname in ('public', 'curation') and c.relkind = 'r'
         group by 1 order by 1
        """
    )
    return dict(rows.fetchall())


def _in_order(conn: psycopg.Connection, tables: dict[str, list[str]]) -> Sequence[str]:
    """Return the tables so that each comes after those it refers to."""
    order = TopologicalSorter[str]({table: set() for table in tables})
    rows = conn.execute(
        """
        select tn.nspname || '.' || t.relname, rn.nspname || '.' || r.relname
          from pg_constraint k
          join pg_class t on t.oid = k.conrelid
          join pg_namespace tn on tn.oid = t.relnamespace
          join pg_class r on r.oid = k.confrelid
          join pg_namespace rn on rn.oid = r.relnamespace
         where k.contype = 'f' and t.oid <> r.oid
        """
    )
    for table, before in rows:
        if table in tables and before in tables:
            order.add(table, before)
    return sorted(order.static_order(), key=lambda it: it != _FIRST)


def _copy_out(
    conn: psycopg.Connection,
    table: str,
    columns: list[str],
    directory: Path,
    *,
    whole: bool,
) -> TableFile:
    """Write the rows of a table, gzipped, as Postgres's COPY text."""
    chosen = SQL("select {} from {}").format(
        SQL(", ").join(map(Identifier, columns)), Identifier(*table.split("."))
    )
    if not whole and table in _OWN:
        chosen += SQL(" where ") + SQL(_OWN[table])
    if table == _FIRST:
        chosen += SQL(" order by event_id")
    path = directory / f"{table}.copy.gz"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    rows = 0
    with os.fdopen(descriptor, "wb") as file:
        hashed = _HashedFile(file)
        with (
            gzip.GzipFile("", "wb", 6, hashed, mtime=0) as packed,
            conn.cursor().copy(SQL("copy ({}) to stdout").format(chosen)) as stream,
        ):
            for block in stream:
                rows += bytes(block).count(b"\n")  # one within a value is escaped
                packed.write(block)
        file.flush()
        os.fsync(file.fileno())
    return TableFile(
        table, columns, path.name, rows, path.stat().st_size, hashed.hexdigest()
    )


class _HashedFile:
    """A file that is hashed as it is written."""

    def __init__(self, file: Any) -> None:
        self._file, self._hasher = file, blake3()

    def write(self, block: bytes) -> int:
        self._hasher.update(block)
        return self._file.write(block)

    def flush(self) -> None:
        self._file.flush()

    def hexdigest(self) -> str:
        return self._hasher.hexdigest()
