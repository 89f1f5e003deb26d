"""Whether a library root is there, or only the place where it should be."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from home_media_pipelines.core.errors import PathError
from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.inventory.walk import is_noise


@dataclass(frozen=True, slots=True)
class RootState:
    """Can the library be seen? `device` and `mounted` are to be recorded when so."""

    reachable: bool
    reason: str | None
    device: int | None
    mounted: bool | None


def check_root(
    root: Path,
    *,
    device: int | None,
    mounted: bool | None,
    known_files: int,
    known: Collection[str] = (),
) -> RootState:
    """Return whether what is at `root` is the library that was there before.

    Args:
        root: of the library; may be a symbolic link.
        device: `st_dev` when it was last reachable. A share gets another number at
            each mount, so a difference alone proves nothing.
        mounted: whether the root was a mount point then.
        known_files: how many files are recorded below it.
        known: some of their paths, quoted; on another device one must exist.
    """

    def unreachable(reason: str) -> RootState:
        return RootState(False, reason, device, mounted)

    try:
        found = root.stat()
        with os.scandir(root) as entries:
            empty = all(is_noise(entry.name) for entry in entries)
        is_mount = root.resolve().is_mount()
    except FileNotFoundError:
        return unreachable("the directory does not exist")
    except OSError as error:
        return unreachable(error.strerror or type(error).__name__)
    if known_files and mounted and not is_mount:
        return unreachable("nothing is mounted here any more")
    if known_files and empty:
        return unreachable("the directory is empty")
    other_device = device is not None and device != found.st_dev
    if other_device and known and not any(_exists(root, path) for path in known):
        return unreachable("another device is here, without any known file")
    return RootState(True, None, found.st_dev, is_mount)


def _exists(root: Path, path: str) -> bool:
    try:
        return os.path.lexists(locate(root, path))
    except PathError:
        return False
