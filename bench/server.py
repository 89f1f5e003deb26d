"""A Postgres of the measurements' own, with migrated databases."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from home_media_pipelines.db.admin.migrate import migrate
from home_media_pipelines.local.server.distribution import VERSION
from home_media_pipelines.local.server.postgres import EmbeddedPostgres


@contextmanager
def postgres() -> Iterator[EmbeddedPostgres]:
    """Lend a server; it may write to its own `state`, the parent of `directory`."""
    state = Path(tempfile.mkdtemp(prefix="home-media-bench-"))
    state.chmod(0o711)  # Postgres does not run as root, and must get in
    programs = Path(tempfile.gettempdir()) / f"home-media-bench-postgresql-{VERSION}"
    try:
        with EmbeddedPostgres(state, distribution=programs, fsync=False) as server:
            yield server
    finally:
        shutil.rmtree(state, ignore_errors=True)


def database(server: EmbeddedPostgres, name: str) -> str:
    """Make a migrated database; return its URL."""
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
    migrate(server.uri(name))
    return server.uri(name)


def processor_seconds(server: EmbeddedPostgres) -> float:
    """Return what the server has cost until now, with sessions that have ended."""
    pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    postmaster = psutil.Process(pid)
    total = 0.0
    for process in (postmaster, *postmaster.children()):
        try:
            total += sum(process.cpu_times()[: 4 if process == postmaster else 2])
        except psutil.NoSuchProcess:
            continue  # it is in the postmaster's sum from now on
    return total
