"""How much room a disk has, and that some of it stays free."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from home_media_pipelines.core.errors import StorageFullError

GOES_ON_AT = 1.1
"""Work goes on when so many times the reserve is free: not at the first byte."""


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a disk: what we may still write, and all there is; and its number."""

    free: int
    size: int
    device: int


def room(directory: Path) -> Room:
    """Return the room on the disk of a directory, or of what will hold it."""
    there = next(it for it in (directory, *directory.parents) if it.exists())
    usage = shutil.disk_usage(there)
    return Room(usage.free, usage.total, there.stat().st_dev)


def require_room(directory: Path, reserve: int) -> None:
    """Return when more than `reserve` bytes are free.

    Raises:
        StorageFullError: there is less, and what is derived must not take it.
    """
    if not reserve:
        return
    free = room(directory).free
    if free < reserve:
        raise StorageFullError(directory, free, reserve)
