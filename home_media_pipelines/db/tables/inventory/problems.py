"""Table `problems`: why an asset has no row for a content or a file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.scanned import file_id
from home_media_pipelines.db.staging import plain, stage
from home_media_pipelines.db.tables.inventory import folders
from home_media_pipelines.db.tables.inventory.contents import MAX_ATTEMPTS

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure to be recorded. `permanent`: another try gives the same answer.

    `subject` is the content_id or, where the bytes are not known, the file_id.
    """

    subject: str
    reason: str
    permanent: bool
    content_id: str | None = None
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProblemSummary:
    """How many present files have a problem, why (most common first), and a few."""

    files: int
    reasons: dict[str, int]
    examples: list[str]


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A problem as a person wants to read it, at one file that has it."""

    asset: str
    subject: str
    reason: str
    permanent: bool
    attempts: int
    first_at: datetime
    last_at: datetime
    library: str
    folder: str
    path: str
    name: str


def of_content(content_id: str, reason: str, *, permanent: bool) -> Problem:
    """Return the problem of a content."""
    return Problem(content_id, reason, permanent, content_id=content_id)


def of_file(
    library: str, path: str, reason: str, *, permanent: bool = False
) -> Problem:
    """Return the problem of a file, known by its quoted path."""
    found = file_id(library, path)
    return Problem(str(found), reason, permanent, file_id=found)


def record(
    conn: psycopg.Connection,
    asset: str,
    found: Iterable[Problem],
    *,
    producer_id: str | None,
    now: datetime,
) -> None:
    """Store failures; one that is known under the same producer counts an attempt."""
    stage(
        conn,
        """
        drop table if exists pg_temp.failed;
        create temp table failed (
            subject text, content_id text, file_id uuid, reason text, permanent boolean
        ) on commit drop
        """,
        "copy failed from stdin (format binary)",
        ["text", "text", "uuid", "text", "bool"],
        (
            (
                it.subject,
                it.content_id,
                it.file_id,
                (plain(it.reason) or "")[:LONGEST_REASON],
                it.permanent,
            )
            for it in found
        ),
    )
    conn.execute(
        """
        insert into problems as p (asset, subject, content_id, file_id, producer_id,
                                   reason, permanent, first_at, last_at)
        select distinct on (f.subject) %(asset)s, f.subject, f.content_id, f.file_id,
               %(producer_id)s, f.reason, f.permanent, %(now)s, %(now)s
          from failed f
         where f.file_id is null
            or exists (select from files x where x.file_id = f.file_id)
         order by f.subject
            on conflict (asset, subject) do update
           set reason = excluded.reason, permanent = excluded.permanent,
               producer_id = excluded.producer_id, last_at = excluded.last_at,
               attempts = case when p.producer_id is not distinct from
                                    excluded.producer_id
                               then p.attempts + 1 else 1 end
        """,
        {"asset": asset, "producer_id": producer_id, "now": now},
    )


def clear(conn: psycopg.Connection, asset: str, subjects: Collection[str]) -> None:
    """Forget the problems of what works now."""
    conn.execute(
        "delete from problems where asset = %(asset)s and subject = any(%(subjects)s)",
        {"asset": asset, "subjects": list(subjects)},
    )


def clear_files(
    conn: psycopg.Connection, folder: str, *, still: Collection[str]
) -> None:
    """Forget the unreadable files of a folder, but for the quoted paths `still`."""
    conn.execute(
        """
        delete from problems p using files f
         where p.asset = 'files' and f.file_id = p.file_id and f.folder = %(folder)s
           and f.path <> all(%(still)s)
        """,
        {"folder": folder, "still": list(still)},
    )


def list_all(conn: psycopg.Connection) -> list[KnownProblem]:
    """Return the problems of files that are present, by library and path."""
    query = """
        select asset, subject, reason, permanent, attempts, first_at, last_at, library,
               folder, path, name
          from gallery.problems where missing_since is null
         order by library, path, asset
    """
    with conn.cursor(row_factory=class_row(KnownProblem)) as cur:
        return cur.execute(query).fetchall()


def summary(conn: psycopg.Connection, asset: str, few: int = 20) -> ProblemSummary:
    """Count an asset's problems with present files, by reason.

    Args:
        conn: to the database.
        asset: whose problems.
        few: how many reasons, and how many files by library and path.
    """
    query = """
        with found as materialized (
            select library, path, reason from gallery.problems
             where asset = %(asset)s and missing_since is null
        ), reasons as (
            select reason, count(*) as files from found
             group by reason order by files desc, reason limit %(few)s
        )
        select (select count(*) from found) as files,
               coalesce((select json_object_agg(reason, files order by files desc,
                                                reason) from reasons), '{}') as reasons,
               array(select library || '/' || path from found
                      order by library, path limit %(few)s) as examples
    """
    with conn.cursor(row_factory=class_row(ProblemSummary)) as cur:
        found = cur.execute(query, {"asset": asset, "few": few}).fetchone()
    return found or ProblemSummary(0, {}, [])


def count(conn: psycopg.Connection, asset: str, keys: Collection[str]) -> int:
    """Count an asset's problems with present files of the folders."""
    row = conn.execute(
        """
        select count(distinct p.subject) from files f join problems p
            on p.file_id = f.file_id or p.content_id = f.content_id
         where p.asset = %(asset)s and f.folder = any(%(keys)s)
           and f.missing_since is null
        """,
        {"asset": asset, "keys": list(keys)},
    ).fetchone()
    return row[0] if row else 0


def count_files(conn: psycopg.Connection, names: Collection[str]) -> int:
    """Count the present files of the libraries that have a problem."""
    row = conn.execute(
        """
        select count(distinct f.file_id) from files f join problems p
            on p.file_id = f.file_id or p.content_id = f.content_id
         where f.library = any(%(names)s) and f.missing_since is null
        """,
        {"names": list(names)},
    ).fetchone()
    return row[0] if row else 0


def passing(conn: psycopg.Connection, keys: Collection[str]) -> dict[str, str]:
    """Return the folders with problems that may pass by themselves, and how many.

    Those of networks are left out: a folder is brought up to date without them.
    """
    rows = conn.execute(
        """
        select f.folder, count(distinct p.subject), min(p.reason)
          from files f join problems p
            on p.file_id = f.file_id or p.content_id = f.content_id
         where f.folder = any(%(keys)s) and f.missing_since is null
           and p.asset in ('files', 'exif', 'images', 'thumbnails')
           and not p.permanent and p.attempts < %(attempts)s
         group by f.folder
        """,
        {"keys": list(keys), "attempts": MAX_ATTEMPTS},
    )
    return {
        folder: f"{number} files could not be read: {reason}"
        for folder, number, reason in rows
    }


def retry(conn: psycopg.Connection) -> list[str]:
    """Forget all problems, so that the next run tries again; return the folders.

    They become due, with those that wait after a failure.
    """
    rows = conn.execute(
        """
        select distinct f.folder
          from problems p join files f
            on f.file_id = p.file_id or f.content_id = p.content_id
         where f.missing_since is null
        """
    ).fetchall()
    conn.execute("delete from problems")
    return folders.rescan(conn, [folder for (folder,) in rows])
