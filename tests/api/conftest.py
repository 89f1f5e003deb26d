"""The API as clients see it, over a migrated database, under its own role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.settings import Settings
from home_media_pipelines.db.admin.roles import ensure_api_role


@pytest.fixture
def api_url(database_url: str) -> str:
    """The database under the role that sees views alone."""
    return ensure_api_role(database_url, "secret")


@pytest.fixture
def derived(tmp_path: Path) -> Path:
    """Where thumbnails are."""
    return tmp_path / "derived"


@pytest.fixture
def settings(api_url: str, derived: Path, tmp_path: Path) -> Settings:
    """A small pool that gives up soon, so tests of failure are quick."""
    return Settings(
        database_url=api_url,
        derived=derived,
        gallery=tmp_path / "gallery",
        api_pool_size=2,
        api_pool_timeout=1,
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A browser on this machine; bugs come as answers, as they do to a browser."""
    with TestClient(
        create_app(settings),
        base_url="http://localhost",
        raise_server_exceptions=False,
        follow_redirects=False,
    ) as browser:
        yield browser
