"""Forgetting a library as a whole; what a person said stays."""

from datetime import datetime

import psycopg

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.exposures import images
from home_media_pipelines.db.tables.inventory import libraries


def remove_library(conn: psycopg.Connection, library: str, *, now: datetime) -> None:
    """Forget a library: its folders, files and images. No file on disk is touched.

    Images that have a file in another library stay, and so does everything a person
    said; what was derived from contents stays until a purge.

    Raises:
        LibraryError: there is none of this name.
    """
    lock(conn, Lock.INVENTORY, Lock.GROUPING, Lock.ANALYSES, Lock.COUNTS)
    libraries.get(conn, library)
    rows = conn.execute(
        """
        select m.image_id from files f join image_files m using (file_id)
         where f.library = %(library)s
        union
        select i.image_id from folders f join images i using (folder)
         where f.library = %(library)s
        """,
        {"library": library},
    ).fetchall()
    conn.execute("delete from files where library = %(library)s", {"library": library})
    images.refresh_presence(conn, [image_id for (image_id,) in rows], now=now)
    conn.execute(
        "delete from libraries where library = %(library)s", {"library": library}
    )
