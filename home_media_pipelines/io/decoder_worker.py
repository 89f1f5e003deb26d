"""The process that decodes for a `DecoderPool`, one job after another.

Started as `python -m home_media_pipelines.io.decoder_worker FD BYTES`: a socket to
its owner, and the memory it may have beyond what its libraries take. It ends when the
owner closes the socket or dies.
"""

import resource
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from home_media_pipelines.core.errors import DecodeError, StorageFullError
from home_media_pipelines.io.decoder_pool import DecodeFailure, Job, StorageFull


def main() -> None:
    """Answer jobs until there are no more."""
    connection = Connection(int(sys.argv[1]))
    import_module(
        "home_media_pipelines.core.pictures.render"
    )  # not what a picture costs
    _limit_memory(int(sys.argv[2]))
    while True:
        try:
            job: Job[object] = connection.recv()
        except EOFError:
            return
        connection.send(answer(job))


def answer(job: Job[object]) -> object:
    """Return what the job makes of its content, or why it makes nothing."""
    try:
        return job.make()
    except DecodeError as error:
        return DecodeFailure(error.reason, error.permanent)
    except StorageFullError as error:
        return StorageFull(Path(error.path))
    except Exception as error:  # noqa: BLE001 a bug in a decoder costs one file
        reason = f"{type(error).__name__}: {error}"
        return DecodeFailure(reason, permanent=not isinstance(error, OSError))


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
