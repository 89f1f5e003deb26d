"""Table `folders`: what the last walk saw, and what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.db.locks import Lock, lock

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=6)
UNSTABLE_RETRY = timedelta(seconds=10)
MAX_ATTEMPTS = 10
"""Then a folder waits until something changes in it, or a person asks."""


@dataclass(frozen=True, slots=True)
class DueFolder:
    """A folder whose inventory is not what the last walk saw, or that failed before.

    `state` vanished: it is gone, and its files are still counted as present. `batch`
    is the run that was last asked to bring it up to date.
    """

    folder: str
    library: str
    path: str
    signature: str | None
    state: str
    file_count: int
    attempts: int
    batch: str | None


@dataclass(frozen=True, slots=True)
class FolderLocation:
    """Where a folder lies, and how its library is walked; `path` quoted."""

    folder: str
    library: str
    path: str
    quoted_root: str
    depth: int
    include: list[str]
    exclude: list[str]
    signature: str | None

    @property
    def root(self) -> Path:
        """The library's root on this machine."""
        return Path(unquote_path(self.quoted_root))


def due(conn: psycopg.Connection, *, now: datetime) -> list[DueFolder]:
    """Return the folders to bring up to date, those never scanned first.

    Folders of an unreachable library are left out, those that failed wait longer
    after each attempt, and those that failed too often are left alone.
    """
    query = """
        select f.folder, f.library, f.path, f.signature, f.state, f.file_count,
               f.attempts, f.batch
          from folders f join libraries l using (library)
         where l.state <> 'unreachable' and f.attempts < %(attempts)s
           and (f.retry_at is null or f.retry_at <= %(now)s)
           and case when f.attempts > 0 then true
                    when f.state = 'vanished'
                    then exists (select from files x where x.folder = f.folder
                                    and x.missing_since is null)
                    else f.signature is not null
                         and f.signature is distinct from f.scanned_signature end
         order by f.scanned_at is null desc, f.folder
    """
    values = {"now": now, "attempts": MAX_ATTEMPTS}
    with conn.cursor(row_factory=class_row(DueFolder)) as cur:
        return cur.execute(query, values).fetchall()


def with_unfinished_work(
    conn: psycopg.Connection, names: Collection[str]
) -> list[DueFolder]:
    """Return the folders of these libraries with contents that wait or are stale."""
    query = """
        select f.folder, f.library, f.path, f.signature, f.state, f.file_count,
               f.attempts, f.batch
          from folders f join libraries l using (library)
         where f.library = any(%(names)s) and l.state <> 'unreachable'
           and f.state = 'reachable' and f.attempts = 0
           and f.folder in (select g.folder from library_freshness g
                             where g.asset <> 'files' and g.waiting + g.stale > 0)
         order by f.folder
    """
    with conn.cursor(row_factory=class_row(DueFolder)) as cur:
        return cur.execute(query, {"names": list(names)}).fetchall()


def behind(conn: psycopg.Connection) -> list[str]:
    """Return the keys of reachable folders whose inventory is not what a walk saw."""
    rows = conn.execute(
        """
        select folder from folders
         where state = 'reachable' and signature is distinct from scanned_signature
         order by folder
        """
    ).fetchall()
    return [folder for (folder,) in rows]


def accept_losses(conn: psycopg.Connection, folder: str) -> None:
    """Trust a folder again that lost many files at once: a person says it is right."""
    conn.execute(
        """
        update folders
           set state = case when signature is null then 'vanished'
                            else 'reachable' end,
               scanned_signature = null, reason = null, attempts = 0, retry_at = null
         where folder = %(folder)s
        """,
        {"folder": folder},
    )


def hand_out(conn: psycopg.Connection, keys: Collection[str], batch: str) -> None:
    """Note which run was asked to bring the folders up to date."""
    lock(conn, Lock.INVENTORY)
    conn.execute(
        "update folders set batch = %(batch)s where folder = any(%(keys)s)",
        {"batch": batch, "keys": list(keys)},
    )


def locations(conn: psycopg.Connection, keys: Collection[str]) -> list[FolderLocation]:
    """Return where folders lie, in the order given; unknown keys are left out."""
    query = """
        select f.folder, f.library, f.path, l.root as quoted_root, l.depth, l.include,
               l.exclude, f.signature
          from folders f join libraries l using (library)
         where f.folder = any(%(keys)s)
         order by array_position(%(keys)s::text[], f.folder::text)
    """
    with conn.cursor(row_factory=class_row(FolderLocation)) as cur:
        return cur.execute(query, {"keys": list(keys)}).fetchall()


