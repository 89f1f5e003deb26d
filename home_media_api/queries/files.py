"""Reads of `gallery.files`. One function, one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class FileRow:
    """Where a file is; root and path are quoted, as the database keeps them.

    `damaged_at` is when other bytes were found in it, of this size and time.
    """

    file_id: UUID
    root: str
    path: str
    name: str
    format: str | None
    missing: bool
    size: int
    mtime_ns: int
    damaged_at: datetime | None


def of_image(
    conn: Connection, image_id: UUID, *, file_id: UUID | None
) -> FileRow | None:
    """A file of an image: the one named, else its primary or an intact copy of it."""
    query = """
        select f.file_id, f.root, f.path, f.name, f.format,
               f.missing_since is not null as missing, f.size, f.mtime_ns, d.damaged_at
          from gallery.files f
          left join gallery.damage d using (file_id)
         where f.image_id = %(image_id)s
           and (f.file_id = %(file_id)s or %(file_id)s::uuid is null
                and f.part in ('primary', 'copy'))
         order by f.missing_since nulls first, d.damaged_at nulls first, f.part desc,
                  f.path
         limit 1
    """
    values = {"image_id": image_id, "file_id": file_id}
    with conn.cursor(row_factory=class_row(FileRow)) as cur:
        return cur.execute(query, values).fetchone()
