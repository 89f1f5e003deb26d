"""State directories that an unprivileged Postgres can enter; unpacked programs."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from home_media_pipelines.local.server.distribution import VERSION
from home_media_pipelines.local.server.postgres import EmbeddedPostgres


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory for one test."""
    with states() as directory:
        yield directory


@contextmanager
def states() -> Iterator[Path]:
    """Make a state directory under /tmp: pytest's own are closed to other users."""
    directory = Path(tempfile.mkdtemp(prefix="home-media-state-"))
    directory.chmod(0o711)
    yield directory
    server = EmbeddedPostgres(directory)
    if server.pid() is not None:
        server.start()
        server.stop(lingering=True)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where the programs are unpacked, once for all tests of this machine."""
    return Path(tempfile.gettempdir()) / f"home-media-test-postgresql-{VERSION}"
