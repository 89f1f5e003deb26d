"""Finds and ends processes of ours by a token in their environment, never by name."""

import time
from collections.abc import Sequence

import psutil

VARIABLE = "_HOME_MEDIA_UP"  # every descendant of one `up` inherits it
PATIENCE_SECONDS = 3.0


def processes_of(token: str) -> list[psutil.Process]:
    """Return the live processes that descend from the `up` with this token."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(VARIABLE) == token:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or of another user, so not ours
    return [process for process in found if process.pid != psutil.Process().pid]


def end(processes: list[psutil.Process]) -> int:
    """Ask them to end, insist after some seconds; return how many there were."""
    for process in processes:
        try:
            process.terminate()
        except psutil.NoSuchProcess:
            continue
    stubborn = wait(processes, PATIENCE_SECONDS)
    for process in stubborn:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    wait(stubborn, PATIENCE_SECONDS)
    return len(processes)


def wait(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Return who has not ended after so long; psutil would wait for zombies too."""
    deadline = time.monotonic() + seconds
    left = [it for it in processes if not has_ended(it)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [it for it in left if not has_ended(it)]
    return left


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is gone, or a zombie that only its parent can bury.

    In a container without an init nobody buries orphans.
    """
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
