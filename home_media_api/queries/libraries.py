"""Reads of `gallery.libraries`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import class_row

from home_media_api.schemas.libraries import Library


def list_all(conn: Connection) -> list[Library]:
    """Every library, by name."""
    query = """
        select library, root, state, reason, folders, files, images
          from gallery.libraries
         order by library
    """
    with conn.cursor(row_factory=class_row(Library)) as cur:
        return cur.execute(query).fetchall()
