"""The present media files of a folder with what they say, ready to be grouped."""

from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.sql import SQL

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


_METADATA = SQL(
    """
    e.taken_at, e.utc_offset, e.taken_at_source, e.taken_at_precision, e.make, e.model,
    e.lens, e.exposure_time, e.f_number, e.iso, e.focal_length, e.focal_length_35mm,
    e.latitude, e.longitude, e.altitude, e.orientation, e.width, e.height, e.duration,
    e.rating, e.title, e.description, e.keywords, e.keyword_paths, e.people,
    e.content_identifier, e.refused
    """
)
"""The columns of `exif` in the order of Metadata's fields, up to `tags`."""


@dataclass(frozen=True, slots=True)
class SidecarElsewhere:
    """A sidecar in another folder, beside a copy of a picture of this one.

    `content_id` is the picture's; `path` quoted, below the root of `library`.
    """

    content_id: str
    library: str
    path: str
    metadata: Metadata


def in_folder(conn: psycopg.Connection, folder: str) -> list[PresentFile]:
    """Return the present media files of a folder with their metadata, by path."""
    query = SQL(
        """
        select f.file_id, f.path, f.name, f.size, f.mtime_ns, f.content_id, f.format,
               f.role, e.content_id is not null, {metadata}
          from files f left join exif e using (content_id)
         where f.folder = %(folder)s and f.missing_since is null
           and f.content_id is not null and f.role <> 'other'
         order by f.path
        """
    ).format(metadata=_METADATA)
    rows = conn.execute(query, {"folder": folder})
    return [
        PresentFile(*row[:8], metadata=Metadata(*row[9:]) if row[8] else None)
        for row in rows
    ]


def sidecars_elsewhere(conn: psycopg.Connection, folder: str) -> list[SidecarElsewhere]:
    """Return what lies beside copies of a folder's pictures, by library and path."""
    query = SQL(
        """
        select i.content_id, f.library, f.path, {metadata}
          from images i
          join image_files m on m.image_id = i.image_id and m.part = 'sidecar'
          join files f on f.file_id = m.file_id
          join exif e on e.content_id = f.content_id
         where i.content_id in (select h.content_id from files h
                                 where h.folder = %(folder)s and h.missing_since is null
                                   and h.role in ('picture', 'raw', 'video'))
           and f.folder <> %(folder)s and f.missing_since is null
           and f.format not in ('thm', 'lrv')
         order by f.library, f.path
        """
    ).format(metadata=_METADATA)
    rows = conn.execute(query, {"folder": folder})
    return [SidecarElsewhere(*row[:3], metadata=Metadata(*row[3:])) for row in rows]
