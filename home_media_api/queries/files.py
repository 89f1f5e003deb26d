"""Reads of `gallery.files`. One function, one statement."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class FileRow:
    """Where a file is; root and path are quoted, as the database keeps them."""

    file_id: UUID
    root: str
    path: str
    name: str
    format: str | None
    missing: bool


def of_image(
    conn: Connection, image_id: UUID, *, file_id: UUID | None
) -> FileRow | None:
    """A file of an image: the one named, else its primary, if it has one."""
    query = """
        select file_id, root, path, name, format, missing_since is not null as missing
          from gallery.files
         where image_id = %(image_id)s
           and (file_id = %(file_id)s or %(file_id)s::uuid is null
                and part in ('primary', 'copy'))
         order by missing_since nulls first, part desc, path
         limit 1
    """
    values = {"image_id": image_id, "file_id": file_id}
    with conn.cursor(row_factory=class_row(FileRow)) as cur:
        return cur.execute(query, values).fetchone()
