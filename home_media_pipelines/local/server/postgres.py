"""The embedded Postgres of a state directory: one server, shared by our processes.

Below `<state>/postgres`: `password` (0600), `port`, `lock` (held while starting or
stopping), `users` (a shared lock per process that uses the server), `data` (the
cluster) and `run` (the socket). The last process to let go stops the server. A
process that is killed lets go too, and whoever comes next finds the server running
and joins it.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, Self
from urllib.parse import quote

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from home_media_pipelines.local.errors import PostgresError, StoppedError
from home_media_pipelines.local.server import cluster, orphan_processes
from home_media_pipelines.local.server import distribution as postgresql
from home_media_pipelines.local.server.ports import free_port, is_free
from home_media_pipelines.local.server.postmaster import (
    disarm_pid_file,
    postmaster,
    processes_in,
)
from home_media_pipelines.local.server.service_user import (
    check_traversable,
    service_user,
)

USER = "home_media"
DATABASES = ("home_media", "dagster")
READY_SECONDS = 600.0  # replaying the log after a crash may take minutes
STOP_SECONDS = 60.0

Progress = Callable[[str], None]


class EmbeddedPostgres:
    """The server of one state directory. Also a context manager."""

    def __init__(
        self,
        state: Path,
        *,
        distribution: Path | None = None,
        fsync: bool = True,
        stopping: threading.Event | None = None,
    ) -> None:
        """Name the server; nothing is touched before `start`.

        Args:
            state: the state directory; everything goes below `<state>/postgres`.
            distribution: where the programs are unpacked, if several states share them.
            fsync: False only in tests.
            stopping: once it is set, `start` and `revive` wait for nothing any more.
        """
        self.directory = state.absolute() / "postgres"
        self.data = self.directory / "data"
        self.run = self.directory / "run"
        self.log = state.absolute() / "logs" / "postgres.log"
        self.distribution = distribution or (
            self.directory / f"postgresql-{postgresql.VERSION}"
        )
        self.fsync = fsync
        self._stopping = stopping or threading.Event()
        self._users: BinaryIO | None = None
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(
        self, progress: Progress = lambda _: None, *, linger: bool = False
    ) -> None:
        """Start the server, or join the one that runs; return when it answers.

        Args:
            progress: told one line when something takes longer than usual.
            linger: leave it running after the last process let go.

        Raises:
            PostgresError: it cannot be started; the message says why.
            StoppedError: somebody asked to stop meanwhile.
        """
        if self._users is not None:
            return
        try:
            self._prepare()
            with self._locked(progress):
                self._ensure(progress)
                users = (self.directory / "users").open("ab")
                fcntl.flock(users, fcntl.LOCK_SH)
                self._users = users
                if linger:
                    (self.directory / "linger").touch()
        except PermissionError as error:
            raise PostgresError(
                f"{error.filename or self.directory}: permission denied; is this the "
                "state directory of another user?"
            ) from error

    def revive(self, progress: Progress = lambda _: None) -> bool:
        """Start the server again if it died under us; return whether it had.

        Raises:
            PostgresError: as `start`.
        """
        if self._postmaster() is not None:
            return False
        with self._locked(progress):
            self._ensure(progress)
        return True

    def stop(self, *, lingering: bool = False) -> None:
        """Let go of the server; stop it (fast shutdown) if nobody else uses it.

        Args:
            lingering: stop it even if somebody asked for it to linger.

        Raises:
            PostgresError: it does not stop within a minute.
        """
        if self._users is None:
            return
        users, self._users = self._users, None
        with users, (self.directory / "lock").open("ab") as lock:
            if not _got(lock, STOP_SECONDS):
                return  # whoever starts it that long uses it, and will stop it
            linger = self.directory / "linger"
            if linger.exists() and not lingering:
                return
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            linger.unlink(missing_ok=True)
            self._shut_down()

    def uri(self, dbname: str = "home_media") -> str:
        """Return the libpq URI of one database, password included."""
        password = quote((self.directory / "password").read_text().strip(), safe="")
        port = (self.directory / "port").read_text().strip()
        return f"postgresql://{USER}:{password}@127.0.0.1:{port}/{dbname}"

    def pid(self) -> int | None:
        """Return the postmaster's process id while it runs, whoever started it."""
        process = self._postmaster()
        return None if process is None else process.pid

    def _prepare(self) -> None:
        """Make the directories, the password and the programs."""
        state = self.directory.parent
        state.mkdir(parents=True, exist_ok=True)
        self.directory.mkdir(exist_ok=True)
        self.log.parent.mkdir(exist_ok=True)
        self.user = service_user(self.data)
        self.directory.chmod(0o711 if self.user.drop else 0o700)
        check_traversable(self.directory, self.user)
        self.run.mkdir(mode=0o700, exist_ok=True)
        self.user.own(self.run)

    @contextmanager
    def _locked(self, progress: Progress) -> Iterator[None]:
        """Be the only one who starts or stops this server."""
        with (self.directory / "lock").open("ab") as lock:
            if not _got(lock):
                progress("another home-media is starting or stopping the database")
            while not _got(lock):
                self._pause(0.1)
            yield

    def _pause(self, seconds: float) -> None:
        """Wait, unless somebody asks to stop.

        Raises:
            StoppedError: somebody does.
        """
        if self._stopping.wait(seconds):
            raise StoppedError("stopped before the database was ready")

    def _ensure(self, progress: Progress) -> None:
        """Have a server that answers. Holds the lock."""
        if self._postmaster() is not None:
            self._wait_until_ready(progress)
        else:
            self._have_cluster()
            try:
                self._launch_on_some_port(progress)
            except BaseException:  # Ctrl-C, too, must not leave half a server
                self._shut_down()
                raise
        self._make_databases()

    def _have_cluster(self) -> None:
        """Unpack the programs and make the cluster, unless both are there."""
        postgresql.unpack(self.distribution, self.user)
        password = self.directory / "password"
        if not self.data.exists():
            cluster.make(
                self.data,
                USER,
                password,
                scratch=self.run,
                distribution=self.distribution,
                user=self.user,
                fsync=self.fsync,
            )
        cluster.check_version(self.data)
        if not password.exists():
            raise PostgresError(
                f"{password} is missing, and without it nobody can log in: put it "
                "back from a backup, or choose another --state"
            )

    def _launch_on_some_port(self, progress: Progress) -> None:
        """Launch on the port used last time, or on another if that is taken."""
        until = time.monotonic() + STOP_SECONDS
        for process in processes_in(self.data):
            progress(f"waiting for process {process.pid} of the last server to end")
            while not orphan_processes.has_ended(process) and time.monotonic() < until:
                self._pause(0.05)
        disarm_pid_file(self.data)
        for path in self.run.iterdir():
            path.unlink()
        port_file = self.directory / "port"
        port = int(port_file.read_text()) if port_file.exists() else free_port()
        for _ in range(5):
            if not is_free(port):
                port = free_port()
            unfinished = port_file.with_suffix(".tmp")
            unfinished.write_text(f"{port}\n")
            unfinished.replace(port_file)
            start = self.log.stat().st_size if self.log.exists() else 0
            self._launch(port)
            try:
                self._wait_until_ready(progress)
            except PostgresError:
                with self.log.open("rb") as log:
                    log.seek(start)
                    if b"could not create any TCP/IP sockets" not in log.read():
                        raise
                port = free_port()
                continue
            return
        raise PostgresError("no free port on 127.0.0.1 for the database")

    def _launch(self, port: int) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": self._socket_directory(port),
            "unix_socket_permissions": "0700",
            "max_connections": 200,
            "shared_buffers": "256MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "dynamic_shared_memory_type": _shared_memory(),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %a ",
            "fsync": "on" if self.fsync else "off",
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.distribution / "bin" / "postgres"), "-D", str(self.data)]
                + [f"--{name}={value}" for name, value in options.items()],
                cwd="/",
                env=postgresql.environment(self.distribution),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for us, not for the server
                **self.user.popen_arguments(),
            )

    def _socket_directory(self, port: int) -> str:
        path = os.fsencode(self.run / f".s.PGSQL.{port}")
        return str(self.run) if len(path) <= postgresql.SOCKET_PATH_LIMIT else ""

    def _wait_until_ready(self, progress: Progress) -> None:
        """Return when the server takes connections.

        Raises:
            PostgresError: it ended, refuses us, or is not ready after ten minutes.
            StoppedError: somebody asked to stop meanwhile.
        """
        started = told = time.monotonic()
        while True:
            try:
                with psycopg.connect(self.uri("postgres"), connect_timeout=2):
                    return
            except psycopg.OperationalError as error:
                reason = str(error).strip()
            now = time.monotonic()
            if self._process is not None and self._process.poll() is not None:
                raise PostgresError(f"the database ended at once:\n{self._log_tail()}")
            if self._process is None and self._postmaster() is None:
                raise PostgresError(f"the database ended:\n{self._log_tail()}")
            if "password authentication failed" in reason:
                raise PostgresError(
                    f"the database does not accept {self.directory / 'password'}"
                )
            if now - started > READY_SECONDS:
                raise PostgresError(f"the database does not become ready: {reason}")
            if now - told > 5:
                told = now
                progress(f"waiting for the database: {reason.splitlines()[-1]}")
            self._pause(0.02 if now - started < 2 else 0.25)

    def _make_databases(self) -> None:
        """Create the two databases. Dagster's events may lose a second in a crash."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as conn:
            rows = conn.execute("select datname from pg_database").fetchall()
            for name in DATABASES:
                if (name,) not in rows:
                    conn.execute(SQL("create database {}").format(Identifier(name)))
            conn.execute("alter database dagster set synchronous_commit = off")

    def _postmaster(self) -> psutil.Process | None:
        """Return the running server of this directory, never another process."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        return postmaster(self.data)

    def _shut_down(self) -> None:
        process = self._postmaster()
        if process is None and self._process is not None:  # it has not said so yet
            process = psutil.Process(self._process.pid)
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        if orphan_processes.wait([process], STOP_SECONDS):  # not only its pid file
            raise PostgresError(
                f"the database (process {process.pid}) has not stopped after "
                f"{STOP_SECONDS:.0f} s; see {self.log}"
            )
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join([*lines[-8:], f"({self.log})"])


def _got(lock: BinaryIO, seconds: float = 0.0) -> bool:
    """Whether this lock became ours within so long."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        else:
            return True


def _shared_memory() -> Literal["posix", "mmap"]:
    """Files instead of /dev/shm where that is too small, as in most containers."""
    shm = Path("/dev/shm")  # noqa: S108
    if shm.is_dir() and shutil.disk_usage(shm).total < 512 * 2**20:
        return "mmap"
    return "posix"
