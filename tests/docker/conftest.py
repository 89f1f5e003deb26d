"""A laptop with a graphics card, as far as its Docker engine can tell."""

import os
from collections.abc import Iterator

import pytest

from tests.docker.engine import Engine, engine
from tests.docker.worker import build_worker, packages


@pytest.fixture(scope="session")
def built() -> Iterator[Engine]:
    """The engine with the worker's image; it may be switched off by a test.

    With TEST_DOCKER_KEEP, a directory, the next test run finds the image there.
    """
    with engine(nvidia=True, keep=os.environ.get("TEST_DOCKER_KEEP")) as made:
        build_worker(made)
        yield made


@pytest.fixture
def laptop(built: Engine) -> Engine:
    """The engine, awake."""
    if not built.answers():
        built.stop()
        built.start()
    return built


@pytest.fixture(scope="session")
def volumes() -> Iterator[tuple[str, ...]]:
    """What a container needs to run our code."""
    with packages() as lent:
        yield lent
