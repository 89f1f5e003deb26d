"""Reads of `gallery.folders`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import class_row

from home_media_api.schemas.libraries import Folder


def list_all(conn: Connection, *, library: str | None) -> list[Folder]:
    """Every folder of a library, or of all, with what each asset has done of it."""
    query = """
        select f.folder, f.library, f.path, f.name, f.state, f.reason, f.file_count,
               f.images, f.scanned_at, coalesce(done.assets, '{}') as assets,
               case when i.files is not null then json_build_object(
                   'files', i.files, 'unchanged', i.unchanged, 'damaged', i.damaged,
                   'unchanged_since', i.unchanged_since,
                   'verified_at', i.verified_at) end as integrity
          from gallery.folders f
          left join gallery.integrity i using (folder)
          left join (
              select folder, json_object_agg(asset, json_build_object(
                         'fresh', coalesce(fresh, 0), 'stale', coalesce(stale, 0),
                         'failed', coalesce(failed, 0),
                         'waiting', coalesce(waiting, 0))) as assets
                from gallery.freshness
               group by folder) done using (folder)
         where %(library)s::text is null or f.library = %(library)s
         order by f.folder
    """
    with conn.cursor(row_factory=class_row(Folder)) as cur:
        return cur.execute(query, {"library": library}).fetchall()
