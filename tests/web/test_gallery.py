"""The gallery in a real browser, on the real API, over a real database."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest

from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.conftest import migrated_database
from tests.waiting import until
from tests.web.seeded import seed
from tests.web.seeded_scenes import seed_scenes
from tests.web.seeded_sights import seed_sights

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(
        not (FRONTEND / "node_modules").is_dir(), reason="run npm ci in frontend/ first"
    ),
    pytest.mark.xdist_group("web"),  # they share a build
    pytest.mark.timeout(500),
]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The production build of the gallery, fresh from its source."""
    built = tmp_path_factory.mktemp("build") / "gallery"
    npm("run", "build", "--", "--outDir", str(built), "--emptyOutDir")
    return built


@pytest.fixture(scope="module")
def address(
    postgres: EmbeddedPostgres,
    template: str,
    gallery: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Where a process of the API serves the gallery of a seeded library."""
    place = tmp_path_factory.mktemp("seeded")
    with migrated_database(postgres, template) as database_url:
        with psycopg.connect(database_url) as conn:
            seed(conn, place / "photos", place / "derived")
            seed_sights(conn)
        yield from served("tests.web.served", database_url, place / "derived", gallery)


@pytest.fixture
def address_of_scenes(
    database_url: str, gallery: Path, tmp_path: Path
) -> Iterator[str]:
    """Where it serves a few drawn scenes, with the network that embedded them."""
    derived = tmp_path / "derived"
    with psycopg.connect(database_url) as conn:
        seed_scenes(conn, tmp_path / "photos", derived)
    yield from served("home_media_api", database_url, derived, gallery)


def served(
    module: str, database_url: str, derived: Path, gallery: Path
) -> Iterator[str]:
    """Run the API as this module until the test is over; yields its address."""
    port = free_port()
    environment = os.environ | {
        "HOME_MEDIA_API_DATABASE_URL": ensure_api_role(database_url, "secret"),
        "HOME_MEDIA_DERIVED": str(derived),
        "HOME_MEDIA_GALLERY": str(gallery),
        "HOME_MEDIA_PORT": str(port),
    }
    api = subprocess.Popen([sys.executable, "-m", module], env=environment, cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, api)
        yield url
    finally:
        api.terminate()
        api.wait(timeout=20)


@pytest.mark.parametrize("stories", ["gallery", "search"])
def test_a_person_uses_the_library_in_a_real_browser(
    address: str, stories: str
) -> None:
    """Every story of frontend/browser holds against the real API and real rows."""
    npm(
        "run",
        "test:browser",
        f"browser/{stories}.test.ts",
        environment={"HOME_MEDIA_TEST_URL": address, "CHROMIUM": CHROMIUM or ""},
    )


def test_a_sentence_finds_what_pictures_show(address_of_scenes: str) -> None:
    """The shipped network reads words and pictures as those that were embedded."""
    npm(
        "run",
        "test:browser",
        "browser/meaning.test.ts",
        environment={
            "HOME_MEDIA_TEST_URL": address_of_scenes,
            "CHROMIUM": CHROMIUM or "",
        },
    )


def npm(*arguments: str, environment: dict[str, str] | None = None) -> None:
    """Run npm in frontend/; what it said is shown when it fails."""
    done = subprocess.run(
        ["npm", *arguments],
        cwd=FRONTEND,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"npm {' '.join(arguments)}\n{done.stdout[-8000:]}")


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url: str, api: subprocess.Popen[bytes]) -> None:
    """Return when the API answers that it is ready; fail when it ended instead."""

    def ready() -> bool:
        if api.poll() is not None:
            pytest.fail(f"the API ended with {api.returncode}")
        with suppress(URLError, ConnectionError), urlopen(f"{url}/api/ready"):
            return True
        return False

    until(ready, 60, "the API")
