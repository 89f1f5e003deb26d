"""Which file a new one was before: the bytes tell, then the name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.scanned import FolderScan, ScannedFile
from home_media_pipelines.db.tables.inventory.integrity import Rot

Exists = Callable[[str, str], bool]
"""Whether a library still has a file at a quoted path; True when in doubt."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as its row has it."""

    file_id: UUID
    library: str
    folder: str
    path: str
    name: str
    content_id: str | None
    size: int
    mtime_ns: int
    format: str | None
    claimed_format: str | None
    role: str
    missing: bool

    def shows(self, it: ScannedFile, folder: str) -> bool:
        """Whether the row already says all that the scan found."""
        return not self.missing and self.folder == folder and (
            self.size, self.mtime_ns, self.content_id, self.format,
            self.claimed_format, self.role, self.name,
        ) == (
            it.size, it.mtime_ns, it.content_id, it.format,
            it.claimed_format, it.role, it.name,
        )  # fmt: skip

    def turned(self, it: ScannedFile) -> bool:
        """Whether a new name changed what we make of the same bytes."""
        return (self.format, self.claimed_format, self.role) != (
            it.format,
            it.claimed_format,
            it.role,
        )


def find_moves(
    conn: psycopg.Connection,
    library: str,
    fresh: Iterable[ScannedFile],
    scan: FolderScan,
    exists: Exists,
    rot: Mapping[str, Sequence[Rot]],
) -> dict[str, FileRow]:
    """Return the gone file, by new path, that each new file was before.

    Of several, one of the same library and name is taken first, then one of the same
    name, then any in order of path. Libraries and folders that cannot be reached hold
    all their files still. A damaged file is found by the bytes it has, then by those
    it should have, as it may have been brought back under another name.
    """
    arrivals: dict[str, list[ScannedFile]] = defaultdict(list)
    for it in sorted(fresh, key=lambda it: it.path):
        if it.content_id is not None:
            arrivals[it.content_id].append(it)
    if not arrivals:
        return {}
    query = """
        select f.file_id, f.library, f.folder, f.path, f.name, f.content_id, f.size,
               f.mtime_ns, f.format, f.claimed_format, f.role,
               f.missing_since is not null as missing
          from files f
          join libraries l on l.library = f.library and l.state <> 'unreachable'
          join folders o on o.folder = f.folder and o.state <> 'unreachable'
         where f.content_id = any(%(contents)s) or f.file_id = any(%(rotten)s)
         order by f.library, f.path
    """
    here = {it.path for it in scan.files}
    gone = set(scan.gone)
    found = {it.file_id: it.found for same in rot.values() for it in same}
    values = {"contents": list(arrivals), "rotten": list(found)}
    left: dict[str, list[FileRow]] = defaultdict(list)
    with conn.cursor(row_factory=class_row(FileRow)) as cur:
        for row in cur.execute(query, values).fetchall():
            if row.library == library and row.path in here:
                continue
            local = row.library == library and row.path in gone
            if row.missing or local or not exists(row.library, row.path):
                for held in (found.get(row.file_id), row.content_id):
                    left[held or ""].append(row)
    moves: dict[str, FileRow] = {}
    for content_id in sorted(arrivals, key=lambda it: it not in rot):
        taken = {row.file_id for row in moves.values()}
        candidates = [row for row in left[content_id] if row.file_id not in taken]
        moves |= _pair(library, arrivals[content_id], candidates)
    return moves


def _pair(
    library: str, arrivals: list[ScannedFile], candidates: list[FileRow]
) -> dict[str, FileRow]:
    """Pair new paths with gone files of the same bytes, closest first."""
    moves: dict[str, FileRow] = {}
    for key in (lambda lib, name: (lib, name), lambda _, name: name, lambda *_: None):
        waiting: dict[object, list[FileRow]] = defaultdict(list)
        for row in reversed(candidates):
            waiting[key(row.library, row.name)].append(row)
        for it in arrivals:
            same = waiting.get(key(library, it.name))
            if it.path not in moves and same:
                moves[it.path] = replace(same.pop(), size=it.size, mtime_ns=it.mtime_ns)
        taken = {row.file_id for row in moves.values()}
        candidates = [row for row in candidates if row.file_id not in taken]
    return moves


def recognise(
    rot: Mapping[str, Sequence[Rot]],
    scanned: Iterable[ScannedFile],
    rows: Mapping[str, FileRow],
) -> dict[str, Rot]:
    """Return the damaged file, by path, whose bytes each of these files has.

    Args:
        rot: damaged files by the bytes they were found with.
        scanned: files that were read.
        rows: what is or was recorded of some of them, by path.
    """
    known: dict[str, Rot] = {}
    for it in scanned:
        same = rot.get(it.content_id or "", ())
        row = rows.get(it.path)
        itself = [one for one in same if row and one.file_id == row.file_id]
        if itself or len({one.content_id for one in same}) == 1:
            known[it.path] = (itself or same)[0]
    return known


def as_recorded(it: ScannedFile, was: Rot | None) -> ScannedFile:
    """What is to be recorded of a file: of a damaged one, what it should be."""
    if was is None:
        return it
    return replace(
        it,
        content_id=was.content_id,
        format=was.format,
        claimed_format=was.claimed_format,
        role=was.role,
    )
