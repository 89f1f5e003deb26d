"""The embedded server, with real processes that are really killed."""

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from home_media_pipelines.local.errors import PostgresError, StoppedError
from home_media_pipelines.local.server import orphan_processes
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.local.conftest import states
from tests.waiting import until


@pytest.fixture(scope="module")
def made(programs: Path) -> Iterator[Path]:
    """A state with a cluster that was started and stopped once."""
    with states() as state:
        with EmbeddedPostgres(state, distribution=programs, fsync=False):
            pass
        yield state


@pytest.fixture
def server(state: Path, made: Path, programs: Path) -> EmbeddedPostgres:
    """A server whose cluster is made; making one takes most of a start."""
    subprocess.run(["cp", "-a", made / "postgres", state], check=True)
    return EmbeddedPostgres(state, distribution=programs, fsync=False)


def write(server: EmbeddedPostgres, text: str) -> None:
    with psycopg.connect(server.uri()) as conn:
        conn.execute("create table if not exists notes (text text)")
        conn.execute("insert into notes values (%s)", [text])


def read(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.uri()) as conn:
        return [text for (text,) in conn.execute("select text from notes").fetchall()]


def kill(pid: int | None) -> None:
    """As if the machine's memory ran out: no chance to clean up."""
    assert pid is not None
    children = psutil.Process(pid).children()
    os.kill(pid, signal.SIGKILL)
    assert orphan_processes.wait(children, 30) == []


def test_what_was_written_is_there_after_a_restart(server):
    with server:
        write(server, "kept")
    assert server.pid() is None
    with server:
        assert read(server) == ["kept"]


def test_has_the_extensions_and_databases_that_the_schema_needs(server):
    with server, psycopg.connect(server.uri(), autocommit=True) as conn:
        conn.execute("create extension vector")
        conn.execute("create extension ltree")
    with server, psycopg.connect(server.uri("dagster")) as conn:
        assert conn.execute("show synchronous_commit").fetchone() == ("off",)
    with server, psycopg.connect(server.uri()) as conn:
        assert conn.execute("show synchronous_commit").fetchone() == ("on",)
        assert conn.execute("show data_checksums").fetchone() == ("on",)


