"""Table `integrity`: originals that were read again, and those that are damaged."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.integrity import Reading, Recorded
from home_media_pipelines.db import files, folders
from home_media_pipelines.db.staging import stage


@dataclass(frozen=True, slots=True)
class Step:
    """Files of one folder to be read again: those last read before this time."""

    folder: str
    before: datetime


@dataclass(frozen=True, slots=True)
class DueFile:
    """A file to be read again; `path` quoted, relative to the library's root."""

    file_id: UUID
    path: str
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class FolderIntegrity:
    """How the originals of a folder stand; times are None while nothing was read.

    `unchanged_since` is that of the file known longest, `verified_at` that of the one
    whose reading is longest ago.
    """

    folder: str
    files: int
    unchanged: int
    damaged: int
    unchanged_since: datetime | None
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A damaged original as a person wants to read it; `path` and `copy` quoted."""

    file_id: UUID
    folder: str
    library: str
    path: str
    name: str
    content_id: str
    found: str
    reason: str
    damaged_at: datetime
    intact_at: datetime | None
    copy: str | None


def steps(
    conn: psycopg.Connection, *, now: datetime, rest: timedelta = timedelta(0)
) -> list[Step]:
    """Return what to read again in reachable folders, the oldest reading first.

    Damaged and never verified files come first, then week by week of the last reading:
    within a week folder by folder, so that a disk reads what lies together. Files
    that were read less than `rest` ago are left out.
    """
    rows = conn.execute(
        """
        with weeks as (
            select f.folder,
                   case when d.file_id is null
                        then date_trunc('week', i.verified_at) end as week
              from files f
              join libraries l on l.library = f.library and l.state <> 'unreachable'
              join folders o on o.folder = f.folder and o.state = 'reachable'
              left join integrity i
                on i.file_id = f.file_id and i.content_id = f.content_id
              left join damage d on d.file_id = f.file_id
             where f.missing_since is null and f.content_id is not null
               and d.found is distinct from f.content_id
               and (i.verified_at is null or d.file_id is not null
                    or i.verified_at < %(newest)s)
             group by 1, 2
        )
        select folder, least(coalesce(week + interval '7 days', 'epoch'), %(newest)s)
          from weeks order by week nulls first, folder
        """,
        {"newest": now - rest},
    )
    return [Step(*row) for row in rows]


def due(conn: psycopg.Connection, step: Step) -> list[DueFile]:
    """Return the files of a step, the oldest reading first, then by path.

    Left out are bytes that are known as damaged and were recorded since, because the
    file's time changed: only a person can say that they are right.
    """
    rows = conn.execute(
        """
        select f.file_id, f.path, f.content_id, f.size, f.mtime_ns,
               coalesce(i.intact_at, f.read_at)
          from files f
          left join integrity i on i.file_id = f.file_id and i.content_id = f.content_id
          left join damage d on d.file_id = f.file_id
         where f.folder = %(folder)s and f.missing_since is null
           and f.content_id is not null and d.found is distinct from f.content_id
           and (i.verified_at is null or d.file_id is not null
                or i.verified_at < %(before)s)
         order by i.verified_at nulls first, f.path
        """,
        {"folder": step.folder, "before": step.before},
    )
    return [DueFile(row[0], row[1], Recorded(*row[2:])) for row in rows]


def store(
    conn: psycopg.Connection,
    read: Iterable[tuple[DueFile, Reading]],
    *,
    now: datetime,
) -> None:
    """Store intact and damaged files; what a scan recorded anew meanwhile is left."""
    stage(
        conn,
        """
        drop table if exists pg_temp.read_again;
        create temp table read_again (
            file_id uuid, content_id text, size bigint, mtime_ns bigint, found text,
            reason text
        ) on commit drop
        """,
        "copy read_again from stdin (format binary)",
        ["uuid", "text", "int8", "int8", "text", "text"],
        (
            (
                it.file_id,
                it.recorded.content_id,
                it.recorded.size,
                it.recorded.mtime_ns,
                reading.found,
                reading.reason,
            )
            for it, reading in read
        ),
    )
    conn.execute(
        """
        insert into integrity as i (file_id, content_id, size, mtime_ns, verified_at,
                                    unchanged_since, intact_at, damaged_at, found,
                                    reason)
        select f.file_id, r.content_id, r.size, r.mtime_ns, %(now)s,
               case when r.found is null then coalesce(f.read_at, %(now)s) end,
               case when r.found is null then %(now)s else f.read_at end,
               case when r.found is not null then %(now)s end, r.found, r.reason
          from read_again r join files f using (file_id)
         where f.missing_since is null
           and (f.content_id, f.size, f.mtime_ns) = (r.content_id, r.size, r.mtime_ns)
            on conflict (file_id) do update
           set content_id = excluded.content_id, size = excluded.size,
               mtime_ns = excluded.mtime_ns, verified_at = excluded.verified_at,
               unchanged_since =
                   case when i.content_id <> excluded.content_id
                        then excluded.unchanged_since
                        when excluded.found is null and i.damaged_at is not null
                        then excluded.verified_at
                        else coalesce(i.unchanged_since, excluded.unchanged_since) end,
               intact_at =
                   case when excluded.found is null then excluded.verified_at
                        when i.content_id <> excluded.content_id then excluded.intact_at
                        else coalesce(i.intact_at, excluded.intact_at) end,
               damaged_at =
                   case when excluded.found is null then null
                        when i.content_id <> excluded.content_id
                        then excluded.damaged_at
                        else coalesce(i.damaged_at, excluded.damaged_at) end,
               found = excluded.found, reason = excluded.reason
        """,
        {"now": now},
    )


def by_folder(conn: psycopg.Connection) -> list[FolderIntegrity]:
    """Return how every folder's originals stand, by key."""
    query = """
        select folder, files, unchanged, damaged, unchanged_since, verified_at
          from gallery.integrity order by folder
    """
    with conn.cursor(row_factory=class_row(FolderIntegrity)) as cur:
        return cur.execute(query).fetchall()


def damage(conn: psycopg.Connection) -> list[DamagedFile]:
    """Return the damaged originals that are there, by library and path."""
    query = """
        select file_id, folder, library, path, name, content_id, found, reason,
               damaged_at, intact_at, copy
          from gallery.damage order by library, path
    """
    with conn.cursor(row_factory=class_row(DamagedFile)) as cur:
        return cur.execute(query).fetchall()


def accept(conn: psycopg.Connection, accepted: Collection[DamagedFile]) -> None:
    """Take damaged files for what they are now: a person says that they are right.

    The next scan reads them as files that somebody wrote anew.
    """
    ids = [it.file_id for it in accepted]
    conn.execute("delete from integrity where file_id = any(%(ids)s)", {"ids": ids})
    files.read_anew(conn, ids)
    folders.rescan(conn, {it.folder for it in accepted})
