"""One pass of a network over contents: read ahead, run in batches, store by folder.

Three things happen at once: threads read what comes, the caller's thread runs the
network, one thread stores what it found. So the network waits for neither.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from home_media_pipelines.core.errors import DecodeError, NetworkFailedError
from home_media_pipelines.core.vision.read_ahead import read_ahead


class InFolder(Protocol):
    """A content that knows its folder."""

    @property
    def folder(self) -> str:
        """Key of the folder."""
        ...


Content = TypeVar("Content", bound=InFolder)
Input = TypeVar("Input")
Output = TypeVar("Output")
Rows = TypeVar("Rows")

ROWS_PER_WRITE = 1_000
"""A folder is stored at once; a larger one in steps of so many contents."""

_UNSTORED = 256
"""Contents that may wait to be stored before the network waits for them."""


@dataclass(frozen=True, slots=True)
class ContentFailure:
    """Why a content could not be looked at; `permanent` if another try is in vain."""

    reason: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class InferencePipeline(Generic[Content, Input, Output, Rows]):
    """What an asset does with a content, step by step.

    `read` gives what the network takes of it, in a thread; a DecodeError costs this
    content alone, and nothing to look at is an answer too. `run` is the network over
    a stream of those, in order. `finish` makes rows of what it gave, `store` writes
    those of one folder in one transaction; both in the storing thread.
    """

    read: Callable[[Content], Sequence[Input]]
    run: Callable[[Iterable[Input]], Iterable[Output | ContentFailure]]
    finish: Callable[[Content, Sequence[Output]], Rows]
    store: Callable[[str, Sequence[tuple[Content, Rows | ContentFailure]]], None]


def run_pipeline(
    contents: Iterable[Content],
    steps: InferencePipeline[Content, Input, Output, Rows],
    *,
    threads: int,
    ahead: int,
) -> None:
    """Look at every content and store what was found, folder by folder.

    Args:
        contents: those of one folder follow each other.
        steps: what to do.
        threads: that read.
        ahead: contents that are read before the network asks for them.

    What `steps.run` raises ends the pass; folders that were done before stay stored.
    """
    order: deque[tuple[Content, int | DecodeError]] = deque()

    def inputs() -> Iterator[Input]:
        reading = read_ahead(contents, steps.read, threads=threads, ahead=ahead)
        for content, found in reading:
            if isinstance(found, DecodeError):
                order.append((content, found))
                continue
            order.append((content, len(found)))
            yield from found

    with _Storing(steps) as storing:
        outputs: list[Output | ContentFailure] = []
        for output in steps.run(inputs()):
            _hand_over(order, outputs, storing)  # what came before this one's content
            outputs.append(output)
            _hand_over(order, outputs, storing)
        _hand_over(order, outputs, storing)
        storing.finish_folder()


def one_by_one(
    run: Callable[[Sequence[Input]], Sequence[Output]],
    harmless: Input,
    passes: Callable[[Exception], bool],
) -> Callable[[Sequence[Input]], list[Output | ContentFailure]]:
    """Return `run` for batches in which some pictures may be bad.

    A batch that fails is tried again one by one, so that it costs what is bad alone.
    A network that fails on something harmless too is broken: that is raised, and no
    picture is blamed for it. `passes` says which errors are to be raised as they are.

    Raises (when called):
        NetworkFailedError: the network is broken.
    """

    def careful(batch: Sequence[Input]) -> list[Output | ContentFailure]:
        try:
            return list(run(batch))
        except Exception as error:
            if passes(error):
                raise
            if len(batch) == 1:
                return [blamed(error)]
        return [output for each in batch for output in careful([each])]

    def blamed(error: Exception) -> ContentFailure:
        try:
            run([harmless])
        except Exception as again:
            raise NetworkFailedError(f"{type(again).__name__}: {again}") from again
        return ContentFailure(f"{type(error).__name__}: {error}")

    return careful


class _Storing(Generic[Content, Input, Output, Rows]):
    """The thread that makes rows and stores them, with a bound on what waits for it."""

    def __init__(self, steps: InferencePipeline[Content, Input, Output, Rows]) -> None:
        self._steps = steps
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storing")
        self._room = threading.BoundedSemaphore(_UNSTORED)
        self._folder: str | None = None
        self._count = 0
        self._rows: list[tuple[Content, Rows | ContentFailure]] = []
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Store what folders are complete, also when the pass broke off."""
        self._thread.shutdown(wait=True)
        if error is None:
            self._raise_errors()

    def add(
        self, content: Content, found: Sequence[Output | ContentFailure] | DecodeError
    ) -> None:
        if content.folder != self._folder or self._count >= ROWS_PER_WRITE:
            self.finish_folder()
            self._folder, self._count = content.folder, 0
        self._count += 1
        self._room.acquire()
        self._do(lambda: self._finish(content, found))

    def finish_folder(self) -> None:
        """Store the contents added since the last time, all of one folder."""
        folder = self._folder
        if folder is not None and self._count:
            self._do(lambda: self._store(folder))
        self._count = 0

    def _do(self, work: Callable[[], None]) -> None:
        self._waiting.append(self._thread.submit(work))
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft().result()

    def _raise_errors(self) -> None:
        for future in self._waiting:
            future.result()

    def _finish(
        self, content: Content, found: Sequence[Output | ContentFailure] | DecodeError
    ) -> None:
        try:
            self._rows.append((content, self._made_of(content, found)))
        finally:
            self._room.release()

    def _made_of(
        self, content: Content, found: Sequence[Output | ContentFailure] | DecodeError
    ) -> Rows | ContentFailure:
        if isinstance(found, DecodeError):
            return ContentFailure(found.reason, found.permanent)
        good: list[Output] = []
        for output in found:
            if isinstance(output, ContentFailure):
                return output
            good.append(output)
        return self._steps.finish(content, good)

    def _store(self, folder: str) -> None:
        rows, self._rows = self._rows, []
        self._steps.store(folder, rows)


def _hand_over(
    order: deque[tuple[Content, int | DecodeError]],
    outputs: list[Output | ContentFailure],
    storing: _Storing[Content, Input, Output, Rows],
) -> None:
    """Pass on the contents at the head of the queue that are complete."""
    while order:
        content, expected = order[0]
        if isinstance(expected, DecodeError):
            storing.add(content, expected)
        elif expected <= len(outputs):
            storing.add(content, outputs[:expected])
            del outputs[:expected]
        else:
            return
        order.popleft()
