"""Which server processes work in a cluster, and what a killed one left there."""

from pathlib import Path

import psutil

from home_media_pipelines.local.server import orphan_processes

NO_PROCESS = 2**31 - 2  # larger than any pid_max, so never alive


def postmaster(data: Path) -> psutil.Process | None:
    """Return the running server of the cluster in `data`, never another process."""
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
        process = psutil.Process(int(first))
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if works_in(process, data) else None


def processes_in(data: Path) -> list[psutil.Process]:
    """Return the server processes that outlived their postmaster."""
    return [process for process in psutil.process_iter() if works_in(process, data)]


def works_in(process: psutil.Process, data: Path) -> bool:
    """Whether this is a live server process of the cluster in `data`."""
    try:
        return (
            not orphan_processes.has_ended(process)
            and Path(process.cwd()) == data.resolve()
        )
    except psutil.AccessDenied:  # of another user: then it is not ours
        return False
    except (psutil.NoSuchProcess, FileNotFoundError):  # it has just let go of its files
        return False


def disarm_pid_file(data: Path) -> None:
    """Make a left-over `postmaster.pid` harmless. No server runs here now.

    Postgres sees by itself that the process in it is dead, except when another process
    got its number since. Only that number is overwritten: the rest of the file lets
    Postgres find forgotten shared memory.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text(errors="replace").splitlines()
    number = lines[0].strip().lstrip("-") if len(lines) > 1 else ""
    if not number.isdigit() or int(number) == 0:
        pid_file.unlink()
    elif psutil.pid_exists(int(number)):
        pid_file.write_text("\n".join([str(NO_PROCESS), *lines[1:], ""]))
