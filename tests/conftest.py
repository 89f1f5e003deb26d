"""What tests share: a Postgres server, a migrated database each, the real media."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from home_media_pipelines.local.server.postgres import EmbeddedPostgres

STATE = "TEST_POSTGRES_STATE"
TEMPLATE = "migrated"
TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent

ROOMS = {
    "unit": {"core", "sample", "test_settings.py", "test_waiting.py"},
    "integration": {
        *("api", "cases", "db", "defs", "deploy", "instance", "io", "local", "models"),
        *("test_cli.py", "test_docs.py", "test_glossary.py", "test_rooms.py"),
    },
    "slow": {"docker", "faults", "web", "test_bench_smoke.py", "test_one_photo.py"},
}
"""Of which kind the tests of a room are (`markers` in pyproject.toml)."""


def pytest_configure() -> None:
    """Choose the directory of the one server that all test processes share."""
    if STATE not in os.environ:
        state = Path(tempfile.mkdtemp(prefix="home-media-test-"))
        state.chmod(0o711)  # Postgres does not run as root, and must get in
        os.environ[STATE] = str(state)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its room.

    Begin with what may take longest, so that no process is busy alone at the end.
    """
    for item in items:
        item.add_marker(kind_of(item.path, patience(item)))
    items.sort(key=patience, reverse=True)


def kind_of(file: Path, seconds: int = 0) -> str:
    """Return the marker of a test: of its room, and slow if it says it may take long.

    Raises:
        UsageError: it lies in a room that has no kind yet.
    """
    room = file.relative_to(TESTS).parts[0]
    found = [kind for kind, rooms in ROOMS.items() if room in rooms]
    if len(found) != 1:
        raise pytest.UsageError(
            f"tests/{room}: say in tests/conftest.py what kind it is"
        )
    return "slow" if seconds else found[0]


def patience(item: pytest.Item) -> int:
    """Return how many seconds a test says it may take; most say nothing."""
    marker = item.get_closest_marker("timeout")
    return marker.args[0] if marker else 0


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ and STATE in os.environ:
        shutil.rmtree(os.environ.pop(STATE), ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator["EmbeddedPostgres"]:
    """The server of this test run; the last test process to end stops it."""
    from home_media_pipelines.local.server.distribution import VERSION
    from home_media_pipelines.local.server.postgres import (
        EmbeddedPostgres,  # not on Windows
    )

    programs = Path(tempfile.gettempdir()) / f"home-media-test-postgresql-{VERSION}"
    server = EmbeddedPostgres(
        Path(os.environ[STATE]), distribution=programs, fsync=False
    )
    with server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: "EmbeddedPostgres") -> str:
    """The name of an empty database that the real migrations made."""
    from home_media_pipelines.db.admin.migrate import migrate

    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(1)")
        known = conn.execute(
            "select from pg_database where datname = %s and datistemplate", [TEMPLATE]
        ).fetchone()
        if known is None:
            name = Identifier(TEMPLATE)
            conn.execute(SQL("create database {}").format(name))
            migrate(postgres.uri(TEMPLATE))
            conn.execute(SQL("alter database {} is_template true").format(name))
    return TEMPLATE


@pytest.fixture
def database_url(postgres: "EmbeddedPostgres", template: str) -> Iterator[str]:
    """The URL of a migrated database of the test's own."""
    with migrated_database(postgres, template) as url:
        yield url


@contextmanager
def migrated_database(postgres: "EmbeddedPostgres", template: str) -> Iterator[str]:
    """Copy the template for as long as the block runs; yields the copy's URL."""
    name = f"test_{uuid4().hex}"
    names = {"name": Identifier(name), "template": Identifier(template)}
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {name} template {template}").format(**names))
        yield postgres.uri(name)
        conn.execute(SQL("drop database {name} with (force)").format(**names))


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection]:
    """An open transaction in the test's own database."""
    with psycopg.connect(database_url) as connection:
        yield connection


@pytest.fixture(scope="session")
def media() -> Path:
    """The library of real files; tests that need it are skipped where it is absent."""
    directory = REPOSITORY.parent / "shared" / "media"
    if not directory.is_dir():
        pytest.skip("no real media beside the repository")
    return directory


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; skipped where we may not mount one."""
    directory = tmp_path / "disk"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(directory)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if mounted.returncode:
        pytest.skip("may not mount a file system")
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)
