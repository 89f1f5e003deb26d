"""Whether an original still holds the bytes that were recorded of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from home_media_pipelines.core.errors import FileChangedError, FolderUnreachableError
from home_media_pipelines.core.inventory.hashing import hash_file
from home_media_pipelines.core.inventory.scan import SHARE_IS_GONE

_SECOND = 1_000_000_000


class Verdict(Enum):
    """What a second reading of a file tells."""

    INTACT = "intact"
    DAMAGED = "damaged"
    CHANGED = "changed"
    """Another size or time, or gone: that is for the next scan to see."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a file should be; `intact_at` is when it last was, if that is known."""

    content_id: str
    size: int
    mtime_ns: int
    intact_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A verdict; of a damaged file what it holds now, of a bad one what is wrong."""

    verdict: Verdict
    found: str | None = None
    reason: str | None = None
    bytes_read: int = 0


def read_again(path: Path, recorded: Recorded) -> Reading:
    """Read a file to its end and compare it with what was recorded of it.

    Other bytes under the same size and time are read a second time: only a file that
    reads wrong twice is damaged. One that reads right then has a disk, cable or memory
    that is not to be trusted, and is unreadable for now.

    Raises:
        FolderUnreachableError: the share is gone, which says nothing of the file.
    """
    first = _read(path, recorded)
    if first.verdict is not Verdict.DAMAGED:
        return first
    second = _read(path, recorded)
    read = first.bytes_read + second.bytes_read
    if second.verdict is Verdict.INTACT:
        reason = "it read differently, then right again: look at disk, cable and memory"
        return Reading(Verdict.UNREADABLE, reason=reason, bytes_read=read)
    return Reading(second.verdict, second.found, second.reason, read)


def _read(path: Path, recorded: Recorded) -> Reading:
    try:
        before = path.stat(follow_symlinks=False)
        if (before.st_size, before.st_mtime_ns) != (recorded.size, recorded.mtime_ns):
            return Reading(Verdict.CHANGED)
        hashed = hash_file(path, uncached=True)
    except (FileChangedError, FileNotFoundError, NotADirectoryError):
        return Reading(Verdict.CHANGED)
    except OSError as error:
        if error.errno in SHARE_IS_GONE:
            raise FolderUnreachableError(_said(error)) from error
        return Reading(Verdict.UNREADABLE, reason=_said(error))
    if (hashed.size, hashed.mtime_ns) != (recorded.size, recorded.mtime_ns):
        return Reading(Verdict.CHANGED, bytes_read=hashed.size)
    if hashed.content_id == recorded.content_id:
        return Reading(Verdict.INTACT, bytes_read=hashed.size)
    reason = _blame(before.st_ctime_ns, recorded.intact_at)
    return Reading(Verdict.DAMAGED, hashed.content_id, reason, hashed.size)


def _blame(ctime_ns: int, intact_at: datetime | None) -> str:
    """Say what may have changed the bytes.

    Every write sets a file's status time; a tool that puts the modification time back
    leaves that one behind, and a failing disk touches neither.
    """
    what = "its bytes changed, its size and time did not"
    if intact_at is None:
        return what
    touched = datetime.fromtimestamp(ctime_ns / _SECOND, UTC)
    if touched < intact_at:
        return f"{what}; nothing wrote to it since it was intact: a disk lost them"
    return (
        f"{what}; a disk lost them, or a tool wrote it on {touched.date()} "
        "and put the time back"
    )


def _said(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
