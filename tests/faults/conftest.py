"""States and databases for tests that break things."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from home_media_pipelines.local.server import orphan_processes
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.faults.world import Home


@contextmanager
def homes(postgres: EmbeddedPostgres, template: str) -> Iterator[Callable[[], Home]]:
    """Make states with two databases each on the server of the tests."""
    made: list[Home] = []

    def make() -> Home:
        names = [f"faults_{uuid4().hex}" for _ in range(2)]
        with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
            for name, like in zip(names, (template, "template1"), strict=True):
                query = SQL("create database {} template {}")
                conn.execute(query.format(Identifier(name), Identifier(like)))
        state = Path(tempfile.mkdtemp(prefix="home-media-faults-"))
        made.append(Home(state, *(postgres.uri(name) for name in names)))
        return made[-1]

    yield make
    for home in made:
        end(home)
        with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
            for url in (home.home_media, home.dagster):
                name = Identifier(str(url).rpartition("/")[2])
                conn.execute(SQL("drop database {} with (force)").format(name))


@pytest.fixture
def make_home(
    postgres: EmbeddedPostgres, template: str
) -> Iterator[Callable[[], Home]]:
    """Make states that last as long as the test."""
    with homes(postgres, template) as make:
        yield make


@pytest.fixture(scope="module")
def make_module_home(
    postgres: EmbeddedPostgres, template: str
) -> Iterator[Callable[[], Home]]:
    """Make states that last as long as the module."""
    with homes(postgres, template) as make:
        yield make


@pytest.fixture
def home(make_home: Callable[[], Home]) -> Home:
    """A state with databases of its own on the server of the tests."""
    return make_home()


@contextmanager
def embedded() -> Iterator[Home]:
    """A state with its own embedded server."""
    state = Path(tempfile.mkdtemp(prefix="home-media-faults-"))
    state.chmod(0o711)
    home = Home(state)
    yield home
    server = EmbeddedPostgres(state)
    if server.pid() is not None:
        server.start()
        server.stop(lingering=True)
    end(home)


@pytest.fixture
def embedded_home() -> Iterator[Home]:
    """A state with its own embedded server, for one test."""
    with embedded() as home:
        yield home


@pytest.fixture(scope="module")
def module_embedded_home() -> Iterator[Home]:
    """A state with its own embedded server, for one module."""
    with embedded() as home:
        yield home


def end(home: Home) -> None:
    """End what a test left running and forget its state."""
    left = home.processes()
    for process in left:
        process.kill()
    orphan_processes.wait(left, 10)
    shutil.rmtree(home.state, ignore_errors=True)
