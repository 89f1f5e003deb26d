"""Decoders on every core, where one that dies costs one content.

Workers are processes of their own making, not forks: they share no lock and no memory
with their owner or with each other, so one may be killed at any moment, and they never
import the program that started them.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from home_media_pipelines.core.errors import StorageFullError

Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)

MEMORY = 1_200 * 2**20
"""Bytes a worker may have for one picture, beyond its libraries."""

TIMEOUT = 120.0
"""Seconds one file may take."""

_CRASHES = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP}
)
"""Deaths that another try on the same bytes would repeat."""

_ENVIRONMENT = {
    "VIPS_CONCURRENCY": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


class Job(Protocol[Made_co]):
    """What to make of one content; it and what it makes travel between processes."""

    @property
    def content_id(self) -> str:
        """The BLAKE3 of the file's bytes."""
        ...

    def make(self) -> Made_co:
        """Do the work.

        Raises:
            DecodeError: the file cannot be read.
            StorageFullError: there is no space for what it makes.
        """
        ...


@dataclass(frozen=True, slots=True)
class DecodeFailure:
    """Why nothing was made of a content; `permanent` if another try is in vain."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class StorageFull:
    """A worker found no space left to write this."""

    path: Path


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    job: Job[object] | None = None
    deadline: float = 0.0


class DecoderPool:
    """Processes that decode; use it as a context manager.

    Args:
        processes: how many at once; all cores by default.
        timeout: seconds one file may take.
        memory: bytes a worker may have for one picture.
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        timeout: float = TIMEOUT,
        memory: int = MEMORY,
    ) -> None:
        self._size = processes or os.cpu_count() or 1
        self._timeout = timeout
        self._memory = memory
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every worker, busy or not."""
        for worker in list(self._workers):
            self._end(worker)

    def map(
        self, jobs: Iterable[Job[Made]]
    ) -> Iterator[tuple[str, Made | DecodeFailure]]:
        """Yield content_id and outcome of each job, in the order they finish.

        Jobs are taken as workers become free, so neither jobs nor results pile up.

        Raises:
            StorageFullError: no space left for what a job makes.
        """
        waiting = iter(jobs)
        finished: list[tuple[str, Made | DecodeFailure]] = []
        try:
            while True:
                at_work = self._hand_out(waiting)
                yield from finished
                if not at_work:
                    return
                finished = self._collect()
        finally:
            for worker in [busy for busy in self._workers if busy.job]:
                self._end(worker)  # a caller that stops early waits for nobody

    def _hand_out(self, waiting: Iterator[Job[object]]) -> bool:
        """Give every free worker a job; tell whether any is at work."""
        for worker in [idle for idle in self._workers if idle.job is None]:
            if worker.process.poll() is not None:  # it died while idle
                self._end(worker)
        idle = [worker for worker in self._workers if worker.job is None]
        while idle or len(self._workers) < self._size:
            job = next(waiting, None)
            if job is None:
                break
            worker = idle.pop() if idle else self._start()
            worker.job, worker.deadline = job, time.monotonic() + self._timeout
            # A worker that dies just now is noticed when its answer is due.
            with suppress(BrokenPipeError, ConnectionResetError):
                worker.connection.send(job)
        return any(worker.job for worker in self._workers)

    def _collect(self) -> list[tuple[str, Any]]:
        """Wait for answers, deaths or a deadline, and return at least one of them."""
        finished: list[tuple[str, Any]] = []
        while not finished:
            busy = [(worker, worker.job) for worker in self._workers if worker.job]
            nearest = min(worker.deadline for worker, _ in busy) - time.monotonic()
            connections = [worker.connection for worker, _ in busy]
            ready = wait(connections, max(0.0, nearest))
            now = time.monotonic()
            for worker, job in busy:
                if worker.connection in ready:
                    finished.append((job.content_id, self._answer(worker)))
                elif now >= worker.deadline:
                    self._end(worker)
                    reason = f"took longer than {self._timeout:g} seconds"
                    late = DecodeFailure(reason, permanent=False)
                    finished.append((job.content_id, late))
        return finished

    def _answer(self, worker: _Worker) -> Any:
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            code = worker.process.wait()
            self._end(worker)
            return _death(code)
        worker.job = None
        if isinstance(answer, StorageFull):
            raise StorageFullError(answer.path)
        return answer

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "home_media_pipelines.io.decoder_worker"]
        process = subprocess.Popen(
            [*command, str(theirs.fileno()), str(self._memory)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},  # handed on, not read
        )
        theirs.close()
        worker = _Worker(process, Connection(ours.detach()))
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        """Kill a worker, if it still lives."""
        worker.connection.close()
        worker.process.kill()
        worker.process.wait()
        self._workers.remove(worker)


def _death(code: int) -> DecodeFailure:
    """Say how a worker died; a crash will happen again, being killed need not."""
    if code >= 0:
        reason = f"the decoder ended with exit code {code}"
        return DecodeFailure(reason, permanent=False)
    number = -code
    known = number in set(signal.Signals)
    name = signal.Signals(number).name if known else f"signal {number}"
    reason = f"the decoder was killed by {name}"
    return DecodeFailure(reason, permanent=number in _CRASHES)
