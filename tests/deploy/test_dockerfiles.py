"""The Dockerfiles: of one version, of one lock file, of a user without rights."""

import re
import subprocess
import tomllib

import pytest

from home_media_pipelines.local.server.distribution import VERSION
from tests.conftest import REPOSITORY
from tests.deploy.conftest import DEPLOY, tool

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
    """Where Dependabot looks: it reads no ARG."""
    begins = re.findall(r"^FROM (\S+)", text, re.M)
    assert re.fullmatch(r"debian:\w+-\d{8}-slim", begins[0])
    assert set(begins[1:]) <= {"runtime", "tools", "packages"}
    assert not re.search(r"^ARG (?!UID|GID|VERSION=|TORCH_INDEX)", text, re.M)
    assert all("--frozen" in it for it in re.findall(r"uv sync .*", text))
    assert "requirements.txt" in text
    tools = (DEPLOY / "requirements.txt").read_text().splitlines()
    for line in tools:
        assert re.fullmatch(r"#.*|[\w-]+==\d+\.\d+\.\d+", line)


def test_what_is_written_twice_is_the_same() -> None:
    """One layer for both images; one Postgres and one Caddy, here and there."""
    first, second = ((DEPLOY / it).read_text().split("\nARG")[0] for it in FILES)
    layer = re.compile(r"^FROM \S+ AS runtime\n# .*\n(RUN (?:.*\\\n)+.*)", re.M)
    assert layer.search(first)[0] == layer.search(second)[0]
    compose = (DEPLOY / "compose.server.yaml").read_text()
    (postgres,) = re.findall(r"image: pgvector/pgvector:\S+-pg(\d+)", compose)
    assert VERSION.split(".")[0] == postgres
    (caddy,) = re.findall(r"image: caddy:(\d+)", compose)
    said = subprocess.check_output([tool("caddy"), "version"], text=True)
    assert said.lstrip("v").split(".")[0] == caddy


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
