"""A backup back into an empty database, at its own revision, then brought to today."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from home_media_pipelines.core.errors import BackupError
from home_media_pipelines.core.inventory.paths import quote_path
from home_media_pipelines.db.admin.migrate import check_server, migrate, newest_revision
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.locks import Lock, lock_session
from home_media_pipelines.io.backup_files import Manifest, TableFile, check

_BLOCK: Final = 1 << 20


def restore(url: str, directory: Path, roots: Mapping[str, Path]) -> Manifest:
    """Load a backup; every folder is then due, so that what was derived is made again.

    All or nothing. Files are not read again that look as they were recorded.

    Args:
        url: of a role that may make the schema, to a database without libraries.
        directory: the backup.
        roots: where libraries lie now, by name; the others where they were.

    Raises:
        BackupError: the backup is damaged, of a newer program, or does not fit here.
        MigrationError: the schema cannot be made.
    """
    manifest = check(directory)
    if manifest.revision > newest_revision():
        raise BackupError(directory, f"it was made by home-media {manifest.program}")
    with connect(url, autocommit=True) as conn:
        check_server(conn)
        lock_session(conn, Lock.SCHEMA)
        found = _revision(conn)
        if found is None:
            from home_media_pipelines.db.admin.upgrade import upgrade  # takes a second

            upgrade(url, manifest.revision)
        elif found != manifest.revision:
            raise BackupError(
                directory,
                f"it has the schema of revision {manifest.revision} and the database "
                f"that of {found}: give it a database in which nothing was made yet",
            )
        with conn.transaction():
            _refuse_unless_empty(conn, directory)
            _clear(conn)
            for table in manifest.tables:
                _copy_in(conn, directory, table)
            _go_on_counting(conn)
            _start_anew(conn)
            _set_roots(conn, directory, roots)
        conn.execute("analyze")
    migrate(url)
    return manifest


def _revision(conn: psycopg.Connection) -> str | None:
    row = conn.execute("select to_regclass('alembic_version')::text").fetchone()
    if row is None or row[0] is None:
        return None
    row = conn.execute("select version_num from alembic_version").fetchone()
    return None if row is None else row[0]


def _refuse_unless_empty(conn: psycopg.Connection, directory: Path) -> None:
    row = conn.execute(
        """
        select exists (select from libraries) or exists (select from files)
               or exists (select from curation.events)
        """
    ).fetchone()
    if row and row[0]:
        raise BackupError(
            directory,
            "the database is not empty, and nothing in it is overwritten: "
            "restore into a new one, or another --state",
        )


def _clear(conn: psycopg.Connection) -> None:
    """Empty what a start fills by itself: shipped taxa, producers, sightings."""
    tables = conn.execute(
        """
        select tablename from pg_tables
         where schemaname = 'public' and tablename <> 'alembic_version'
        """
    ).fetchall()
    names = SQL(", ").join(Identifier("public", name) for (name,) in tables)
    conn.execute(SQL("truncate {}").format(names))


def _copy_in(conn: psycopg.Connection, directory: Path, table: TableFile) -> None:
    statement = SQL("copy {} ({}) from stdin").format(
        Identifier(*table.table.split(".")),
        SQL(", ").join(map(Identifier, table.columns)),
    )
    try:
        with (
            gzip.open(directory / table.file, "rb") as packed,
            conn.cursor().copy(statement) as stream,
        ):
            while block := packed.read(_BLOCK):
                stream.write(block)
    except psycopg.Error as error:
        said = str(error).strip().partition("\n")[0]
        raise BackupError(directory, f"{table.table} cannot be loaded: {said}") from (
            error
        )


def _go_on_counting(conn: psycopg.Connection) -> None:
    """Let identity columns go on behind the largest number that was loaded."""
    rows = conn.execute(
        """
        select n.nspname, c.relname, a.attname
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
          join pg_namespace n on n.oid = c.relnamespace
         where a.attidentity <> '' and n.nspname in ('public', 'curation')
        """
    ).fetchall()
    for schema, table, column in rows:
        conn.execute(
            SQL(
                "select setval(pg_get_serial_sequence({name}, {text}),"
                " (select coalesce(max({column}), 0) + 1 from {table}), false)"
            ).format(
                name=Literal(f'"{schema}"."{table}"'),
                text=Literal(column),
                column=Identifier(column),
                table=Identifier(schema, table),
            )
        )


def _start_anew(conn: psycopg.Connection) -> None:
    """Make every folder due, and forget what was known of another machine."""
    conn.execute(
        """
        update libraries set state = 'new', reason = null, device = null,
               mounted = null, checked_at = null
        """
    )
    conn.execute(
        """
        update folders set scanned_signature = null, batch = null, attempts = 0,
               retry_at = null, reason = null
        """
    )


def _set_roots(
    conn: psycopg.Connection, directory: Path, roots: Mapping[str, Path]
) -> None:
    for library, root in roots.items():
        changed = conn.execute(
            "update libraries set root = %(root)s where library = %(library)s",
            {"library": library, "root": quote_path(str(root))},
        ).rowcount
        if not changed:
            raise BackupError(directory, f"it holds no library {library!r}")
