"""The directory of thumbnails: written whole, listed, tidied."""

import errno
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from home_media_pipelines.core.errors import StorageFullError
from home_media_pipelines.core.pictures.thumbnail_paths import thumbnail_path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

UNFINISHED = ".unfinished"
"""Below a store, beside its shards: where files are written before they are renamed.

One directory of a few files, so that what a killed process left is found without
listing millions of names.
"""


def thumbnails_exist(directory: Path, content_id: str, sizes: Sequence[int]) -> bool:
    """Tell whether each of these thumbnails is on disk and not empty."""
    for size in sizes:
        try:
            if thumbnail_path(directory, content_id, size).stat().st_size == 0:
                return False
        except FileNotFoundError:
            return False
    return True


def names_on_disk(directory: Path) -> set[str]:
    """Return the names of all finished thumbnails, by one listing per directory."""
    return {
        entry.name for parent in directory.glob("??/??") for entry in os.scandir(parent)
    }


def remove_orphans(directory: Path, older_than: float = 3600) -> int:
    """Remove the temporary files that killed processes left, and count them.

    Args:
        directory: where thumbnails live.
        older_than: seconds after which even the file of a living process is one: its
            number may have been given to another.
    """
    removed = 0
    for path in (directory / UNFINISHED).glob("*.tmp"):
        try:
            age = time.time() - path.stat().st_mtime
            if age >= older_than or not _alive(path):
                path.unlink()
                removed += 1
        except FileNotFoundError:  # its owner finished, or tidied up
            continue
    return removed


def _alive(temporary: Path) -> bool:
    """Whether the process that writes this file still runs."""
    try:
        os.kill(int(temporary.suffixes[-2].removeprefix(".")), 0)
    except (ProcessLookupError, ValueError, IndexError):
        return False
    except PermissionError:
        return True
    return True


def write_thumbnail(directory: Path, content_id: str, number: int, data: bytes) -> None:
    """Write a thumbnail so that its name never stands for half of it.

    Args:
        directory: where thumbnails live; see `UNFINISHED`.
        content_id: whose.
        number: its size, or which frame of a video.
        data: the JPEG.

    Raises:
        StorageFullError: no space is left; the temporary file is gone again.
    """
    path = thumbnail_path(directory, content_id, number)
    unfinished = directory / UNFINISHED
    name = f"{path.name}.{secrets.token_hex(4)}.{os.getpid()}.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir(exist_ok=True)
        temporary = unfinished / name
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError(path) from error
        raise


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
