"""Table `image_files`: which files are one exposure, and as what part of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import psycopg

from home_media_pipelines.db.staging import stage


def link(
    conn: psycopg.Connection, folder: str, links: Mapping[UUID, tuple[UUID, str]]
) -> None:
    """Link every present file of a folder to its image, and no other.

    `links` names for each file the image and the part it plays there.
    """
    stage(
        conn,
        """
        drop table if exists pg_temp.linked;
        create temp table linked on commit drop as
        select file_id, image_id, part from image_files with no data
        """,
        "copy linked from stdin (format binary)",
        ["uuid", "uuid", "text"],
        ((file_id, *link) for file_id, link in links.items()),
    )
    conn.execute(
        """
        insert into image_files as m (file_id, image_id, part)
        select l.file_id, l.image_id, l.part
          from linked l join images i using (image_id)
            on conflict (file_id) do update
           set image_id = excluded.image_id, part = excluded.part
         where (m.image_id, m.part) is distinct from (excluded.image_id, excluded.part)
        """
    )
    conn.execute(
        """
        delete from image_files m using files f
         where f.file_id = m.file_id and f.folder = %(folder)s
           and f.missing_since is null
           and not exists (select from linked l where l.file_id = m.file_id)
        """,
        {"folder": folder},
    )
    conn.execute(
        """
        update image_files m set part = 'copy'
          from files f, images i
         where m.part = 'primary' and f.file_id = m.file_id and i.image_id = m.image_id
           and i.folder = %(folder)s and f.folder <> %(folder)s
           and m.image_id in (select image_id from linked)
        """,
        {"folder": folder},
    )


def told_by_sidecars(conn: psycopg.Connection, folder: str) -> set[str]:
    """Return the other folders whose images sidecars in this one describe."""
    rows = conn.execute(
        """
        select distinct i.folder
          from files f join image_files m using (file_id) join images i using (image_id)
         where f.folder = %(folder)s and m.part = 'sidecar' and i.folder <> f.folder
        """,
        {"folder": folder},
    )
    return {folder for (folder,) in rows}


def promote(conn: psycopg.Connection, image_ids: Sequence[UUID]) -> None:
    """Make a file of the folder that owns an image now its primary one."""
    conn.execute(
        """
        update image_files set part = 'primary'
         where file_id in (
               select distinct on (m.image_id) m.file_id
                 from images i join image_files m using (image_id)
                 join files f using (file_id)
                where i.image_id = any(%(ids)s) and f.folder = i.folder
                  and f.content_id = i.content_id and f.missing_since is null
                order by m.image_id, m.part <> 'primary', f.path)
        """,
        {"ids": list(image_ids)},
    )
