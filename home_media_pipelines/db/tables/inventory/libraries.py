"""Table `libraries`: named roots on the NAS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.paths import quote_path, unquote_path
from home_media_pipelines.db.errors import LibraryError
from home_media_pipelines.db.locks import Lock, lock

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Library:
    """A row of `libraries`; `root` is quoted and absolute."""

    library: str
    root: str
    depth: int
    include: list[str]
    exclude: list[str]
    device: int | None
    mounted: bool | None
    state: str
    reason: str | None
    checked_at: datetime | None

    @property
    def path(self) -> Path:
        """The root on this machine."""
        return Path(unquote_path(self.root))


def add(
    conn: psycopg.Connection,
    library: str,
    root: Path,
    *,
    depth: int = 3,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Library:
    """Add a library, or return the one that is there with this name and root.

    Raises:
        LibraryError: a bad name or depth, a relative root, a name in use for another
            root, or a root inside another library or around it.
    """
    if not NAME.fullmatch(library):
        raise LibraryError(
            library, "a name has lower-case letters, digits, - and _, at most 63"
        )
    if not 1 <= depth <= 16:
        raise LibraryError(library, f"depth {depth} is not between 1 and 16")
    if not root.is_absolute():
        raise LibraryError(library, f"{root} is not absolute")
    for other in list_all(conn):
        if other.library == library and other.path == root:
            return other
        if other.library == library:
            raise LibraryError(library, f"is already the name of {other.path}")
        if root.is_relative_to(other.path) or other.path.is_relative_to(root):
            raise LibraryError(
                library, f"{root} overlaps {other.path}, library {other.library!r}"
            )
    values = {
        "library": library,
        "root": quote_path(str(root)),
        "depth": depth,
        "include": list(include),
        "exclude": list(exclude),
    }
    conn.execute(
        """
        insert into libraries (library, root, depth, include, exclude)
        values (%(library)s, %(root)s, %(depth)s, %(include)s, %(exclude)s)
        """,
        values,
    )
    return get(conn, library)


def list_all(conn: psycopg.Connection) -> list[Library]:
    """Return every library, by name."""
    query = """
        select library, root, depth, include, exclude, device, mounted, state, reason,
               checked_at
          from libraries order by library
    """
    with conn.cursor(row_factory=class_row(Library)) as cur:
        return cur.execute(query).fetchall()


def get(conn: psycopg.Connection, library: str) -> Library:
    """Return one library.

    Raises:
        LibraryError: there is none of this name.
    """
    for row in list_all(conn):
        if row.library == library:
            return row
    raise LibraryError(library, "is not known")


def set_reachable(
    conn: psycopg.Connection,
    library: str,
    *,
    device: int | None,
    mounted: bool | None,
    now: datetime,
) -> None:
    """Note that the root was there, and which device it was.

    Raises:
        LibraryError: it was removed meanwhile.
    """
    lock(conn, Lock.INVENTORY)
    found = conn.execute(
        """
        update libraries set state = 'reachable', reason = null, device = %(device)s,
               mounted = %(mounted)s, checked_at = %(now)s
         where library = %(library)s
        """,
        {"library": library, "device": device, "mounted": mounted, "now": now},
    ).rowcount
    if not found:
        raise LibraryError(library, "is not known")


def set_unreachable(
    conn: psycopg.Connection, library: str, reason: str, *, now: datetime
) -> None:
    """Note why the root cannot be trusted; nothing else of the library changes."""
    conn.execute(
        """
        update libraries
           set state = 'unreachable', reason = %(reason)s, checked_at = %(now)s
         where library = %(library)s
        """,
        {"library": library, "reason": reason, "now": now},
    )


def known_files(conn: psycopg.Connection, library: str) -> int:
    """Count the media files the library holds as far as we know."""
    row = conn.execute(
        """
        select count(*) from files
         where library = %(library)s and missing_since is null and role <> 'other'
        """,
        {"library": library},
    ).fetchone()
    return row[0] if row else 0


def some_paths(conn: psycopg.Connection, library: str, limit: int) -> list[str]:
    """Return a few quoted paths of present media files, to tell one root by."""
    rows = conn.execute(
        """
        select path from files
         where library = %(library)s and missing_since is null and role <> 'other'
         limit %(limit)s
        """,
        {"library": library, "limit": limit},
    )
    return [path for (path,) in rows]