def test_asks_for_a_password_that_only_we_can_read(server, state):
    with server:
        uri = server.uri()
        wrong = uri.replace(uri.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication"):
            psycopg.connect(wrong)
    mode = (state / "postgres" / "password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_listens_on_this_machine_only(server):
    with server:
        sockets = psutil.Process(server.pid()).net_connections(kind="inet")
        assert {s.laddr.ip for s in sockets if s.status == psutil.CONN_LISTEN} == {
            "127.0.0.1"
        }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_does_not_run_as_root(server):
    with server:
        assert psutil.Process(server.pid()).uids().real != 0


def test_recovers_after_the_server_was_killed(server):
    server.start()
    write(server, "before the crash")
    kill(server.pid())
    assert server.revive()
    assert read(server) == ["before the crash"]
    assert not server.revive()
    server.stop()


def test_a_pid_that_another_process_got_meanwhile_is_no_running_server(server, state):
    """After a reboot the number in `postmaster.pid` often belongs to somebody else.

    Postgres would refuse to start when that is a process of its own user.
    """
    server.start()
    write(server, "before the crash")
    kill(server.pid())
    pid_file = state / "postgres" / "data" / "postmaster.pid"
    lock_file = next((state / "postgres" / "run").glob(".s.PGSQL.*.lock"))
    with subprocess.Popen(["sleep", "60"], **server.user.popen_arguments()) as other:
        for file in (pid_file, lock_file):
            lines = file.read_text().splitlines()
            file.write_text("\n".join([str(other.pid), *lines[1:], ""]))
        server.stop()
        with server:
            assert read(server) == ["before the crash"]
        assert other.poll() is None, "a stranger was killed"
        other.kill()


@pytest.mark.parametrize("content", ["", "\n", "garbage\n", "0\n/x\n"])
def test_a_half_written_pid_file_does_not_keep_it_from_starting(server, state, content):
    (state / "postgres" / "data" / "postmaster.pid").write_text(content)
    with server:
        assert server.pid() is not None


def test_half_made_clusters_do_not_count(state, programs):
    """Killed during initdb: the next start begins anew."""
    server = EmbeddedPostgres(state, distribution=programs, fsync=False)
    unfinished = state / "postgres" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with server:
        write(server, "fine")
    assert not unfinished.exists()


def test_takes_another_port_when_its_own_is_taken(server, state):
    with server:
        write(server, "kept")
    port = int((state / "postgres" / "port").read_text())
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        with server:
            assert read(server) == ["kept"]
            assert f":{port}/" not in server.uri()


def test_refuses_a_cluster_of_another_major_version(server, state):
    version = state / "postgres" / "data" / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 14.*brings.* 18"):
        server.start()
    version.write_text("18\n")


def test_two_users_share_one_server_and_the_last_one_stops_it(server, state, programs):
    other = EmbeddedPostgres(state, distribution=programs, fsync=False)
    server.start()
    other.start()
    assert other.pid() == server.pid()
    server.stop()
    write(other, "still here")
    other.stop()
    assert other.pid() is None


def test_one_that_shall_linger_is_left_running(server, state, programs):
    server.start(linger=True)
    server.stop()
    pid = server.pid()
    assert pid is not None
    other = EmbeddedPostgres(state, distribution=programs, fsync=False)
    other.start()
    other.stop()
    assert other.pid() == pid
    other.start()
    other.stop(lingering=True)
    assert other.pid() is None


STARTER = """
import sys, time
from pathlib import Path
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
state, programs = map(Path, sys.argv[1:])
server = EmbeddedPostgres(state, distribution=programs, fsync=False)
server.start()
print(server.pid(), flush=True)
sys.stdin.read()
server.stop()
"""


def starter(state: Path, programs: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(state), str(programs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_starters_at_once_end_up_with_one_server(state, programs):
    """Never two servers on one directory, whoever comes first."""
    starters = [starter(state, programs) for _ in range(3)]
    pids = {process.stdout.readline() for process in starters}
    assert len(pids) == 1
    for process in starters:
        process.communicate(timeout=60)
    assert EmbeddedPostgres(state).pid() is None


def test_whoever_was_killed_no_longer_keeps_the_server(server, state, programs):
    first = starter(state, programs)
    pid = int(first.stdout.readline())
    first.kill()
    first.communicate()
    server.start()
    assert server.pid() == pid
    server.stop()
    assert server.pid() is None


CARELESS = """
import ctypes, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours
subprocess.run([sys.executable, "-c", sys.argv[1], *sys.argv[2:]], check=True)
print("started", flush=True)
time.sleep(600)
"""
LINGERING = """
import sys
from pathlib import Path
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
EmbeddedPostgres(
    Path(sys.argv[1]), distribution=Path(sys.argv[2]), fsync=False
).start(linger=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for orphans")
def test_stops_where_nobody_buries_dead_processes(server, state, programs):
    """In a container without an init, the ended server stays behind as a zombie."""
    arguments = [sys.executable, "-c", CARELESS, LINGERING, str(state), str(programs)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as careless:
        try:
            assert careless.stdout is not None
            assert careless.stdout.readline() == "started\n"
            server.start()
            pid = server.pid()
            server.stop(lingering=True)
            assert psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
            assert server.pid() is None
        finally:
            careless.kill()


def test_works_where_the_path_is_too_long_for_a_socket(state, programs):
    deep = state / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with EmbeddedPostgres(deep, distribution=programs, fsync=False) as server:
        write(server, "over TCP")


def test_a_first_start_works_where_the_path_is_too_long_for_a_socket(state):
    """Unpacking the programs starts a server, too; from 50 bytes on it failed."""
    deep = state / ("d" * 60)
    deep.mkdir()
    with EmbeddedPostgres(deep, fsync=False) as server:
        write(server, "over TCP")


DEAF = "#!/bin/sh\nexec sleep 600\n"


@pytest.fixture
def mute(server, state, programs, tmp_path) -> Iterator[EmbeddedPostgres]:
    """A server that starts and never answers, as while it replays a long log."""
    broken = state / "programs"
    (broken / "bin").mkdir(parents=True)
    (broken / "bin" / "postgres").write_text(DEAF)
    (broken / "bin" / "postgres").chmod(0o755)
    stopping = threading.Event()
    mute = EmbeddedPostgres(state, distribution=broken, fsync=False, stopping=stopping)
    yield mute
    stopping.set()
    mute.stop()


def is_deaf(process: subprocess.Popen[str] | None) -> bool:
    if process is None or process.poll() is not None:
        return False
    return psutil.Process(process.pid).name() == "sleep"


@pytest.mark.parametrize("wait", ["start", "revive"])
def test_whoever_asks_to_stop_need_not_wait_for_a_server_to_start(mute, wait, programs):
    """Ctrl-C was not heard for up to ten minutes."""
    if wait == "revive":
        broken, mute.distribution = mute.distribution, programs
        mute.start()
        mute.distribution = broken
        kill(mute.pid())
    with ThreadPoolExecutor(1) as threads:
        starting = threads.submit(getattr(mute, wait))
        until(lambda: starting.done() or is_deaf(mute._process), 60, "the start", 0.01)
        process = mute._process
        mute._stopping.set()
        with pytest.raises(StoppedError):
            starting.result(timeout=30)
    assert process.poll() is not None, "half a server is left"


def test_whoever_asks_to_stop_need_not_wait_for_another_that_starts_it(mute):
    waiting = threading.Event()
    with (
        (mute.directory / "lock").open("ab") as lock,
        ThreadPoolExecutor(1) as threads,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        starting = threads.submit(mute.start, lambda _: waiting.set())
        assert waiting.wait(30)
        mute._stopping.set()
        with pytest.raises(StoppedError):
            starting.result(timeout=30)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's home is closed to Postgres")
def test_says_which_directory_the_database_may_not_enter(state):
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match=rf"may not enter {closed}:"):
        EmbeddedPostgres(closed / "state").start()


def test_the_programs_unpack_into_the_state_by_themselves(state):
    """As on a user's machine, with the disk synchronised."""
    with EmbeddedPostgres(state) as server:
        write(server, "fine")
    assert not list((state / "postgres").glob("unpack-*"))
