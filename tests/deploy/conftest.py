"""Programs that deploy/ is for: compose and Caddy, fetched by `script/deploy-tools`."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
TOOLS = REPOSITORY / ".tools" / "deploy" / "bin"
KINDS = ("OWNER", "PIPELINES", "API", "DAGSTER", "BACKUP")
PASSWORDS = {f"{kind}_PASSWORD": f"of-{kind.lower()}" for kind in KINDS}

Config = Callable[..., dict]


def tool(name: str) -> str:
    found = shutil.which(name, path=f"{TOOLS}:{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"no {name} here (script/deploy-tools fetches it)")
    return found


@pytest.fixture(scope="session")
def caddy() -> str:
    return tool("caddy")


@pytest.fixture(scope="session")
def run_compose() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `docker compose` in deploy/ with nothing but these variables."""
    program = tool("docker-compose")

    def run(
        file: str, *arguments: str, environment: Mapping[str, str], check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                program,
                f"--file={DEPLOY / file}",
                "--env-file=/dev/null",
                "--profile=*",
                *arguments,
            ],
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
            capture_output=True,
            text=True,
            check=check,
            timeout=60,
        )

    return run


@pytest.fixture(scope="session")
def config(run_compose: Callable[..., subprocess.CompletedProcess[str]]) -> Config:
    """Read a compose file as Docker does."""

    def read(file: str, **environment: str) -> dict:
        done = run_compose(
            file,
            "config",
            "--format=json",
            environment={**PASSWORDS, "POSTGRES_HOST": "server.lan", **environment},
        )
        assert "variable is not set" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    return read


@pytest.fixture
def own_deploy(tmp_path: Path) -> Path:
    """A copy of deploy/ as it is checked in, for what writes there."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "deploy"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path / "deploy"
