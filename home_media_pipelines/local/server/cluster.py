"""Makes the cluster: Postgres's data directory, with a password of its own."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from home_media_pipelines.local.errors import PostgresError
from home_media_pipelines.local.server import distribution as postgresql
from home_media_pipelines.local.server.service_user import ServiceUser


def make(
    data: Path,
    superuser: str,
    password_file: Path,
    *,
    scratch: Path,
    distribution: Path,
    user: ServiceUser,
    fsync: bool,
) -> None:
    """Make a cluster in `data`; keep its password in `password_file`, mode 0600.

    It is made beside its final place, so that half a one never counts. UTF-8, sorted
    by code point, so that an index never depends on the system's locales.

    Args:
        data: does not exist yet.
        superuser: the one login of the cluster.
        password_file: readable by ourselves alone.
        scratch: a directory of `user`, who must read the password once.
        distribution: the programs.
        user: who shall own the cluster.
        fsync: False only in tests.

    Raises:
        PostgresError: initdb failed; the message says why.
    """
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    user.own(unfinished)
    password, for_initdb = secrets.token_urlsafe(24), scratch / "password"
    for path in (password_file, for_initdb):
        path.unlink(missing_ok=True)
        with open(path, "x", opener=_private) as file:
            file.write(password)
            file.flush()
            os.fsync(file.fileno())
    user.own(for_initdb)
    command = [
        str(distribution / "bin" / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={superuser}",
        f"--pwfile={for_initdb}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--set=scram_iterations=1",  # nobody guesses 192 random bits, however fast
        *([] if fsync else ["--no-sync"]),
    ]
    done = subprocess.run(
        command,
        cwd="/",
        env=postgresql.environment(distribution),
        capture_output=True,
        text=True,
        check=False,
        **user.popen_arguments(),
    )
    for_initdb.unlink()
    if done.returncode:
        raise PostgresError(f"no database can be made: {done.stderr.strip()}")
    unfinished.rename(data)


def check_version(data: Path) -> None:
    """Raise PostgresError when `data` is of another major version, or no cluster."""
    version = data / "PG_VERSION"
    found = version.read_text().strip() if version.exists() else "nobody knows which"
    if found != postgresql.MAJOR:
        raise PostgresError(
            f"{data} was made by PostgreSQL {found}, and this home-media brings "
            f"PostgreSQL {postgresql.MAJOR}: dump it with the home-media that made "
            "it, or choose another --state"
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
