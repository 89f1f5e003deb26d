"""Table `integrity`: originals that were read again, and those that are damaged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.inventory.integrity import Reading, Recorded
from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.staging import stage


@dataclass(frozen=True, slots=True)
class Step:
    """Files of one folder to be read again: those last read before this time.

    Or only the damaged ones, whenever they were read.
    """

    folder: str
    before: datetime
    only_damaged: bool = False


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
class Rot:
    """Bytes that a damaged file was `found` with, and what it should be."""

    file_id: UUID
    found: str
    content_id: str
    format: str | None
    claimed_format: str | None
    role: FileRole
    reason: str
    damaged_at: datetime
    intact_at: datetime | None


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
           and (d.file_id is not null or not %(only_damaged)s
                and (i.verified_at is null or i.verified_at < %(before)s))
         order by i.verified_at nulls first, f.path
        """,
        asdict(step),
    )
    return [DueFile(row[0], row[1], Recorded(*row[2:])) for row in rows]


def store(
    conn: psycopg.Connection,
    read: Iterable[tuple[DueFile, Reading]],
    *,
    now: datetime,
) -> None:
    """Store intact and damaged files; what a scan recorded anew meanwhile is left."""
    lock(conn, Lock.INVENTORY)
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


def rot(conn: psycopg.Connection, contents: Collection[str]) -> dict[str, list[Rot]]:
    """Return the damaged files, by those of these bytes that they were found with.

    Bytes that another file came with are no damage wherever they turn up.
    """
    query = """
        select f.file_id, i.found, i.content_id, f.format, f.claimed_format, f.role,
               i.reason, i.damaged_at, i.intact_at
          from integrity i join files f using (file_id)
         where i.damaged_at is not null and i.found = any(%(contents)s)
           and not exists (select from files o where o.content_id = i.found)
         order by f.library, f.path
    """
    damaged: defaultdict[str, list[Rot]] = defaultdict(list)
    with conn.cursor(row_factory=class_row(Rot)) as cur:
        for it in cur.execute(query, {"contents": list(contents)}).fetchall():
            damaged[it.found].append(it)
    return damaged


def follow(
    conn: psycopg.Connection,
    damaged: Mapping[UUID, Rot],
    *,
    intact: Collection[UUID],
    now: datetime,
) -> None:
    """Store what a scan read: damaged files where they are now, and those restored.

    Args:
        conn: in the transaction of the scan, after its files are stored.
        damaged: what each file was recognised as.
        intact: other files that were read; they are well if they have their bytes.
        now: when they were read.
    """
    conn.cursor().executemany(
        """
        insert into integrity as i (file_id, content_id, size, mtime_ns, verified_at,
                                    intact_at, damaged_at, found, reason)
        select file_id, %(content_id)s, size, mtime_ns, %(now)s, %(intact_at)s,
               %(damaged_at)s, %(found)s, %(reason)s
          from files where file_id = %(file_id)s
            on conflict (file_id) do update
           set content_id = excluded.content_id, size = excluded.size,
               mtime_ns = excluded.mtime_ns, verified_at = excluded.verified_at,
               intact_at = excluded.intact_at, damaged_at = excluded.damaged_at,
               found = excluded.found, reason = excluded.reason
        """,
        [asdict(it) | {"file_id": key, "now": now} for key, it in damaged.items()],
    )
    conn.execute(
        """
        update integrity i
           set size = f.size, mtime_ns = f.mtime_ns, verified_at = %(now)s,
               unchanged_since = %(now)s, intact_at = %(now)s,
               damaged_at = null, found = null, reason = null
          from files f
         where f.file_id = i.file_id and f.content_id = i.content_id
           and i.damaged_at is not null and i.file_id = any(%(intact)s)
        """,
        {"intact": list(intact), "now": now},
    )


def forget(conn: psycopg.Connection, found: Collection[str]) -> list[UUID]:
    """Know no longer that these bytes are damage; return whose they were."""
    lock(conn, Lock.INVENTORY)
    rows = conn.execute(
        "delete from integrity where found = any(%(found)s) returning file_id",
        {"found": list(found)},
    ).fetchall()
    return [file_id for (file_id,) in rows]
