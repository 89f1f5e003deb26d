"""What is below a library root, by stat alone: no file is opened.

Symbolic links are ignored, those to files too: what they point to inside the root is
found there, and what lies outside is not part of the library.
"""

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from blake3 import blake3

from home_media_pipelines.core.inventory.formats import format_of_extension
from home_media_pipelines.core.inventory.globs import Matcher, matcher
from home_media_pipelines.core.inventory.paths import (
    ROOT,
    folder_of,
    locate,
    need_no_quotes,
    quote_path,
    unquote_path,
)

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
_NOISE = frozenset(
    {
        "@eadir",
        "#recycle",
        "#snapshot",
        "@recycle",
        "@recently-snapshot",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "thumbs.db",
        "desktop.ini",
    }
)
"""Names, in lower case, that a NAS or an operating system leaves behind."""


_NOISE_STARTS = frozenset(
    first + second
    for name in _NOISE
    for first in {name[0], name[0].upper()}
    for second in {name[1], name[1].upper()}
)


_KIND, _DIRECTORY, _REGULAR = 0o170000, stat.S_IFDIR, stat.S_IFREG


class FileStat(NamedTuple):
    """A regular file as a directory listing shows it; a tuple, as there are many.

    `mode` is `st_mode`: a change of permissions can make a file readable.
    """

    path: str
    size: int
    mtime_ns: int
    mode: int


_new_file_stat = cast(
    Callable[[tuple[str, int, int, int]], FileStat],
    partial(tuple.__new__, FileStat),  # pyright: ignore[reportUnknownMemberType]
)
"""Makes a FileStat at half the price of the `__new__` that NamedTuple writes."""


@dataclass(frozen=True, slots=True)
class WalkedDirectory:
    """One directory below a root; paths quoted, relative to the root.

    `unreadable` says why it could not be listed: what is in it and below it is
    unknown then, which does not mean gone.
    """

    path: str
    folder_path: str
    mtime_ns: int
    files: tuple[FileStat, ...]
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class FolderSummary:
    """One folder (partition): `signature` changes with any file in it.

    `file_count` counts candidate media files; `directories` are (path, mtime_ns).
    `unreadable` says why a directory of it could not be listed.
    """

    path: str
    signature: str
    file_count: int
    directories: tuple[tuple[str, int], ...]
    unreadable: str | None = None


def is_noise(name: str) -> bool:
    """Whether a file or directory of this name is never part of a library."""
    return name[:1] == "." or name.lower() in _NOISE


def is_candidate(name: str) -> bool:
    """Whether a name may be that of a media file or sidecar."""
    return "." not in name or format_of_extension(name) is not None


def walk(
    root: Path,
    *,
    depth: int,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Iterator[WalkedDirectory]:
    """List every directory below `root`, the root first.

    Args:
        root: of the library.
        depth: directories deeper than this belong to their ancestor's folder.
        include: globs; when there are any, a file must match one.
        exclude: globs of files and directories to leave out.

    Raises:
        OSError: `root` itself cannot be listed.
    """
    return _walk(root, ROOT, depth=depth, include=include, exclude=exclude)


def walk_folder(
    root: Path,
    folder_path: str,
    *,
    depth: int,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Iterator[WalkedDirectory]:
    """Like `walk`, of the directories that belong to one folder.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    return _walk(
        root, folder_path, depth=depth, include=include, exclude=exclude, stay=True
    )


def _walk(
    root: Path,
    start: str,
    *,
    depth: int,
    include: Sequence[str],
    exclude: Sequence[str],
    stay: bool = False,
) -> Iterator[WalkedDirectory]:
    wanted = matcher(include) if include else None
    unwanted = matcher(exclude) if exclude else None
    locate(root, start)  # raises if it leads out of the library
    top = str(root)
    pending = [start]
    while pending:
        path = pending.pop()
        folder_path = folder_of(path, depth)
        if stay and folder_path != start:
            continue
        try:
            mtime_ns, files, below = _list(top, path, wanted, unwanted)
        except OSError as error:
            if path == start:
                raise
            if error.errno not in _GONE:
                reason = error.strerror or type(error).__name__
                yield WalkedDirectory(path, folder_path, 0, (), reason)
            continue
        yield WalkedDirectory(path, folder_path, mtime_ns, tuple(files))
        pending += sorted(below, reverse=True)


def _list(
    root: str, path: str, wanted: Matcher | None, unwanted: Matcher | None
) -> tuple[int, list[FileStat], list[str]]:
    """Return a directory's mtime, its files and the directories in it."""
    prefix = "" if path == ROOT else f"{path}/"
    raw_prefix = unquote_path(prefix)
    names: list[str] = []
    stats: list[os.stat_result] = []
    below: list[str] = []
    link = 0 if path == ROOT else os.O_NOFOLLOW  # only the root may be a link
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | link
    where = f"{root}/{raw_prefix[:-1]}" if raw_prefix else root
    descriptor = os.open(where, flags)
    try:
        mtime_ns = os.fstat(descriptor).st_mtime_ns
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = entry.name
                if (name[0] == "." or name[:2] in _NOISE_STARTS) and is_noise(name):
                    continue
                if unwanted and unwanted(raw_prefix + name):
                    continue
                try:
                    seen = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                kind = seen.st_mode & _KIND
                if kind == _DIRECTORY:
                    below.append(prefix + quote_path(name))
                elif kind == _REGULAR and not (
                    wanted and not wanted(raw_prefix + name)
                ):
                    names.append(name)
                    stats.append(seen)
    finally:
        os.close(descriptor)
    if not need_no_quotes(names):
        names = [quote_path(name) for name in names]
    files = [
        _new_file_stat((prefix + name, it.st_size, it.st_mtime_ns, it.st_mode))
        for name, it in zip(names, stats, strict=True)
    ]
    return mtime_ns, files, below


def summarise(directories: Iterable[WalkedDirectory]) -> dict[str, FolderSummary]:
    """Return the folders that hold a candidate media file, by path.

    A folder of which a directory could not be listed is among them too: whether it
    holds media, and what it held, cannot be said.
    """
    folders: dict[str, list[WalkedDirectory]] = {}
    for directory in directories:
        folders.setdefault(directory.folder_path, []).append(directory)
    summaries: dict[str, FolderSummary] = {}
    for path, parts in folders.items():
        names = (it.path.rpartition("/")[2] for part in parts for it in part.files)
        candidates = sum(map(is_candidate, names))
        reasons = [f"{it.path}: {it.unreadable}" for it in parts if it.unreadable]
        if candidates or reasons:
            summaries[path] = FolderSummary(
                path,
                signature(parts),
                candidates,
                tuple(sorted((part.path, part.mtime_ns) for part in parts)),
                "; ".join(sorted(reasons)) or None,
            )
    return summaries


def signature(
    directories: Iterable[WalkedDirectory], *, without: Collection[str] = ()
) -> str:
    """Return a hash of the files in the directories of one folder, as stat sees them.

    Args:
        directories: of the folder, in any order.
        without: paths of files to leave out.
    """
    lines: list[str] = []
    for directory in directories:
        if directory.unreadable:
            lines.append(f"{directory.path}\t{directory.unreadable}")
        lines += [
            f"{path}\t{size}\t{mtime_ns}\t{mode}"
            for path, size, mtime_ns, mode in directory.files
            if path not in without
        ]
    return blake3("\n".join(sorted(lines)).encode()).hexdigest(16)
