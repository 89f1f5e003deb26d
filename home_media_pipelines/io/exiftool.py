"""ExifTool, asked in batches through processes that stay open.

Built on PyExifTool, which starts and ends the process. Its own reading loop waits for
ever (and spins) once ExifTool has died or hangs, so `_Process.execute` replaces it.

ExifTool never sees a real name: it reads links `<content_id>.<ext>` in a private
directory, so no name can look like an option, hold a newline or end the batch.
"""

import contextlib
import itertools
import json
import os
import re
import selectors
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

import exiftool  # pyright: ignore[reportMissingTypeStubs]

from home_media_pipelines.core.errors import ExifToolMissingError
from home_media_pipelines.core.metadata.tags import CUT_SHORT, Json

TIMEOUT = 30.0
"""Seconds without a byte of answer after which ExifTool counts as hung."""

ANSWER_LIMIT = 32 * 1024 * 1024
"""Bytes of answer to one question, a batch or a file, that are read at most."""

MEMORY_LIMIT = 1024 * 1024 * 1024
"""Bytes one ExifTool process may map: a bomb ends it, not the machine (Linux)."""

BATCH = 32


_ARGUMENTS = [
    "-json",
    "-n",
    "-G1:4",
    "-struct",
    "--System:all",
    *("-charset", "exif=Latin"),  # loses no byte: see core.metadata.charsets
    *("-api", "LargeFileSupport=1"),
    *("-api", "TimeZone=UTC"),
]
_FEW_TAGS = [
    *("-FileType", "-Make", "-Model", "-LensModel", "-ExposureTime", "-FNumber"),
    *("-ISO", "-FocalLength", "-FocalLengthIn35mmFormat", "-Orientation", "-Rotation"),
    *("-ImageWidth", "-ImageHeight", "-Duration", "-Rating", "-ContentIdentifier"),
    *("-DateTimeOriginal", "-SubSecTimeOriginal", "-OffsetTimeOriginal"),
    *("-CreateDate", "-SubSecTimeDigitized", "-OffsetTimeDigitized", "-CreationDate"),
    *("-GPSLatitude", "-GPSLongitude", "-GPSAltitude", "-MediaGroupUUID"),
]
_CONTENT_ID = re.compile("[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """Why a file's metadata could not be read. Permanent: as long as its bytes stay."""

    reason: str
    permanent: bool


class _LostError(Exception):
    """ExifTool died, hung or gave an answer that cannot be used."""


class _SilentError(_LostError):
    """It hung; that may be the storage, so another try may help."""


class _Process(exiftool.ExifTool):
    """PyExifTool's process, with a reading loop that notices death and silence."""

    def __init__(self, timeout: float) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            executable="exiftool",
            common_args=_ARGUMENTS,
            config_file="",  # a person's ~/.ExifTool_config is code: never run it
            encoding="utf-8",
        )
        self._timeout = timeout
        self._questions = itertools.count(100_000)

    def execute(self, *params: str | bytes, raw_bytes: bool = False) -> Any:
        """Answer to one command line: text, or bytes if asked for.

        Raises:
            _LostError: no answer; the process is gone.
        """
        number = next(self._questions)
        ready = f"{{ready{number}}}".encode()
        status = f"=${{status}}=post{number}"  # run() takes this for the version check
        lines = [os.fsencode(p) if isinstance(p, str) else p for p in params]
        lines += [b"-echo4", status.encode(), f"-execute{number}\n".encode()]
        pipes = self._child()
        try:
            _open(pipes.stdin).write(b"\n".join(lines))
            _open(pipes.stdin).flush()
            answer = self._listen(_open(pipes.stdout), _open(pipes.stderr), ready)
        except OSError as error:
            self.kill()
            raise _LostError("ExifTool died") from error
        except _LostError:
            self.kill()
            raise
        return answer if raw_bytes else answer.decode(errors="replace")

    def _listen(self, out: IO[bytes], err: IO[bytes], ready: bytes) -> bytes:
        """Standard output up to `ready`; standard error is drained and dropped."""
        answer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            selector.register(err, selectors.EVENT_READ)
            heard = time.monotonic()
            while not answer[-len(ready) - 4 :].strip().endswith(ready):
                events = selector.select(heard + self._timeout - time.monotonic())
                if not events:
                    raise _SilentError(f"no answer within {self._timeout:g} s")
                for key, _ in events:
                    chunk = os.read(key.fd, 1 << 16)
                    if key.fd == err.fileno():
                        if not chunk:
                            selector.unregister(err)
                        continue
                    if not chunk:
                        raise _LostError("ExifTool died")
                    answer += chunk
                    heard = time.monotonic()
                    if len(answer) > ANSWER_LIMIT:
                        raise _LostError(f"more than {ANSWER_LIMIT} bytes of answer")
        return bytes(answer[: answer.rindex(ready)])

    def _child(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise _LostError("ExifTool is not running")
        return cast("subprocess.Popen[bytes]", self._process)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process is not None and self._process.poll() is None

    def limit_memory(self) -> None:
        """Let the process die rather than map more than `MEMORY_LIMIT`."""
        if sys.platform == "linux":
            import resource

            kind, pid = resource.RLIMIT_AS, self._child().pid
            _, most = resource.prlimit(pid, kind)
            less = MEMORY_LIMIT if most < 0 else min(MEMORY_LIMIT, most)
            resource.prlimit(pid, kind, (less, most))

    def kill(self) -> None:
        """End the process at once, whatever state it is in."""
        if self._process is None:
            return
        process = self._child()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                _open(pipe).close()
        self._flag_running_false()


class ExifTool:
    """Reads metadata with long-lived ExifTool processes.

    >>> with ExifTool(processes=2) as tool:
    ...     for content_id, tags in tool.read({content_id: path}):
    ...         ...

    Each process belongs to a thread of its own that lives as long as this object.
    """

    def __init__(self, processes: int = 1, *, timeout: float = TIMEOUT) -> None:
        self._count = processes
        self._timeout = timeout
        self._local = threading.local()
        self._started: list[_Process] = []
        self._batches = itertools.count()

    def __enter__(self) -> "ExifTool":
        """Make the private directory; processes start when they are needed."""
        self._links = tempfile.TemporaryDirectory(prefix="home-media-exiftool-")
        self._threads = ThreadPoolExecutor(self._count, "exiftool")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes and remove the links."""
        self._threads.shutdown(cancel_futures=True)
        for process in self._started:
            process.kill()
        self._links.cleanup()

    def read(
        self, files: Mapping[str, Path]
    ) -> Iterator[tuple[str, dict[str, Json] | ReadFailure]]:
        """Tags of each file, as `core.metadata.tags` describes, in the order given.

        Args:
            files: content_id to a path that holds this content.

        Raises:
            ExifToolMissingError: there is no ExifTool.
            ValueError: a key is not a content_id.
        """
        for content_id in files:
            if not _CONTENT_ID.fullmatch(content_id):
                raise ValueError(f"not a content_id: {content_id!r}")
        items = iter(files.items())
        batches = iter(lambda: list(itertools.islice(items, BATCH)), [])
        waiting: deque[Future[list[tuple[str, dict[str, Json] | ReadFailure]]]]
        waiting = deque()
        try:
            for batch in itertools.islice(batches, 2 * self._count):
                waiting.append(self._threads.submit(self._read_batch, batch))
            while waiting:
                yield from waiting.popleft().result()
                for batch in itertools.islice(batches, 1):
                    waiting.append(self._threads.submit(self._read_batch, batch))
        finally:
            for future in waiting:
                future.cancel()

    def _read_batch(
        self, batch: Sequence[tuple[str, Path]]
    ) -> list[tuple[str, dict[str, Json] | ReadFailure]]:
        directory = Path(self._links.name, str(next(self._batches)))
        directory.mkdir()
        answers: dict[str, dict[str, Json] | ReadFailure] = {}
        links: dict[str, Path] = {}
        try:
            for content_id, path in batch:
                try:
                    links[content_id] = _link(directory, content_id, path)
                except OSError as error:
                    reason = error.strerror or str(error)
                    answers[content_id] = ReadFailure(reason, permanent=False)
            answers.update(self._ask_each(links))
        finally:
            for link in links.values():
                link.unlink()
            directory.rmdir()
        return [(content_id, answers[content_id]) for content_id, _ in batch]

    def _ask_each(
        self, links: Mapping[str, Path]
    ) -> Iterator[tuple[str, dict[str, Json] | ReadFailure]]:
        """All at once; if that fails one by one, so a bad file costs nobody else."""
        if not links:
            return
        try:
            found = self._ask([], links.values())
        except _LostError as error:
            if len(links) == 1:
                (content_id,) = links
                yield content_id, self._ask_less(links[content_id], error)
                return
            for content_id, link in links.items():
                yield from self._ask_each({content_id: link})
            return
        for content_id in links:
            tags = found.get(content_id)
            yield content_id, _checked(tags)

    def _ask_less(self, link: Path, lost: _LostError) -> dict[str, Json] | ReadFailure:
        """The most useful tags of a file whose metadata as a whole is too much."""
        try:
            tags = self._ask(_FEW_TAGS, [link]).get(link.stem)
        except _LostError as error:
            silent = isinstance(error, _SilentError) or isinstance(lost, _SilentError)
            return ReadFailure(str(lost), permanent=not silent)
        checked = _checked(tags)
        return (
            checked
            if isinstance(checked, ReadFailure)
            else checked | {CUT_SHORT: str(lost)}
        )

    def _ask(
        self, options: list[str], links: Iterable[Path]
    ) -> dict[str, dict[str, Json]]:
        process = self._running()
        answer = process.execute(*options, *map(str, links))
        if not answer.strip():
            return {}
        try:
            rows = cast(
                "list[dict[str, Json]]",
                json.loads(answer, parse_float=_exactly, strict=False),
            )
        except (ValueError, RecursionError) as error:
            raise _LostError(f"ExifTool's answer is not JSON: {error}") from error
        return {Path(str(row.pop("SourceFile"))).stem: row for row in rows}

    def _running(self) -> _Process:
        """This thread's process, started (again) if there is none."""
        process: _Process | None = getattr(self._local, "process", None)
        if process is not None:
            if process.alive():
                return process
            process.kill()
        try:
            process = _Process(self._timeout)
            process.run()
        except (
            FileNotFoundError,
            RuntimeError,
            _LostError,
            exiftool.exceptions.ExifToolVersionError,
        ) as error:
            raise ExifToolMissingError(f"exiftool 12.15 or later: {error}") from error
        process.limit_memory()
        self._local.process = process
        self._started.append(process)
        return process


def _link(directory: Path, content_id: str, path: Path) -> Path:
    """A harmless name for the file; raises OSError if it cannot be read now."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a regular file")
    if not os.access(path, os.R_OK):
        raise PermissionError(13, "Permission denied")
    suffix = path.suffix.lower()
    ending = suffix if _SUFFIX.fullmatch(suffix) else ""
    link = directory / f"{content_id}{ending}"
    link.symlink_to(path.absolute())
    return link


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe to ExifTool")
    return pipe


def _checked(tags: dict[str, Json] | None) -> dict[str, Json] | ReadFailure:
    if tags is None:
        return ReadFailure("ExifTool could not open it", permanent=False)
    tags.pop("ExifTool:ExifToolVersion", None)
    error = tags.get("ExifTool:Error")
    if error is not None and "File:FileType" not in tags:
        return ReadFailure(str(error), permanent=True)
    return tags


def _exactly(number: str) -> float | str:
    """The number, or its text where a float would change how it reads (`14.40`)."""
    value = float(number)
    return value if repr(value) == number else number
