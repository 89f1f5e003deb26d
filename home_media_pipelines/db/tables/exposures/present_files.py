"""The present media files of a folder with what they say, ready to be grouped."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.metadata.parse import Metadata


@dataclass(frozen=True, slots=True)
class PresentFile:
    """A file to be grouped; `metadata` is None while nothing could be read from it.

    `metadata.tags` is left empty.
    """

    file_id: UUID
    path: str
    name: str
    size: int
    mtime_ns: int
    content_id: str
    format: str | None
    role: FileRole
    metadata: Metadata | None


def in_folder(conn: psycopg.Connection, folder: str) -> list[PresentFile]:
    """Return the present media files of a folder with their metadata, by path."""
    rows = conn.execute(
        """
        select f.file_id, f.path, f.name, f.size, f.mtime_ns, f.content_id, f.format,
               f.role, e.content_id is not null, e.taken_at, e.utc_offset,
               e.taken_at_source, e.make, e.model, e.lens, e.exposure_time, e.f_number,
               e.iso, e.focal_length, e.focal_length_35mm, e.latitude, e.longitude,
               e.altitude, e.orientation, e.width, e.height, e.duration, e.rating,
               e.title, e.description, e.keywords, e.keyword_paths, e.people,
               e.content_identifier, e.refused
          from files f left join exif e using (content_id)
         where f.folder = %(folder)s and f.missing_since is null
           and f.content_id is not null and f.role <> 'other'
         order by f.path
        """,
        {"folder": folder},
    )
    return [
        PresentFile(*row[:8], metadata=Metadata(*row[9:]) if row[8] else None)
        for row in rows
    ]
