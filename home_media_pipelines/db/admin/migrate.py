"""Brings a database to today's schema and today's taxonomy."""

import psycopg

from home_media_pipelines.core.taxonomy.tree import shipped, shipped_edition
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.errors import MigrationError
from home_media_pipelines.db.locks import Lock, lock_session
from home_media_pipelines.db.migrations import MIGRATIONS
from home_media_pipelines.db.tables.taxonomy import taxa

OLDEST_SERVER = 15
EXTENSIONS = ("vector", "ltree")


def migrate(url: str) -> None:
    """Apply the revisions that are missing; two starters at once take turns.

    Args:
        url: libpq URL of a role that may create schemas and extensions.

    Raises:
        MigrationError: the server is too old, lacks an extension, or the database was
            made by a newer version of this program.
    """
    try:
        with connect(url, autocommit=True) as conn:
            check_server(conn)
            lock_session(conn, Lock.SCHEMA)
            if not _is_current(conn):
                from home_media_pipelines.db.admin.upgrade import (
                    upgrade,  # takes a second
                )

                upgrade(url)
            if not taxa.is_in(conn, shipped_edition()):
                with conn.transaction():
                    taxa.bring_in(conn, shipped())
    except psycopg.Error as error:
        raise MigrationError(f"the database cannot be used: {error}") from error


def check_server(conn: psycopg.Connection) -> None:
    """Refuse a server that the schema cannot run on.

    Raises:
        MigrationError: names the version or the extensions that are missing.
    """
    version = conn.info.server_version
    if version < OLDEST_SERVER * 10_000:
        raise MigrationError(
            f"the server is PostgreSQL {version // 10_000}; "
            f"home-media needs {OLDEST_SERVER} or newer"
        )
    rows = conn.execute(
        """
        select wanted from unnest(%(wanted)s::text[]) wanted
         where wanted not in (select name from pg_available_extensions)
        """,
        {"wanted": list(EXTENSIONS)},
    ).fetchall()
    if rows:
        names = " and ".join(
            "pgvector (extension vector)" if name == "vector" else f"extension {name}"
            for (name,) in rows
        )
        raise MigrationError(f"the server lacks {names}; install it there first")


def newest_revision() -> str:
    """Return the revision that today's schema is; file names start with theirs."""
    names = [path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    return max(names).partition("_")[0]


def _is_current(conn: psycopg.Connection) -> bool:
    """Whether Alembic's table says that nothing is missing: then it can stay away."""
    row = conn.execute("select to_regclass('alembic_version')::text").fetchone()
    if row is None or row[0] is None:
        return False
    found = conn.execute("select version_num from alembic_version").fetchall()
    return found == [(newest_revision(),)]