def mark_scanned(
    conn: psycopg.Connection,
    folder: str,
    signature: str | None,
    *,
    walked: str | None,
    now: datetime,
) -> None:
    """Note that the inventory agrees with the folder.

    Args:
        conn: in a transaction.
        folder: key.
        signature: what the scan saw; None keeps the folder due (files that are still
            being written, say).
        walked: the signature of the folder when the scan began (`DueFolder`); if no
            walk has stored another since, the scan's own takes its place.
        now: aware time.
    """
    conn.execute(
        """
        update folders
           set scanned_signature = coalesce(%(signature)s, scanned_signature),
               signature = case when state <> 'vanished' and %(signature)s is not null
                                 and signature is not distinct from %(walked)s
                                then %(signature)s else signature end,
               scanned_at = %(now)s, reason = null,
               attempts = case state when 'unreachable' then 0 else attempts end,
               retry_at = case when %(signature)s::text is null then %(later)s
                               when state = 'unreachable' then null
                               else retry_at end,
               state = case when state <> 'unreachable' then state
                            when signature is null then 'vanished'
                            else 'reachable' end
         where folder = %(folder)s
        """,
        {
            "folder": folder,
            "signature": signature,
            "walked": walked,
            "now": now,
            "later": now + UNSTABLE_RETRY,
        },
    )


def mark_done(conn: psycopg.Connection, keys: Collection[str]) -> None:
    """Note that nothing failed in the folders: earlier failures are forgiven."""
    lock(conn, Lock.INVENTORY)
    conn.execute(
        """
        update folders set attempts = 0, retry_at = null, reason = null
         where folder = any(%(keys)s) and attempts > 0 and state <> 'unreachable'
        """,
        {"keys": list(keys)},
    )


def mark_unreachable(
    conn: psycopg.Connection, folder: str, reason: str, *, now: datetime
) -> None:
    """Note why the folder cannot be trusted, and when to look again."""
    _mark(conn, folder, "unreachable", reason, now)


def mark_failed(
    conn: psycopg.Connection, folder: str, reason: str, *, now: datetime
) -> None:
    """Note that work on the folder failed, and when to try again."""
    _mark(conn, folder, None, reason, now)


def _mark(
    conn: psycopg.Connection, folder: str, state: str | None, reason: str, now: datetime
) -> None:
    """Wait twice as long after each attempt, from a minute to six hours."""
    conn.execute(
        """
        update folders
           set state = coalesce(%(state)s, state), reason = %(reason)s,
               attempts = attempts + 1, batch = null,
               retry_at = %(now)s + least(%(first)s * power(2, least(attempts, 20)),
                                          %(last)s)
         where folder = %(folder)s
        """,
        {
            "folder": folder,
            "state": state,
            "reason": reason,
            "now": now,
            "first": FIRST_RETRY,
            "last": LAST_RETRY,
        },
    )


def mark_unfinished(
    conn: psycopg.Connection,
    *,
    batch: str | None,
    keys: Collection[str],
    reason: str,
    now: datetime,
) -> list[str]:
    """Note that a run failed, at its folders with work left; return their keys.

    Folders that wait after a failure already, or were given up, are left as they are.
    """
    lock(conn, Lock.INVENTORY)
    rows = conn.execute(
        """
        select f.folder from folders f
         where (f.batch = %(batch)s or f.folder = any(%(keys)s))
           and (f.retry_at is null or f.retry_at <= %(now)s)
           and f.attempts < %(attempts)s and f.state <> 'vanished'
           and (f.signature is distinct from f.scanned_signature
                or exists (select from library_freshness g
                            where g.folder = f.folder and g.asset <> 'files'
                              and g.waiting + g.stale > 0))
         order by f.folder
        """,
        {"batch": batch, "keys": list(keys), "now": now, "attempts": MAX_ATTEMPTS},
    ).fetchall()
    unfinished = [folder for (folder,) in rows]
    for folder in unfinished:
        mark_failed(conn, folder, reason, now=now)
    return unfinished


def keys(conn: psycopg.Connection) -> list[str]:
    """Return every folder's key, sorted, vanished ones too."""
    rows = conn.execute("select folder from folders order by folder").fetchall()
    return [folder for (folder,) in rows]


def rescan(conn: psycopg.Connection, folders: Collection[str]) -> list[str]:
    """Make folders due, and those that wait after a failure; return all of them."""
    lock(conn, Lock.INVENTORY)
    rows = conn.execute(
        """
        update folders
           set retry_at = null, attempts = 0,
               scanned_signature = case when folder = any(%(folders)s) then null
                                        else scanned_signature end
         where folder = any(%(folders)s) or retry_at is not null
        returning folder
        """,
        {"folders": list(folders)},
    ).fetchall()
    return sorted(folder for (folder,) in rows)
