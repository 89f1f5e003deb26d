"""Tables `backlog` and `folder_coverage`: what waits for producers, what is done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.inventory.contents import MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class WaitingFolder:
    """A folder with work left; `newest` is the local time of the latest image of it."""

    folder: str
    contents: int
    newest: datetime


def due_folders(
    conn: psycopg.Connection, wanted: Mapping[str, str]
) -> list[WaitingFolder]:
    """Return the folders with contents that could be done now, newest first.

    Only folders where something changed since the last call are looked at again, and
    all of them for a producer that nobody asked about before: while nothing happens,
    this costs as much with a million images as with none.

    Args:
        conn: to a database that knows the producers.
        wanted: asset to the producer that should have done everything.
    """
    _refresh(conn, wanted.values())
    query = """
        select folder, max(contents) as contents, max(newest) as newest
          from backlog where producer_id = any(%(wanted)s)
         group by folder order by 3 desc, folder
    """
    with conn.cursor(row_factory=class_row(WaitingFolder)) as cur:
        return cur.execute(query, {"wanted": list(wanted.values())}).fetchall()


def _refresh(conn: psycopg.Connection, wanted: Collection[str]) -> None:
    """Look again at what changed, and for the first time for producers that are new.

    Marks are taken before anything is looked at: a writer that commits meanwhile
    leaves its own for the next time.
    """
    if not _anything_to_do(conn, wanted):
        return
    lock(conn, Lock.BACKLOG)
    _forget_former(conn, wanted)
    changed = conn.execute("delete from unchecked_folders returning folder").fetchall()
    folders = sorted({folder for (folder,) in changed})
    known = _kept(conn)
    for producer_id, asset in known.items():
        if folders:
            _look(conn, asset, producer_id, folders)
    conn.execute(
        """
        insert into backlog_producers (producer_id)
        select unnest(%(wanted)s::text[])
         union select producer_id from looking_producers
            on conflict do nothing
        """,
        {"wanted": list(wanted)},
    )
    for producer_id, asset in _kept(conn).items():
        if producer_id not in known:
            _look(conn, asset, producer_id, None)


def _anything_to_do(conn: psycopg.Connection, wanted: Collection[str]) -> bool:
    row = conn.execute(
        """
        select exists (select from unchecked_folders)
            or exists (select unnest(%(wanted)s::text[])
                       union select producer_id from looking_producers
                       except select producer_id from backlog_producers)
        """,
        {"wanted": list(wanted)},
    ).fetchone()
    return row is not None and row[0]


def _kept(conn: psycopg.Connection) -> dict[str, str]:
    """Return the producers whose backlog is kept, with their assets."""
    rows = conn.execute(
        """
        select producer_id, asset from backlog_producers join producers
         using (producer_id)
        """
    )
    return dict(rows.fetchall())


def _forget_former(conn: psycopg.Connection, wanted: Collection[str]) -> None:
    """Keep nothing for producers that shall do nothing any more."""
    conn.execute(
        """
        delete from backlog_producers b
         where b.producer_id <> all(%(wanted)s)
           and b.producer_id not in (select producer_id from looking_producers)
        """,
        {"wanted": list(wanted)},
    )


def _look(
    conn: psycopg.Connection,
    asset: str,
    producer_id: str,
    folders: Collection[str] | None,
) -> None:
    """Replace the rows of a producer, of these folders or of all."""
    values = {
        "asset": asset,
        "producer_id": producer_id,
        "attempts": MAX_ATTEMPTS,
        "folders": None if folders is None else list(folders),
    }
    for statement in (
        """
        delete from backlog
         where producer_id = %(producer_id)s
           and (%(folders)s::text[] is null or folder = any(%(folders)s))
        """,
        """
        delete from folder_coverage
         where producer_id = %(producer_id)s
           and (%(folders)s::text[] is null or folder = any(%(folders)s))
        """,
        """
        insert into backlog (producer_id, folder, contents, newest)
        select %(producer_id)s, folder, count(distinct content_id), max(timeline_at)
          from waiting_contents(%(asset)s, %(producer_id)s, %(attempts)s, %(folders)s)
         group by folder
        """,
        """
        insert into folder_coverage (producer_id, folder, contents, done, failed)
        select %(producer_id)s, folder, contents, done, failed
          from coverage_of(%(asset)s, %(producer_id)s, %(folders)s)
        """,
    ):
        conn.execute(statement, values)
