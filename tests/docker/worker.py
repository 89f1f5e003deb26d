"""The worker's image, and the packages of this checkout for its containers."""

import json
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docker.engine import REPOSITORY, Engine, build

IMAGE = "home-media-worker:test"
PYTHON = (3, 11)
"""Of the image, which is Debian's."""

PREFIX = "/opt/home-media"
LIBRARY = f"lib/python{PYTHON[0]}.{PYTHON[1]}/site-packages"
DAGSTER = f"""#!{PREFIX}/bin/python
import sys
from dagster.__main__ import main
sys.argv[0] = "dagster"
sys.exit(main())
"""

ENVIRONMENT = (
    "PYTHONPATH=/src",
    "HOME_MEDIA_DEVICE=cpu",
    "HOME_MEDIA_DERIVED=/derived",
    "HOME_MEDIA_TIMEZONE=UTC",
    "OMP_NUM_THREADS=1",
)


def described(
    name: str,
    engine: Engine,
    volumes: Sequence[str],
    *environment: str,
    lost_after: float = 30,
) -> str:
    """Return what `agents.toml` says of a machine with this engine."""
    values = {
        "name": name,
        "host": engine.host,
        "image": IMAGE,
        "network": "host",
        "memory": "3g",
        "lost_after": lost_after,
        "volumes": list(volumes),
        "environment": [*ENVIRONMENT, *environment],
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in values.items())
    return "\n".join(("[[agent]]", *lines, ""))


def build_worker(engine: Engine) -> str:
    """Build what the system gives to a worker; packages are lent by `packages`.

    The whole image holds torch, some gigabytes that no test needs twice.
    """
    client = engine.client(600)
    try:
        return build(client, "worker.Dockerfile", IMAGE, target="runtime")
    finally:
        client.close()


@contextmanager
def packages() -> Iterator[tuple[str, ...]]:
    """Lend volumes that put our environment and code where the image has its own."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the image has Python 3.11, and packages are built for another")
    with tempfile.TemporaryDirectory(prefix="home-media-worker-") as name:
        skeleton = Path(name)
        skeleton.chmod(0o755)
        (skeleton / LIBRARY).mkdir(parents=True)
        (skeleton / "bin").mkdir()
        (skeleton / "bin" / "python").symlink_to("/usr/bin/python3")
        (skeleton / "pyvenv.cfg").write_text("home = /usr/bin\n")
        dagster = skeleton / "bin" / "dagster"
        dagster.write_text(DAGSTER)
        dagster.chmod(0o755)
        site = sysconfig.get_path("purelib")
        ours = "home_media_pipelines"
        yield (
            f"{skeleton}:{PREFIX}:ro",
            f"{site}:{PREFIX}/{LIBRARY}:ro",
            f"{REPOSITORY / ours}:/src/{ours}:ro",
        )
