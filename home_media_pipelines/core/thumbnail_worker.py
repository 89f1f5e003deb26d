"""The process that makes thumbnails for a `ThumbnailPool`, one job after another.

Started as `python -m home_media_pipelines.core.thumbnail_worker FD BYTES`: a socket to
its owner, and the memory it may have beyond what its libraries take. It ends when the
owner closes the socket or dies.
"""

import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from home_media_pipelines.core.errors import DecodeError, StorageFullError
from home_media_pipelines.core.thumbnail_pool import (
    StorageFull,
    ThumbnailFailure,
    ThumbnailJob,
)
from home_media_pipelines.core.thumbnails import Thumbnails, make_thumbnails

Answer = Thumbnails | ThumbnailFailure | StorageFull


def main() -> None:
    """Answer jobs until there are no more."""
    connection = Connection(int(sys.argv[1]))
    _limit_memory(int(sys.argv[2]))
    while True:
        try:
            job: ThumbnailJob = connection.recv()
        except EOFError:
            return
        connection.send(answer(job))


def answer(job: ThumbnailJob) -> Answer:
    """Make the thumbnails of one content, or say why not."""
    try:
        return make_thumbnails(
            job.source,
            job.content_id,
            job.format,
            job.orientation,
            job.directory,
            limits=job.limits,
        )
    except DecodeError as error:
        return ThumbnailFailure(error.reason, error.permanent)
    except StorageFullError as error:
        return StorageFull(Path(error.path))
    except Exception as error:  # noqa: BLE001 a bug in a decoder costs one file
        reason = f"{type(error).__name__}: {error}"
        return ThumbnailFailure(reason, permanent=not isinstance(error, OSError))


def _limit_memory(spare: int) -> None:
    """Let the private memory of this process grow by `spare` bytes, not further.

    Linux counts private writable mappings; elsewhere the limit has no effect.
    """
    try:
        with Path("/proc/self/statm").open() as file:
            pages = int(file.read().split()[5])
    except OSError:
        return
    limit = pages * resource.getpagesize() + spare
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


if __name__ == "__main__":
    main()
