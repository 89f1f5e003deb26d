"""What a walk saw of a library, written into table `folders`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from home_media_pipelines.core.inventory.paths import display_name, folder_key
from home_media_pipelines.core.inventory.walk import FolderSummary
from home_media_pipelines.db.staging import stage


@dataclass(frozen=True, slots=True)
class WalkChanges:
    """Keys of folders by what a walk found out about them, each sorted."""

    new: list[str]
    changed: list[str]
    vanished: list[str]
    returned: list[str]
    unreadable: list[str]
    unchanged: int


def record(
    conn: psycopg.Connection,
    library: str,
    summaries: Iterable[FolderSummary],
    *,
    now: datetime,
) -> WalkChanges:
    """Store what a complete walk of a reachable library saw.

    A folder that was not seen has vanished, unless it lies below one that could not
    be listed: both of these are unreachable then. A new signature ends the waiting
    time after failures.
    """
    seen = list(summaries)
    _stage_walk(conn, library, seen)
    unreadable = [it.path for it in seen if it.unreadable is not None]
    changes = _compare(conn, library, unreadable)
    _store_folders(conn, library, unreadable, now)
    return changes


def _stage_walk(
    conn: psycopg.Connection, library: str, seen: Collection[FolderSummary]
) -> None:
    stage(
        conn,
        """
        drop table if exists pg_temp.walked;
        create temp table walked (
            folder text collate "C" primary key, path text collate "C", name text,
            signature text, file_count integer, unreadable text
        ) on commit drop
        """,
        "copy walked from stdin (format binary)",
        ["text", "text", "text", "text", "int4", "text"],
        (
            (
                folder_key(library, it.path),
                it.path,
                display_name(it.path),
                it.signature,
                it.file_count,
                it.unreadable,
            )
            for it in seen
        ),
    )
    conn.execute("analyze walked")


def _compare(
    conn: psycopg.Connection, library: str, unreadable: list[str]
) -> WalkChanges:
    rows = conn.execute(
        """
        select coalesce(w.folder, f.folder),
               case when w.unreadable is not null
                      or (w.folder is null and exists (
                             select from unnest(%(unreadable)s::text[]) above
                              where above = '.' or starts_with(f.path, above || '/')
                         )) then 'unreadable'
                    when f.folder is null then 'new'
                    when w.folder is null then
                         case f.state when 'vanished' then 'gone' else 'vanished' end
                    when f.state = 'vanished' then 'returned'
                    when f.signature is distinct from w.signature then 'changed'
                    else 'unchanged'
               end
          from walked w
          full join (select * from folders where library = %(library)s) f
            on f.folder = w.folder
         order by 1
        """,
        {"library": library, "unreadable": unreadable},
    ).fetchall()

    def of(kind: str) -> list[str]:
        return [folder for folder, found in rows if found == kind]

    return WalkChanges(
        of("new"),
        of("changed"),
        of("vanished"),
        of("returned"),
        of("unreadable"),
        len(of("unchanged")),
    )


def _store_folders(
    conn: psycopg.Connection, library: str, unreadable: list[str], now: datetime
) -> None:
    values = {"library": library, "unreadable": unreadable, "now": now}
    conn.execute(
        """
        update folders f
           set state = 'unreachable',
               reason = coalesce((select w.unreadable from walked w
                                   where w.folder = f.folder),
                                 'a folder above it cannot be listed')
         where f.library = %(library)s and f.state <> 'vanished'
           and case when exists (select from walked w where w.folder = f.folder)
                    then f.path = any(%(unreadable)s)
                    else exists (select from unnest(%(unreadable)s::text[]) above
                                  where above = '.'
                                     or starts_with(f.path, above || '/')) end
        """,
        values,
    )
    conn.execute(
        """
        update folders f
           set state = 'vanished', signature = null, scanned_signature = null,
               reason = null, attempts = 0, retry_at = null
         where f.library = %(library)s and f.state <> 'vanished'
           and not (f.state = 'unreachable' and f.signature is null)
           and not exists (select from walked w where w.folder = f.folder)
           and not exists (select from unnest(%(unreadable)s::text[]) above
                            where above = '.' or starts_with(f.path, above || '/'))
        """,
        values,
    )
    conn.execute(
        """
        insert into folders as f (folder, library, path, name, signature, file_count,
                                  state, reason, seen_at)
        select folder, %(library)s, path, name,
               case when unreadable is null then signature end, file_count,
               case when unreadable is null then 'reachable' else 'unreachable' end,
               unreadable, %(now)s
          from walked
            on conflict (folder) do update
           set signature = excluded.signature, file_count = excluded.file_count,
               seen_at = excluded.seen_at,
               state = case when f.state = 'unreachable'
                             and excluded.signature = f.signature
                             and f.signature is distinct from f.scanned_signature
                            then f.state else 'reachable' end,
               reason = case when excluded.signature is distinct from f.signature
                               or (f.attempts = 0 and
                                   f.signature is not distinct from f.scanned_signature)
                             then null else f.reason end,
               attempts = case when excluded.signature is distinct from f.signature
                               then 0 else f.attempts end,
               retry_at = case when excluded.signature is distinct from f.signature
                               then null else f.retry_at end
         where excluded.state = 'reachable'
        """,
        values,
    )
