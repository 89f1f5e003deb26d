"""Table `files`: the inventory, where a move is an update of paths."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.paths import display_name
from home_media_pipelines.core.inventory.scanned import (
    FolderScan,
    KnownFile,
    ScannedFile,
    file_id,
)
from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.staging import stage
from home_media_pipelines.db.tables.inventory import integrity
from home_media_pipelines.db.tables.inventory.moves import (
    Exists,
    FileRow,
    as_recorded,
    find_moves,
    recognise,
)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What a scan changed. `lost`: other folders from which files moved here."""

    seen: int
    new: int
    changed: int
    moved: int
    missing: int
    unchanged: int
    lost: frozenset[str]


def known(conn: psycopg.Connection, folder: str) -> dict[str, KnownFile]:
    """Return the present files of a folder by quoted path, as `scan_folder` wants."""
    rows = conn.execute(
        """
        select f.path, f.size, f.mtime_ns, f.content_id, f.format, f.claimed_format,
               f.role, i.found
          from files f
          left join integrity i on i.file_id = f.file_id and i.damaged_at is not null
         where f.folder = %(folder)s and f.missing_since is null
        """,
        {"folder": folder},
    )
    return {row[0]: KnownFile(*row[1:]) for row in rows}


def held_elsewhere(conn: psycopg.Connection, folder: str) -> frozenset[str]:
    """Return the paths in a folder whose bytes another folder holds too."""
    rows = conn.execute(
        """
        select f.path from files f
         where f.folder = %(folder)s and f.missing_since is null
           and exists (select from files o
                        where o.content_id = f.content_id and o.folder <> f.folder
                          and o.missing_since is null)
        """,
        {"folder": folder},
    )
    return frozenset(path for (path,) in rows)


def merge(
    conn: psycopg.Connection,
    library: str,
    folder: str,
    scan: FolderScan,
    *,
    exists: Exists,
    now: datetime,
) -> FileCounts:
    """Bring the inventory of a folder in line with a scan, in this transaction.

    New bytes at a known path keep the file. Known bytes at a new path are a move if
    the file that held them is gone, wherever it was: its row takes the new path, and
    what points to it follows. A gone file gets `missing_since`; one that is back
    loses it. An unreadable file that is new gets a row, so that a problem can name it.

    Bytes that a damaged file was found with are that file: it goes on naming those it
    should have, wherever it is now, and stays damaged until it is read with them.
    """
    lock(conn, Lock.INVENTORY)
    rows = _rows(conn, library, folder, scan)
    scanned = [*scan.files, *_unread(scan, rows)]
    fresh = [it for it in scanned if it.path not in rows]
    differing = [
        it for it in scanned if it.path in rows and not rows[it.path].shows(it, folder)
    ]
    read = {file_id(library, it.path): it.content_id for it in (*fresh, *differing)}
    rot = integrity.rot(conn, {it for it in read.values() if it})
    moves = find_moves(conn, library, fresh, scan, exists, rot)
    rotten = recognise(rot, fresh, moves) | recognise(rot, differing, rows)
    fresh, differing = (
        [as_recorded(it, rotten.get(it.path)) for it in some]
        for some in (fresh, differing)
    )
    _move(conn, library, folder, moves)
    origins = {row.path for row in moves.values() if row.library == library}
    arrived = {
        it.content_id for it in differing if it.content_id != rows[it.path].content_id
    }
    left = set(scan.gone) - origins - {path for path, _ in scan.unreadable}
    gone = [rows[it] for it in sorted(left) if it in rows and not rows[it].missing]
    replacing = [row.file_id for row in gone if row.content_id in arrived - {None}]
    unread = [
        row.file_id for row in gone if (row.size, row.mtime_ns, row.role) == UNREAD
    ]
    _delete(conn, [*replacing, *unread])
    lost = {row.file_id for row in gone} - {*replacing, *unread}
    _set_missing(conn, sorted(lost), now)
    new = [it for it in fresh if it.path not in moves]
    renamed = [it for it in fresh if it.path in moves and moves[it.path].turned(it)]
    _store(conn, library, folder, [*new, *differing, *renamed])
    damaged = {file_id(library, path): it for path, it in rotten.items()}
    integrity.follow(conn, damaged, intact=read.keys() - damaged.keys(), now=now)
    changed = sum(it.content_id != rows[it.path].content_id for it in differing)
    returned = sum(
        rows[it.path].missing and it.content_id == rows[it.path].content_id
        for it in differing
    )
    return FileCounts(
        seen=len(scan.files),
        new=len(new) + returned,
        changed=changed,
        moved=len(moves) + len(replacing),
        missing=len(lost),
        unchanged=len(scan.files) - len(fresh) - changed - returned,
        lost=frozenset(row.folder for row in moves.values()) - {folder},
    )


def lose(
    conn: psycopg.Connection, folder: str, *, exists: Exists, now: datetime
) -> FileCounts:
    """Mark the files of a folder as missing that are gone, however many."""
    lock(conn, Lock.INVENTORY)
    rows = conn.execute(
        """
        select file_id, library, path from files
         where folder = %(folder)s and missing_since is null
        """,
        {"folder": folder},
    ).fetchall()
    gone = [row[0] for row in rows if not exists(row[1], row[2])]
    _set_missing(conn, gone, now)
    kept = len(rows) - len(gone)
    return FileCounts(kept, 0, 0, 0, len(gone), kept, frozenset())


