"""`deploy/setup`: secrets that nobody else reads, made once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import KINDS


def run(
    deploy: Path, caddy: str, *names: str, password: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(deploy / "setup"), *names],
        input=f"{password}\n",
        env={**os.environ, "HASH": f"{caddy} hash-password --bcrypt-cost=4"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_it_makes_what_is_missing_and_keeps_what_is_there(
    own_deploy: Path, caddy: str
) -> None:
    done = run(own_deploy, caddy, "anna", password="long enough")
    assert done.returncode == 0, done.stderr
    secrets = (own_deploy / ".env").read_text()
    made = {
        line.partition("=")[2]
        for line in secrets.splitlines()
        if line.partition("=")[0] in {f"{kind}_PASSWORD" for kind in KINDS}
    }
    assert len(made) == len(KINDS)
    assert all(len(it) >= 24 for it in made)
    key = own_deploy / "agents" / "ssh" / "id_ed25519"
    for secret in (own_deploy / ".env", key):
        assert secret.stat().st_mode & 0o077 == 0
    first = key.read_text()

    assert run(own_deploy, caddy, "ben", password="long enough").returncode == 0
    assert run(own_deploy, caddy, "anna", password="another one").returncode == 0

    assert (own_deploy / ".env").read_text() == secrets
    assert key.read_text() == first
    people = (own_deploy / "door" / "people").read_text().splitlines()
    assert [line.split()[0] for line in people] == ["ben", "anna"]
    assert "long enough" not in str(people)


def test_containers_run_as_whoever_set_them_up(
    own_deploy: Path, caddy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They read the key of the workers, which is for its owner's resources."""
    identity = tmp_path / "bin" / "id"
    identity.parent.mkdir()
    identity.write_text('#!/bin/sh\n[ "$1" = -u ] && echo 1234 || echo 5678\n')
    identity.chmod(0o755)
    monkeypatch.setenv("PATH", f"{identity.parent}:{os.environ['PATH']}")
    assert run(own_deploy, caddy, "anna", password="long enough").returncode == 0
    lines = (own_deploy / ".env").read_text().splitlines()
    assert {"UID=1234", "GID=5678"} <= set(lines)


def test_a_short_password_lets_nobody_in(own_deploy: Path, caddy: str) -> None:
    done = run(own_deploy, caddy, "anna", password="short")
    assert done.returncode
    assert not (own_deploy / "door" / "people").read_text()
