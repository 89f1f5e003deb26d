"""Reads of `gallery.folders`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import class_row

from home_media_api.schemas.libraries import Folder, FolderNode, FolderPage


def page(
    conn: Connection, *, library: str | None, after: str | None, limit: int
) -> FolderPage:
    """The `limit` folders that come after `after`, with what each asset has done.

    Only their own contents are looked at: the keys are found first.
    """
    query = """
        with page as materialized (
            select f.folder, f.library, f.path, f.name, f.state, f.reason, f.file_count,
                   f.images, f.scanned_at
              from gallery.folders f
             where (%(library)s::text is null or f.library = %(library)s)
               and (%(after)s::text is null or f.folder > %(after)s)
             order by f.folder
             limit %(limit)s + 1
        )
        select p.*, coalesce(done.assets, '{}') as assets,
               case when i.files is not null then json_build_object(
                   'files', i.files, 'unchanged', i.unchanged, 'damaged', i.damaged,
                   'unchanged_since', i.unchanged_since,
                   'verified_at', i.verified_at) end as integrity
          from page p
          left join (
              select * from gallery.integrity
               where folder = any(array(select folder from page))) i using (folder)
          left join (
              select folder, json_object_agg(asset, json_build_object(
                         'fresh', coalesce(fresh, 0), 'stale', coalesce(stale, 0),
                         'failed', coalesce(failed, 0),
                         'waiting', coalesce(waiting, 0))) as assets
                from gallery.freshness
               where folder = any(array(select folder from page))
               group by folder) done using (folder)
         order by p.folder
    """
    values = {"library": library, "after": after, "limit": limit}
    with conn.cursor(row_factory=class_row(Folder)) as cur:
        found = cur.execute(query, values).fetchall()
    shown = found[:limit]
    more = len(found) > limit
    return FolderPage(folders=shown, next=shown[-1].folder if more else None)


def roots(conn: Connection) -> list[FolderNode]:
    """Every library as the root of its tree."""
    query = """
        select l.library as folder, l.library, l.library as name, l.images, l.folders,
               l.state = 'unreachable' as unreachable,
               exists (select from gallery.folders f
                        where f.library = l.library and f.path <> '.'
                          and f.state <> 'vanished') as parent
          from gallery.libraries l
         order by l.library
    """
    with conn.cursor(row_factory=class_row(FolderNode)) as cur:
        return cur.execute(query).fetchall()


def children(conn: Connection, parent: str) -> list[FolderNode]:
    """The directories directly below one, each with all that is below it.

    Those without media of their own are there too: they lead to others. What is below
    a key is a stretch of keys, for 0 comes after the slash.
    """
    query = """
        select %(parent)s || '/' || f.segment as folder, min(f.library) as library,
               f.segment as name, sum(f.images)::bigint as images,
               count(*) as folders,
               bool_or(f.state = 'unreachable' and f.depth = 1) as unreachable,
               bool_or(f.depth > 1) as parent
          from (select library, state, images,
                       split_part(substr(folder, length(%(parent)s) + 2), '/', 1)
                           as segment,
                       array_length(string_to_array(
                           substr(folder, length(%(parent)s) + 2), '/'), 1) as depth
                  from gallery.folders
                 where folder >= %(parent)s || '/' and folder < %(parent)s || '0'
                   and state <> 'vanished' and path <> '.') f
         group by f.segment
         order by f.segment
    """
    with conn.cursor(row_factory=class_row(FolderNode)) as cur:
        return cur.execute(query, {"parent": parent}).fetchall()
