"""View `gallery.damage`: originals that rotted, until a person says otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.tables.inventory import files, folders, integrity


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A damaged original as a person wants to read it; `path` and `copy` quoted."""

    file_id: UUID
    folder: str
    library: str
    path: str
    name: str
    content_id: str
    found: str
    reason: str
    damaged_at: datetime
    intact_at: datetime | None
    verified_at: datetime
    copy: str | None


def list_all(conn: psycopg.Connection) -> list[DamagedFile]:
    """Return the damaged originals that are there, by library and path."""
    query = """
        select file_id, folder, library, path, name, content_id, found, reason,
               damaged_at, intact_at, verified_at, copy
          from gallery.damage order by library, path
    """
    with conn.cursor(row_factory=class_row(DamagedFile)) as cur:
        return cur.execute(query).fetchall()


def accept(conn: psycopg.Connection, accepted: Collection[DamagedFile]) -> None:
    """Take damaged files for what they are now: a person says that they are right.

    So are their copies. The next scan reads them as files that somebody wrote anew.
    """
    ids = integrity.forget(conn, {it.found for it in accepted})
    folders.rescan(conn, files.read_anew(conn, ids))
