"""Keeps the services of `home-media up` alive until told to stop."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from home_media_pipelines.local.errors import ServiceError
from home_media_pipelines.local.server import exit_with_parent, orphan_processes
from home_media_pipelines.local.server.services import Service

TICK_SECONDS = 0.1
LOG_LIMIT_BYTES = 10_000_000
OLD_LOGS = 5
LOGS_SECONDS, LOGS_RETRY_SECONDS = 1.0, 60.0
DEATHS_ALLOWED = 5
WITHIN_SECONDS = 60.0
FALSE_STARTS_ALLOWED = 3
PATIENCE_SECONDS = 3.0

Progress = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A service and its process, past and present."""

    service: Service
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: datetime = datetime.min
    deadline: float = 0.0
    start_at: float = 0.0
    is_ready: bool = False
    false_starts: int = 0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Lend an event that Ctrl-C, SIGTERM and SIGHUP set instead of raising.

    Pressing Ctrl-C again changes nothing: stopping is on its way.
    """
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Supervisor:
    """Runs services as children. `token` marks all their descendants."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        environment: Mapping[str, str],
        directory: Path,
        logs: Path,
        token: str,
        progress: Progress,
        log_days: int = 30,
    ) -> None:
        self.token, self.progress, self.directory = token, progress, directory
        self.logs, self.log_days = logs, log_days
        self._next_look_at_logs, self._logs_fail = 0.0, False
        self.environment = {
            **os.environ,
            **environment,
            orphan_processes.VARIABLE: token,
        }
        logs.mkdir(parents=True, exist_ok=True)
        self.children = {
            service.name: Child(service, logs / f"{_slug(service.name)}.log")
            for service in services
        }

    def run(
        self,
        stopping: threading.Event,
        *,
        on_ready: Callable[[], None],
        every_second: Callable[[], None] = lambda: None,
    ) -> None:
        """Start all, call `on_ready` once when all answer, return when `stopping`.

        Whatever happens, no child and no descendant of one is left.

        Raises:
            ServiceError: a service does not get ready or dies again and again.
        """
        announced, next_second = False, 0.0
        try:
            while not stopping.is_set():
                for child in self.children.values():
                    self._tend(child)
                if not announced and all(c.is_ready for c in self.children.values()):
                    announced = True
                    on_ready()
                if time.monotonic() >= next_second:
                    next_second = time.monotonic() + 1
                    every_second()
                self._care_for_logs()
                stopping.wait(TICK_SECONDS if not announced else 0.5)
        finally:
            self.stop()

    def stop(self) -> None:
        """End everything: those who start runs first, then the runs, all bounded."""
        for child in reversed(self.children.values()):
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        patience = time.monotonic() + PATIENCE_SECONDS
        for child in self.children.values():
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, patience - time.monotonic()))
        orphan_processes.end(orphan_processes.processes_of(self.token))

    def _care_for_logs(self) -> None:
        """Put large logs aside, delete old ones; no service ends if that cannot be.

        On a full disk each try takes space away for a moment, so they are rare then.
        """
        if time.monotonic() < self._next_look_at_logs:
            return
        try:
            for log in self.logs.glob("*.log"):
                rotate(log)
            forget(self.logs, self.log_days)
        except OSError as error:
            self._next_look_at_logs = time.monotonic() + LOGS_RETRY_SECONDS
            if not self._logs_fail:
                self.progress(f"logs cannot be put aside: {error}; services go on")
            self._logs_fail = True
        else:
            self._next_look_at_logs = time.monotonic() + LOGS_SECONDS
            self._logs_fail = False

    def _open_log(self, child: Child) -> BinaryIO:
        """Open the log of a service; what it says is lost where there is no space."""
        try:
            return child.log.open("ab")
        except OSError as error:
            self.progress(f"the {child.service.name} has no log: {error}")
            return Path(os.devnull).open("ab")

    def _tend(self, child: Child) -> None:
        """Start a child whose time has come, see to one that died, ask if ready."""
        now = time.monotonic()
        if child.process is None:
            first = child.service.after
            if now >= child.start_at and (
                first is None or self.children[first].is_ready
            ):
                self._start(child)
        elif (status := child.process.poll()) is not None:
            self._bury(child, status)
        elif not child.is_ready:
            child.is_ready = child.service.ready(child.started)
            if child.is_ready:
                child.false_starts = 0
            if not child.is_ready and now > child.deadline:
                raise ServiceError(
                    f"the {child.service.name} is not ready after "
                    f"{child.service.patience:.0f} s.\n{tail(child.log)}"
                )

    def _start(self, child: Child) -> None:
        child.started = datetime.now(UTC)
        child.deadline = time.monotonic() + child.service.patience
        with_parent = [sys.executable, exit_with_parent.__file__, str(os.getpid())]
        with self._open_log(child) as log:
            child.process = subprocess.Popen(
                [*with_parent, *child.service.command],
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone
            )

    def _bury(self, child: Child, status: int) -> None:
        """Plan the next start of a child that died, unless it is hopeless."""
        now, name = time.monotonic(), child.service.name
        child.false_starts += not child.is_ready
        child.process, child.is_ready = None, False
        child.deaths.append(now)
        lately = [death for death in child.deaths if now - death < WITHIN_SECONDS]
        why = f"signal {-status}" if status < 0 else f"exit status {status}"
        if child.false_starts >= FALSE_STARTS_ALLOWED:
            raise ServiceError(f"the {name} does not start ({why}).\n{tail(child.log)}")
        if len(lately) >= DEATHS_ALLOWED:
            raise ServiceError(
                f"the {name} died {len(lately)} times in a minute, last with {why}.\n"
                f"{tail(child.log)}"
            )
        child.start_at = now + 0.25 * 2 ** len(lately)
        self.progress(f"the {name} ended ({why}); starting it again")


def rotate(log: Path) -> None:
    """Keep a log that grew too large as `.1`, older ones up to `.5`; go on with none.

    The writer holds it open for appending, so it is copied and cut, not renamed.

    Raises:
        OSError: it cannot be copied; it and the older ones are as they were.
    """
    if log.stat().st_size <= LOG_LIMIT_BYTES:
        return
    copy = log.with_name(f"{log.name}.0")
    try:
        shutil.copyfile(log, copy)
    except OSError:
        copy.unlink(missing_ok=True)
        raise
    for number in range(OLD_LOGS, 0, -1):
        with suppress(FileNotFoundError):
            log.with_name(f"{log.name}.{number - 1}").replace(
                log.with_name(f"{log.name}.{number}")
            )
    os.truncate(log, 0)


def forget(logs: Path, days: float) -> None:
    """Delete the old logs that were put aside more than so many days ago."""
    for log in logs.glob("*.log.?"):
        if log.stat().st_mtime < time.time() - days * 86_400:
            log.unlink(missing_ok=True)


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log and where it lies."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([*text[-lines:], f"({log})"])


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
