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


@dataclass(frozen=True, slots=True)
class MotionRow(FileRow):
    """The file that holds an image's film: all of it, or `length` bytes at `offset`."""

    motion_offset: int | None
    motion_length: int | None


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


def motion_of_image(conn: Connection, image_id: UUID) -> MotionRow | None:
    """The film of an image: within its picture rather than beside it, and intact."""
    query = """
        select f.file_id, f.root, f.path, f.name, f.format, false as missing, f.size,
               f.mtime_ns, d.damaged_at, m.motion_offset, m.motion_length
          from gallery.motions m
          join gallery.files f using (file_id)
          left join gallery.damage d using (file_id)
         where m.image_id = %(image_id)s
         order by d.damaged_at nulls first, m.part desc, f.path
         limit 1
    """
    with conn.cursor(row_factory=class_row(MotionRow)) as cur:
        return cur.execute(query, {"image_id": image_id}).fetchone()
