"""Libraries that go away, come back, shrink and are moved about."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.faults.world import age, draw, draw_library, manifest

pytestmark = pytest.mark.timeout(600)

STATES = "select folder, state from folders order by folder"
MISSING = "select count(*) from files where missing_since is not null"


def test_a_library_that_goes_away_while_idle_is_unreachable_and_comes_back(
    home, tmp_path
):
    root = draw_library(tmp_path / "photos", folders=2, each=3)
    home.ingest(root)
    before = home.tables()

    away = root.rename(tmp_path / "elsewhere")
    gone = home.ingest(status=1)
    assert gone["unreachable"] == {"photos": "the directory does not exist"}
    assert home.tables() == before

    root.mkdir()  # a mount point without its mount
    empty = home.ingest(root, status=1)
    assert empty["unreachable"] == {"photos": "the directory is empty"}
    assert home.tables() == before

    root.rmdir()
    away.rename(root)
    back = home.ingest(root)
    assert (back["new"], back["missing"], back["unreachable"]) == (0, 0, {})
    assert home.tables() == before


def test_a_library_that_goes_away_mid_scan_loses_nothing(make_home, tmp_path):
    """Each folder that was not reached says why; a later ingest does them."""
    root = draw_library(tmp_path / "photos", folders=20, each=3, size=(640, 480))
    home, alone = make_home(), make_home()
    alone.ingest(root)
    process = home.start("ingest", str(root), "--json")
    with home.connect() as conn:
        query = "select count(*) from files"
        while conn.execute(query).fetchone() == (0,):
            assert process.poll() is None, process.communicate()
    away = root.rename(tmp_path / "elsewhere")
    said, errors = process.communicate(timeout=240)
    known = home.one("select count(*) from files")
    assert home.one(MISSING) == 0
    if known < 60:
        assert process.returncode == 1, errors
        assert json.loads(said)["failed_folders"]

    again = home.ingest(status=1)
    assert "photos" in again["unreachable"]
    assert home.one("select count(*) from files") == known
    assert home.one(MISSING) == 0

    away.rename(root)
    with home.connect() as conn:  # time passes
        conn.execute("update folders set retry_at = now() where retry_at is not null")
        conn.execute("delete from problems where not permanent")
    home.ingest(root)
    assert home.tables() == alone.tables()


def test_many_files_gone_at_once_is_an_outage_and_a_few_are_missing(home, tmp_path):
    root = tmp_path / "photos"
    for number in range(40):
        age(draw(root / "emptied" / f"{number}.jpg", number))
        age(draw(root / "tidied" / f"{number}.jpg", 100 + number))
    home.ingest(root)

    away = tmp_path / "away"
    away.mkdir()
    for number in range(12):
        (root / "emptied" / f"{number}.jpg").rename(away / f"e{number}.jpg")
    for number in range(3):
        (root / "tidied" / f"{number}.jpg").unlink()
    done = home.ingest(root, status=1)

    assert list(done["failed_folders"]) == ["photos/emptied"]
    assert "12 of 40" in done["failed_folders"]["photos/emptied"]
    assert home.rows(STATES) == [
        ("photos/emptied", "unreachable"),
        ("photos/tidied", "reachable"),
    ]
    query = f"{MISSING} and folder = 'photos/%s'"
    assert (home.one(query % "emptied"), home.one(query % "tidied")) == (0, 3)
    assert home.one("select count(*) from gallery.images") == 40 + 37

    for path in away.iterdir():
        path.rename(root / "emptied" / path.name[1:])
    assert home.ingest(root)["failed_folders"] == {}
    assert home.rows("select distinct state from folders") == [("reachable",)]


@pytest.fixture
def two_roots(tmp_path: Path) -> tuple[Path, Path]:
    one = draw_library(tmp_path / "photos", folders=3, each=4)
    other = tmp_path / "archive"
    age(draw(other / "old" / "first.jpg", 999))
    return one, other


def test_a_moved_folder_keeps_its_images_and_costs_no_computing(home, two_roots):
    """Renamed within a library first, then carried over to another one."""
    one, other = two_roots
    home.ingest(one, other)
    ids = "select image_id, content_id from images order by 1"
    images, thumbnails = home.rows(ids), home.thumbnails()
    derived = home.versions("exif", "thumbnails")

    (one / "2020" / "trip000").rename(one / "2020" / "summer, [sun] & sea")
    (other / "from photos").mkdir()
    (one / "2021" / "trip001").rename(other / "from photos" / "trip")
    done = home.ingest(one, other)

    assert (done["moved"], done["new"], done["missing"], done["failed"]) == (8, 0, 0, 0)
    assert home.rows(ids) == images
    assert home.thumbnails() == thumbnails
    assert home.versions("exif", "thumbnails") == derived
    present = "select folder, count(*) from gallery.images group by 1 order by 1"
    assert home.rows(present) == [
        ("archive/from photos/trip", 4),
        ("archive/old", 1),
        ("photos/2020/summer%2C %5Bsun%5D & sea", 4),
        ("photos/2022/trip002", 4),
    ]


READ_ONLY = """
    mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
    ! touch "$1/proof" 2>/dev/null || exit 98
    shift; exec "$@"
"""


def test_a_read_only_library_is_all_we_need(home, tmp_path):
    """On a read-only mount every attempt to write below the root would fail."""
    root = draw_library(tmp_path / "photos", folders=2, each=3)
    for path in [root, *root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = manifest(root)
    probe = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(root)]
    able = (
        os.geteuid() == 0
        and not subprocess.run([*probe, "true"], check=False).returncode
    )

    done = home.ingest(root, before=tuple(probe) if able else ())

    assert (done["new"], done["failed"], done["complete"]) == (6, 0, True)
    assert manifest(root) == before
    if not able:
        pytest.skip("may not mount here: only file modes were tested")
