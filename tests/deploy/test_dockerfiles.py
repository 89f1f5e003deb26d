"""The Dockerfiles: of one version, of one lock file, of a user without rights."""

import re
import tomllib

import pytest

from tests.conftest import REPOSITORY
from tests.deploy.conftest import DEPLOY

FILES = ("server.Dockerfile", "worker.Dockerfile")


@pytest.fixture(params=FILES)
def text(request: pytest.FixtureRequest) -> str:
    return (DEPLOY / request.param).read_text()


def test_the_version_is_that_of_the_package(text: str) -> None:
    """A run is sent to an image of the same build, by its version."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert f"ARG VERSION={project['version']}\n" in text
    assert (
        f"VERSION:-{project['version']}" in (DEPLOY / "compose.server.yaml").read_text()
    )


def test_everything_is_pinned(text: str) -> None:
    assert re.search(r"^ARG BASE=debian:\w+-\d{8}-slim$", text, re.M)
    assert set(re.findall(r"^FROM (\S+)", text, re.M)) <= {
        "${BASE}",
        "runtime",
        "tools",
        "packages",
    }
    assert all("--frozen" in it for it in re.findall(r"uv sync .*", text))
    for package in re.findall(r'"([\w-]+==\$\w+)"', text):
        assert re.search(rf"^ARG {package.partition('$')[2]}=\d", text, re.M)


def test_what_runs_is_nobody(text: str) -> None:
    """The stages that become images begin where the user has no rights any more."""
    runtime = text[text.index(" AS runtime") : text.index("\nFROM runtime AS ")]
    assert "USER $UID:$GID" in runtime
    for stage in re.split(r"^FROM ", text, flags=re.M):
        if re.match(r"runtime AS (server|server-vision|worker)\n", stage):
            assert "USER" not in stage


def test_the_server_s_default_has_no_torch() -> None:
    text = (DEPLOY / "server.Dockerfile").read_text()
    packages = text[
        text.index("AS packages\n") : text.index("FROM runtime AS server\n")
    ]
    assert "vision" not in packages
