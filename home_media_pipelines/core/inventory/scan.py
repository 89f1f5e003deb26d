"""What is there, what changed and what is gone: in a folder, or a whole directory."""

import errno
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from home_media_pipelines.core.errors import FileChangedError, FolderUnreachableError
from home_media_pipelines.core.inventory import formats
from home_media_pipelines.core.inventory.hashing import hash_if
from home_media_pipelines.core.inventory.paths import display_name, locate
from home_media_pipelines.core.inventory.scanned import (
    FolderScan,
    KnownFile,
    ScannedFile,
)
from home_media_pipelines.core.inventory.walk import (
    FileStat,
    WalkedDirectory,
    is_noise,
    signature,
    walk_folder,
)

FEW_FILES = 10
MASS_SHARE = 0.2
"""More known files than both of these gone at once: a fault, not housekeeping."""

SHARE_IS_GONE = frozenset(
    {
        errno.ESTALE,
        errno.ENOTCONN,
        errno.ENXIO,
        errno.ENODEV,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ETIMEDOUT,
    }
)


def scan_folder(
    root: Path,
    folder_path: str,
    known: Mapping[str, KnownFile],
    *,
    depth: int,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    now_ns: int,
    debounce_ns: int,
    moved: Collection[str] = (),
) -> FolderScan:
    """Compare a folder with what is known of it; read what is new or changed, once.

    Args:
        root: of the library.
        folder_path: quoted, relative to the root.
        known: the files recorded in this folder, by quoted path.
        depth: of the library: deeper directories belong to their ancestor.
        include: globs, as in `walk`.
        exclude: globs, as in `walk`.
        now_ns: the time, nanoseconds since the epoch.
        debounce_ns: a file modified less than this ago may still be being copied.
        moved: known paths whose content was found elsewhere: no loss.

    Raises:
        FolderUnreachableError: the folder cannot be listed, the root went away, or
            too many known files are gone at once.
    """
    before = _identity(root, folder_path)
    try:
        directories = list(
            walk_folder(
                root, folder_path, depth=depth, include=include, exclude=exclude
            )
        )
    except (FileNotFoundError, NotADirectoryError):
        directories: list[WalkedDirectory] = []
    except OSError as error:
        raise FolderUnreachableError(_reason(error)) from error
    reading = _Reading(root, now_ns, debounce_ns)
    for directory in directories:
        if directory.unreadable:
            reading.unreadable.append((directory.path, directory.unreadable))
        for seen in sorted(directory.files):
            reading.take(seen, known.get(seen.path))
    gone = _gone(known, directories, reading.unreadable)
    if _identity(root, folder_path) != before:
        raise FolderUnreachableError("replaced or renamed while it was scanned")
    if gone and _is_empty(root):
        raise FolderUnreachableError("the library is empty")
    _refuse_mass_disappearance(known, gone, moved, reading.files)
    return FolderScan(
        reading.files,
        gone,
        reading.unstable,
        reading.unreadable,
        reading.bytes_read,
        signature(directories, without=set(reading.unstable)),
    )


@dataclass(slots=True)
class _Reading:
    """The files of one scan as they are taken in."""

    root: Path
    now_ns: int
    debounce_ns: int
    files: list[ScannedFile] = field(default_factory=list[ScannedFile])
    unstable: list[str] = field(default_factory=list[str])
    unreadable: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    bytes_read: int = 0

    def take(self, seen: FileStat, recorded: KnownFile | None) -> None:
        """Put a file where it belongs; open it only when it is new or changed."""
        path, size, mtime_ns, _ = seen
        if recorded and (recorded.size, recorded.mtime_ns) == (size, mtime_ns):
            self.files.append(_unchanged(path, recorded))
        elif abs(self.now_ns - mtime_ns) < self.debounce_ns:
            self.unstable.append(path)
        else:
            self._read(seen)

    def _read(self, seen: FileStat) -> None:
        try:
            scanned = _read_file(self.root, seen)
        except FileChangedError:
            self.unstable.append(seen.path)
        except OSError as error:
            if error.errno in SHARE_IS_GONE:
                raise FolderUnreachableError(_reason(error)) from error
            if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                self.unstable.append(seen.path)
            else:
                self.unreadable.append((seen.path, _reason(error)))
        else:
            self.files.append(scanned)
            whole = scanned.content_id is not None
            self.bytes_read += seen.size if whole else formats.HEAD_BYTES


def _unchanged(path: str, recorded: KnownFile) -> ScannedFile:
    return ScannedFile(
        path,
        display_name(path),
        recorded.size,
        recorded.mtime_ns,
        recorded.content_id,
        recorded.format,
        recorded.claimed_format,
        recorded.role,
    )


def _read_file(root: Path, seen: FileStat) -> ScannedFile:
    path, size, mtime_ns, _ = seen
    name = path.rpartition("/")[2]
    claimed = formats.format_of_extension(name)
    source = locate(root, path)
    hashed = hash_if(source, lambda head: bool(claimed or formats.sniff(head, name)))
    found = formats.sniff(hashed.head, name) if hashed else None
    media = found or claimed
    if hashed is None or media is None:
        shown = display_name(path)
        return ScannedFile(path, shown, size, mtime_ns, None, None, None, "other")
    if (hashed.size, hashed.mtime_ns) != (size, mtime_ns):
        raise FileChangedError(source)
    return ScannedFile(
        path,
        display_name(path),
        size,
        mtime_ns,
        hashed.content_id,
        found.name if found else None,
        claimed.name if claimed and claimed is not found else None,
        media.role,
    )


def _gone(
    known: Mapping[str, KnownFile],
    directories: Iterable[WalkedDirectory],
    unreadable: Iterable[tuple[str, str]],
) -> list[str]:
    """Known paths that were not listed, except below what could not be listed."""
    present = {seen.path for directory in directories for seen in directory.files}
    hidden = tuple(f"{path}/" for path, _ in unreadable)
    lost = known.keys() - present
    return sorted(it for it in lost if not it.startswith(hidden))


def _refuse_mass_disappearance(
    known: Mapping[str, KnownFile],
    gone: Iterable[str],
    moved: Collection[str],
    files: Iterable[ScannedFile],
) -> None:
    media = sum(recorded.role != "other" for recorded in known.values())
    here = {scanned.content_id for scanned in files}
    lost = sum(
        known[path].role != "other"
        and path not in moved
        and here.isdisjoint({known[path].content_id, known[path].found} - {None})
        for path in gone
    )
    if lost > FEW_FILES and lost > MASS_SHARE * media:
        raise FolderUnreachableError(f"{lost} of {media} files disappeared at once")


def _identity(root: Path, folder_path: str) -> tuple[int | None, ...]:
    """Device and inode of root and folder; None for a folder that is not there."""
    try:
        top = root.stat()
        try:
            folder = locate(root, folder_path).stat()
        except (FileNotFoundError, NotADirectoryError):
            return top.st_dev, top.st_ino, None, None
    except OSError as error:
        raise FolderUnreachableError(_reason(error)) from error
    return top.st_dev, top.st_ino, folder.st_dev, folder.st_ino


def _is_empty(root: Path) -> bool:
    try:
        with os.scandir(root) as entries:
            return all(is_noise(entry.name) for entry in entries)
    except OSError as error:
        raise FolderUnreachableError(_reason(error)) from error


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