def read_anew(conn: psycopg.Connection, ids: Collection[UUID]) -> set[str]:
    """Let the next scan read these files, whatever their size and time.

    Returns:
        Their folders.
    """
    lock(conn, Lock.INVENTORY)
    rows = conn.execute(
        "update files set mtime_ns = 0 where file_id = any(%(ids)s) returning folder",
        {"ids": list(ids)},
    ).fetchall()
    return {folder for (folder,) in rows}


UNREAD = (0, 0, "other")
"""Size, mtime_ns and role of a file that could never be read."""


def _unread(scan: FolderScan, rows: Mapping[str, FileRow]) -> Iterable[ScannedFile]:
    for path, _ in scan.unreadable:
        row = rows.get(path)
        if row is None:
            name = display_name(path)
            yield ScannedFile(path, name, *UNREAD[:2], None, None, None, "other")
        elif row.missing:
            yield ScannedFile(
                path, row.name, 0, 0, row.content_id, row.format, row.claimed_format,
                row.role,  # pyright: ignore[reportArgumentType]: checked by the table
            )  # fmt: skip


def _rows(
    conn: psycopg.Connection, library: str, folder: str, scan: FolderScan
) -> dict[str, FileRow]:
    """Rows by path: those of the folder, and those of a seen path in any folder."""
    query = """
        select file_id, library, folder, path, name, content_id, size, mtime_ns, format,
               claimed_format, role, missing_since is not null as missing
          from files where folder = %(folder)s or file_id = any(%(ids)s)
    """
    with conn.cursor(row_factory=class_row(FileRow)) as cur:
        found = cur.execute(query, {"folder": folder, "ids": []}).fetchall()
        rows = {row.path: row for row in found}
        paths = [it.path for it in scan.files] + [path for path, _ in scan.unreadable]
        ids = [file_id(library, path) for path in paths if path not in rows]
        if ids:
            found = cur.execute(query, {"folder": None, "ids": ids}).fetchall()
            rows |= {row.path: row for row in found}
    return rows


def _move(
    conn: psycopg.Connection, library: str, folder: str, moves: Mapping[str, FileRow]
) -> None:
    if not moves:
        return
    stage(
        conn,
        """
        drop table if exists pg_temp.moved;
        create temp table moved (
            was uuid primary key, file_id uuid, path text, name text, mtime_ns bigint
        ) on commit drop
        """,
        "copy moved from stdin (format binary)",
        ["uuid", "uuid", "text", "text", "int8"],
        (
            (
                row.file_id,
                file_id(library, path),
                path,
                display_name(path),
                row.mtime_ns,
            )
            for path, row in moves.items()
        ),
    )
    conn.execute(
        """
        update files f
           set file_id = m.file_id, library = %(library)s, folder = %(folder)s,
               path = m.path, name = m.name, mtime_ns = m.mtime_ns, missing_since = null
          from moved m where f.file_id = m.was
        """,
        {"library": library, "folder": folder},
    )


def _store(
    conn: psycopg.Connection, library: str, folder: str, scanned: list[ScannedFile]
) -> None:
    if not scanned:
        return
    stage(
        conn,
        """
        drop table if exists pg_temp.scanned;
        create temp table scanned on commit drop as
        select file_id, path, name, size, mtime_ns, content_id, format, claimed_format,
               role
          from files with no data
        """,
        "copy scanned from stdin (format binary)",
        ["uuid", "text", "text", "int8", "int8", "text", "text", "text", "text"],
        (
            (
                file_id(library, it.path), it.path, it.name, it.size, it.mtime_ns,
                it.content_id, it.format, it.claimed_format, it.role,
            )
            for it in scanned
        ),
    )  # fmt: skip
    conn.execute(
        """
        insert into files as f (file_id, folder, library, path, name, size, mtime_ns,
                                content_id, format, claimed_format, role)
        select file_id, %(folder)s, %(library)s, path, name, size, mtime_ns, content_id,
               format, claimed_format, role
          from scanned
            on conflict (file_id) do update
           set folder = excluded.folder, name = excluded.name, size = excluded.size,
               mtime_ns = excluded.mtime_ns, content_id = excluded.content_id,
               format = excluded.format, claimed_format = excluded.claimed_format,
               role = excluded.role, missing_since = null,
               read_at = case when f.content_id is distinct from excluded.content_id
                              then now() else f.read_at end
        """,
        {"folder": folder, "library": library},
    )


def _set_missing(conn: psycopg.Connection, ids: list[UUID], now: datetime) -> None:
    conn.execute(
        """
        update files set missing_since = %(now)s
         where file_id = any(%(ids)s) and missing_since is null
        """,
        {"ids": ids, "now": now},
    )


def _delete(conn: psycopg.Connection, ids: list[UUID]) -> None:
    conn.execute("delete from files where file_id = any(%(ids)s)", {"ids": ids})
