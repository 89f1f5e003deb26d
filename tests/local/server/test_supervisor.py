"""The supervisor, with small real processes in place of the services."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from home_media_pipelines.local.errors import ServiceError
from home_media_pipelines.local.server import orphan_processes
from home_media_pipelines.local.server.services import Service
from home_media_pipelines.local.server.supervisor import Supervisor, forget, rotate
from tests.waiting import until

SERVE = """
import pathlib, subprocess, sys, time
pathlib.Path(sys.argv[1]).touch()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""


def service(name: str, marker: Path, code: str = SERVE, **options) -> Service:
    return Service(
        name,
        (sys.executable, "-c", code, str(marker)),
        lambda _: marker.exists(),
        **options,
    )


def supervisor(directory: Path, *services: Service) -> Supervisor:
    home = directory / "dagster"
    home.mkdir(exist_ok=True)
    return Supervisor(
        services,
        environment={},
        directory=home,
        logs=directory / "logs",
        token=os.urandom(8).hex(),
        progress=lambda _: None,
    )


def wait_for(condition) -> None:
    until(condition, 60, "the supervisor", every=0.02)


def run(it: Supervisor, *steps) -> list[str]:
    """Run it, do the steps from another thread once all is ready, then stop it."""
    stopping, ready, seen = threading.Event(), threading.Event(), []

    def person() -> None:
        try:
            ready.wait()
            for step in steps:
                step()
        finally:
            stopping.set()

    thread = threading.Thread(target=person)
    thread.start()
    it.progress = seen.append
    try:
        it.run(stopping, on_ready=ready.set)
    finally:
        ready.set()
        thread.join()
    return seen


def test_nothing_is_left_after_stopping_grandchildren_included(tmp_path):
    """A run is a child of the code server: it must not outlive `up`."""
    it = supervisor(tmp_path, service("one", tmp_path / "1"))
    counted = []
    run(
        it,
        lambda: wait_for(lambda: len(orphan_processes.processes_of(it.token)) >= 2),
        lambda: counted.append(len(orphan_processes.processes_of(it.token))),
    )
    assert counted == [2]
    assert orphan_processes.processes_of(it.token) == []


def test_waits_for_the_service_that_another_one_needs(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    look = f"import pathlib, sys; assert pathlib.Path({str(first)!r}).exists()\n{SERVE}"
    it = supervisor(
        tmp_path,
        service("second", second, look, after="first"),
        service("first", first),
    )
    assert run(it) == []


def test_a_service_that_is_killed_comes_back(tmp_path):
    it = supervisor(tmp_path, service("one", tmp_path / "1"))
    pids: list[int] = []

    def kill() -> None:
        pids.append(it.children["one"].process.pid)
        os.kill(pids[0], signal.SIGKILL)

    def back() -> bool:
        process = it.children["one"].process
        return process is not None and process.pid != pids[0]

    said = run(it, kill, lambda: wait_for(back))
    assert said == ["the one ended (signal 9); starting it again"]


def test_gives_up_on_a_service_that_never_starts_and_shows_its_log(tmp_path):
    broken = service("one", tmp_path / "1", "raise SystemExit('no such option')")
    it = supervisor(tmp_path, broken, service("two", tmp_path / "2"))
    with pytest.raises(ServiceError, match="the one does not start") as error:
        run(it)
    assert "no such option" in str(error.value)
    assert orphan_processes.processes_of(it.token) == []


def test_gives_up_on_a_service_that_hangs(tmp_path):
    hanging = service("one", tmp_path / "1", "import time; time.sleep(60)", patience=1)
    with pytest.raises(ServiceError, match="is not ready after 1 s"):
        run(supervisor(tmp_path, hanging))


def test_ends_a_service_that_ignores_the_request(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "home_media_pipelines.local.server.supervisor.PATIENCE_SECONDS", 0.5
    )
    monkeypatch.setattr(orphan_processes, "PATIENCE_SECONDS", 0.5)
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVE}"
    it = supervisor(tmp_path, service("one", tmp_path / "1", deaf))
    run(it)
    assert orphan_processes.processes_of(it.token) == []


KILLED = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_supervisor import service, supervisor
directory = Path(sys.argv[2])
it = supervisor(directory, service("one", directory / "1"))
it.run(threading.Event(), on_ready=lambda: print(it.token, flush=True))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the children")
def test_services_end_when_up_itself_is_killed(tmp_path):
    up = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    token = up.stdout.readline().strip()
    (child,) = [
        process
        for process in psutil.Process(up.pid).children()
        if process in orphan_processes.processes_of(token)
    ]
    up.kill()
    up.communicate()
    until(
        lambda: child not in orphan_processes.processes_of(token), 60, "the child's end"
    )
    assert orphan_processes.end(orphan_processes.processes_of(token)) == 1, (
        "its own child is left"
    )
    assert orphan_processes.processes_of(token) == []


def test_logs_that_grew_too_large_are_put_aside_while_their_writer_goes_on(
    tmp_path, monkeypatch
):
    """Five of them, and none for longer than the settings say."""
    monkeypatch.setattr(
        "home_media_pipelines.local.server.supervisor.LOG_LIMIT_BYTES", 10
    )
    log = tmp_path / "one.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(7):
            writer.write(b"a long story, part %d\n" % number)
            rotate(log)
        writer.write(b"more\n")
        rotate(log)
    kept = {it.name: it.read_bytes()[-2:-1] for it in tmp_path.glob("*.log.*")}
    assert kept == {f"one.log.{it}": b"%d" % (7 - it) for it in range(1, 6)}

    month_old = time.time() - 31 * 86_400
    os.utime(log, (month_old, month_old))
    os.utime(tmp_path / "one.log.5", (month_old, month_old))
    forget(tmp_path, days=30)
    assert log.read_bytes() == b"more\n", "what is written to is never deleted"
    assert len(kept) - 1 == len([*tmp_path.glob("*.log.*")])


def test_a_full_disk_does_not_end_the_services(small_disk, tmp_path, monkeypatch):
    """Logs are worth less than what they are about, and rotate once there is space."""
    module = "home_media_pipelines.local.server.supervisor"
    monkeypatch.setattr(f"{module}.LOG_LIMIT_BYTES", 50_000)
    monkeypatch.setattr(f"{module}.LOGS_RETRY_SECONDS", 0.1)
    it = supervisor(small_disk, service("one", tmp_path / "1"))
    log, ballast = it.children["one"].log, small_disk / "ballast"
    log.write_text("x" * 60_000)
    older, oldest = (log.with_name(f"one.log.{number}") for number in (1, 2))
    older.write_text("older")
    fill(ballast)
    seen = []

    def look() -> None:
        seen.append((older.read_text(), len(log.read_text())))
        seen.append(it.children["one"].process.poll())

    said = run(
        it,
        lambda: wait_for(lambda: it._logs_fail),
        look,
        ballast.unlink,
        lambda: wait_for(lambda: not it._logs_fail),
    )
    assert seen == [("older", 60_000), None]
    assert [line.partition(":")[0] for line in said] == ["logs cannot be put aside"]
    assert (older.stat().st_size, oldest.read_text()) == (60_000, "older")
    assert log.stat().st_size == 0


def test_a_service_starts_although_there_is_no_space_for_a_log(small_disk, tmp_path):
    it = supervisor(small_disk, service("one", tmp_path / "1"))
    it.logs.rmdir()
    it.logs.symlink_to(tmp_path / "gone")
    assert [line.partition(":")[0] for line in run(it)] == ["the one has no log"]


def fill(ballast: Path) -> None:
    """Write until the disk takes no more."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
