"""The identity of a file's bytes: BLAKE3, and the beginning from the same read.

Files are read, not mapped: a mapped file that shrinks, or a share that goes away,
would kill the process instead of raising.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from home_media_pipelines.core.errors import FileChangedError
from home_media_pipelines.core.inventory.formats import HEAD_BYTES

_BUFFER_BYTES = 4 << 20
_PARALLEL_BYTES = 4 << 20
"""From this size on, hashing on all cores is faster than on one."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Hashed:
    """What one read of a file told; `head` is its first `HEAD_BYTES` at most."""

    content_id: str
    size: int
    mtime_ns: int
    head: bytes


@contextmanager
def _opened(path: Path) -> Generator[tuple[int, os.stat_result]]:
    """Open a regular file for reading; links and devices are refused as OSError."""
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        yield descriptor, found
    finally:
        os.close(descriptor)


def hash_file(path: Path, *, uncached: bool = False) -> Hashed:
    """Read a file once; return its BLAKE3 (64 hex digits), size, mtime and head.

    Args:
        path: of a regular file.
        uncached: ask for the bytes on the disk, not those the system remembers, and
            let it remember none of them afterwards (Linux; elsewhere as usual).

    Raises:
        FileChangedError: size or mtime changed meanwhile.
        OSError: it cannot be read, or is not a regular file.
    """
    with _opened(path) as (descriptor, before):
        if uncached:
            _forget_cached(descriptor)
        found = _hash(path, descriptor, before, os.read(descriptor, HEAD_BYTES))
        if uncached:
            _forget_cached(descriptor)
        return found


def _forget_cached(descriptor: int) -> None:
    if sys.platform == "linux":
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def hash_if(path: Path, is_wanted: Callable[[bytes], bool]) -> Hashed | None:
    """Like `hash_file`, but stop after the head unless `is_wanted(head)`."""
    with _opened(path) as (descriptor, before):
        head = os.read(descriptor, HEAD_BYTES)
        wanted = is_wanted(head)
        return _hash(path, descriptor, before, head) if wanted else None


def _hash(path: Path, descriptor: int, before: os.stat_result, head: bytes) -> Hashed:
    many = before.st_size >= _PARALLEL_BYTES
    hasher = blake3(head, max_threads=blake3.AUTO if many else 1)
    size = len(head)
    buffer = memoryview(bytearray(min(before.st_size + 1, _BUFFER_BYTES)))
    while read := os.readv(descriptor, [buffer]):
        hasher.update(buffer[:read])
        size += read
    after = os.fstat(descriptor)
    if before.st_mtime_ns != after.st_mtime_ns or not (
        before.st_size == size == after.st_size
    ):
        raise FileChangedError(path)
    return Hashed(hasher.hexdigest(), size, after.st_mtime_ns, head)
