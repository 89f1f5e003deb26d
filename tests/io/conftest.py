"""What tests of `io` share: a disk that is soon full, a clock to put forward."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from home_media_pipelines.io import decoder_pool


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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The decoder pool's clock; `passed` puts it forward by so many seconds."""
    fake = SimpleNamespace(passed=0.0)
    fake.monotonic = lambda: time.monotonic() + fake.passed
    monkeypatch.setattr(decoder_pool, "time", fake)
    return fake
