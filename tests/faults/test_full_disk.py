"""A full disk below the derived directory stops thumbnails, clearly, and no longer."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.faults.world import draw_library, manifest

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def tiny(home):
    """A derived directory of 300 KB."""
    derived = home.state / "derived"
    derived.mkdir()
    home.settings["DISK_RESERVE"] = "0"  # else nothing is ever written there
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(derived)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount, and not everywhere")
    yield derived
    subprocess.run(["umount", "--lazy", str(derived)], check=True)


def grow(tiny: Path) -> None:
    resized = ["mount", "-o", "remount,size=50m", str(tiny)]
    subprocess.run(resized, check=True)


def test_a_full_disk_is_said_and_the_next_ingest_goes_on(home, tiny, tmp_path):
    root = draw_library(tmp_path / "photos", folders=4, each=6, size=(640, 480))
    originals = manifest(root)

    full = home.ingest(root, status=1)
    assert full["failed_folders"]
    assert all("space" in why for why in full["failed_folders"].values())
    made = home.one("select count(*) from thumbnails")
    assert 0 < made < 24
    assert home.one("select count(*) from images") == 24
    assert home.one("select count(*) from problems") == 0  # no file is to blame
    assert home.temporary() == []
    assert ("new_folders", "FAILURE") in home.runs()

    before = home.versions("thumbnails")["thumbnails"]
    grow(tiny)
    with home.connect() as conn:  # time passes
        conn.execute("update folders set retry_at = now() where retry_at is not null")
    assert home.ingest(root)["complete"]
    assert home.one("select count(*) from thumbnails") == 24
    after = home.versions("thumbnails")["thumbnails"]
    assert before.items() <= after.items(), "what was made is not made again"
    assert home.rows("select distinct attempts, reason from folders") == [(0, None)]
    assert manifest(root) == originals
