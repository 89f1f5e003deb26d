"""Finds and ends processes of ours by a token in their environment, never by name."""

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
    _, stubborn = psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)
    for process in stubborn:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(stubborn, timeout=PATIENCE_SECONDS)
    return len(processes)
