"""`home-media up` at its default settings: what happens without anybody's help."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from home_media_pipelines.db.tables.inventory.folders import DueFolder
from home_media_pipelines.defs.batches import cut
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.faults.living import SERVICES, Up
from tests.faults.world import Home, age, draw, draw_library, manifest
from tests.waiting import until

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("up goes on")]


SLOW = 240
"""Seconds after which a busy machine is no excuse any more."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_library(tmp_path_factory.mktemp("up") / "photos", folders=2, each=3)


@pytest.fixture(scope="module")
def up(module_embedded_home: Home, root: Path) -> Iterator[Up]:
    """One `up` for all: each test has folders of its own."""
    up = Up(module_embedded_home, root)
    up.settle("photos/2020", 3)
    yield up
    up.stop()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A place beside the library, where drawing is not seen."""
    return tmp_path


def drop(outside: Path, root: Path, name: str, count: int, first: int) -> Path:
    """Let a finished folder appear in the library at once."""
    for number in range(count):
        age(draw(outside / "drawn" / f"{number}.jpg", first + number))
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return (outside / "drawn").rename(target)


def jobs(up: Up, since: int) -> Counter[str]:
    """Count the runs after the first `since`, by job.

    Without the checks, which follow once things are quiet what was made before.
    """
    return Counter(job for job, _ in up.home.runs()[since:] if job != "checks")


def folder(up: Up, key: str) -> tuple:
    """Return attempts, seconds until the next one, reason."""
    ((found),) = up.home.rows(
        "select attempts, extract(epoch from retry_at - now())::float, reason "
        f"from folders where folder = '{key}'"
    )
    return found


def hurry(up: Up, key: str, **values: int) -> None:
    """Let the time until the folder's next attempt pass."""
    with up.home.connect() as conn:
        conn.execute(
            "update folders set retry_at = now(), attempts = coalesce(%s, attempts) "
            "where folder = %s",
            [values.get("attempts"), key],
        )


def test_a_folder_copied_onto_the_nas_is_in_the_gallery_soon(
    up, root, outside, record_property
):
    """Sixty seconds is what we promise at default settings."""
    for number in range(5):
        draw(outside / "copy" / f"{number}.jpg", 4000 + number)
    started = time.monotonic()
    shutil.copytree(outside / "copy", root / "dropped")
    until(lambda: up.shown("photos/dropped") == 5, SLOW, "the dropped folder")
    seconds = time.monotonic() - started
    record_property("seconds until a dropped folder is in the gallery", seconds)
    print(f"\na dropped folder was in the gallery after {seconds:.1f} s")  # noqa: T201


def test_an_unchanged_library_starts_no_run_besides_the_walk(up):
    up.idle()
    since, before = len(up.home.runs()), up.home.tables()
    run = up.launch("walk")
    until(lambda: up.status(run) == "SUCCESS", SLOW, "the walk")
    for _ in range(2):
        up.look("nas_watch", "folder_changes")
    assert jobs(up, since).keys() == {"walk"}
    assert up.home.tables() == before


def test_many_new_folders_make_few_runs_and_scattered_changes_one(up, root, outside):
    up.idle()
    since = len(up.home.runs())
    for number in range(24):
        age(draw(outside / "many" / f"f{number:03}" / "1.jpg", 5000 + number, (32, 24)))
    (outside / "many").rename(root / "many")
    up.settle("photos/many", 24)
    assert jobs(up, since)["new_folders"] <= 2  # a walk may come in between

    since = len(up.home.runs())
    added = [
        age(draw(outside / f"{number}.jpg", 7000 + number, (32, 24)))
        for number in range(12)
    ]
    for number, path in enumerate(added):
        path.rename(root / "many" / f"f{number * 2:03}" / "2.jpg")
    up.settle("photos/many", 36)
    assert jobs(up, since)["changed_folders"] <= 2
    assert jobs(up, since)["new_folders"] == 0
    assert jobs(up, since)["__ASSET_JOB"] <= 2, "the daemon looked in between"


def test_three_hundred_new_folders_are_three_runs_and_thirty_changed_ones_one():
    due = [
        DueFolder(f"photos/{n:03}", "photos", f"{n:03}", "s", "reachable", 4, 0, None)
        for n in range(330)
    ]
    changed = {it.folder for it in due[::11]}
    batches = list(cut(due, changed))
    assert [(it.new, len(it.folders)) for it in batches] == [
        (True, 100),
        (True, 100),
        (True, 100),
        (False, 30),
    ]


def test_what_follows_from_a_materialised_folder_is_made_by_itself(up):
    """A person materialises `files` of one folder in the UI: the rest follows."""
    up.idle()
    key = "photos/2021/trip001"
    query = (
        "select count(*) from event_logs where dagster_event_type = "
        f"'ASSET_MATERIALIZATION' and partition = '{key}' and asset_key = '[\"%s\"]'"
    )
    before = up.home.one(query % "thumbnails", True)
    run = up.launch("__ASSET_JOB", "files", partition=key)
    until(lambda: up.status(run) == "SUCCESS", SLOW, "files")
    for asset in ("exif", "images", "thumbnails"):
        until(lambda a=asset: up.home.one(query % a, True) > before, SLOW, asset)
    up.idle()


def test_a_failed_folder_waits_longer_each_time_and_heals(up, root, outside):
    """The cause leaves no trace on the NAS: nothing can be written below derived."""
    up.idle()
    thumbnails = up.home.state / "derived" / "thumbnails"
    aside = thumbnails.rename(thumbnails.with_name("aside"))
    thumbnails.write_text("in the way")
    heals, stays = "photos/heals", "photos/stays"
    drop(outside, root, "heals", 2, 8000)
    drop(outside, root, "stays", 2, 8100)
    until(lambda: folder_failed(up, heals, 1), SLOW, "the first failure")
    _, first, reason = folder(up, heals)
    assert reason
    until(lambda: folder_failed(up, stays, 1), SLOW, "the other failure")
    up.look("failed_runs")  # else the same failure counts again
    hurry(up, heals)
    hurry(up, stays, attempts=9)
    until(lambda: folder_failed(up, heals, 2), SLOW, "the second failure")
    assert folder(up, heals)[1] > first + 30
    assert up.shown(heals) == 0
    until(lambda: folder_failed(up, stays, 10), SLOW, "the last attempt")
    up.idle()
    up.look("failed_runs")
    hurry(up, stays)
    since = len(up.home.runs())

    thumbnails.unlink()
    aside.rename(thumbnails)
    hurry(up, heals)
    until(lambda: up.shown(heals) == 2, SLOW, "the folder to heal")
    until(lambda: folder(up, heals)[0] == 0, SLOW, "the failures to be forgiven")
    up.look("downstream")
    assert sum(jobs(up, since).values()) <= 3, "given up after ten attempts"
    assert folder(up, stays)[0] == 10

    age(draw(root / "stays" / "new.jpg", 8200))
    until(lambda: up.shown(stays) == 3, SLOW, "a change to wake the folder")


def folder_failed(up: Up, key: str, attempts: int) -> bool:
    known = f"select count(*) from folders where folder = '{key}'"
    return up.home.one(known) == 1 and folder(up, key)[0] >= attempts


def test_an_ingest_beside_it_does_no_harm(up, root, outside):
    up.idle()
    drop(outside, root, "beside", 4, 9000)
    done = up.home.ingest(root)
    assert done["complete"]
    up.settle("photos/beside", 4)
    assert up.home.one("select count(*) from problems") == 0


def test_a_library_that_goes_away_comes_back_by_itself(up, root):
    up.idle()
    query = "select state, reason from libraries"
    before = up.home.one("select count(*) from gallery.images")
    away = root.rename(root.with_name("away"))
    gone = [("unreachable", "the directory does not exist")]
    until(lambda: up.home.rows(query) == gone, SLOW, "the outage to be noticed")
    assert up.home.one("select count(*) from gallery.images") == before
    away.rename(root)
    until(lambda: up.home.rows(query) == [("reachable", None)], SLOW, "the return")
    assert up.home.one("select count(*) from gallery.images") == before
    assert up.home.one("select count(*) from folders where state <> 'reachable'") == 0


def test_every_service_may_be_killed(up, root, outside):
    """And each time another folder of pictures gets in."""
    originals = manifest(root / "2020")
    for number, (name, words) in enumerate(SERVICES.items()):
        (process,) = [it for it in up.find(*words) if it.ppid() == up.process.pid]
        process.send_signal(signal.SIGKILL)
        drop(outside, root, f"killed {name}", 2, 10_000 + 10 * number)
    for name in SERVICES:
        up.settle(f"photos/killed {name}", 2)
    assert up.process.poll() is None
    assert manifest(root / "2020") == originals


def test_a_killed_run_is_done_by_another(up, root, outside):
    """A run may be over before it is seen, so several folders are tried."""
    (code_server,) = up.find("dagster", "api", "grpc")
    for attempt in range(4):
        up.idle()
        folder = f"killed run {attempt}"
        drop(outside, root, folder, 40, 11_000 + 100 * attempt)

        def caught(folder: str = folder) -> psutil.Process | str | None:
            """The process of the run that works on the folder, if there is time."""
            if up.shown(f"photos/{folder}") == 40:
                return "done before it was seen"
            at_work = [job for job, status in up.home.runs() if status == "STARTED"]
            runs = [it for it in code_server.children() if is_run(it)]
            return runs[0] if at_work == ["new_folders"] and len(runs) == 1 else None

        found = until(caught, SLOW, "a run", every=0.05)
        if isinstance(found, psutil.Process):
            found.send_signal(signal.SIGKILL)
            up.settle(f"photos/{folder}", 40)
            assert ("new_folders", "FAILURE") in up.home.runs()
            return
    pytest.fail("no run was caught at work")


def is_run(process: psutil.Process) -> bool:
    """Whether a process of the code server executes a run, and still lives."""
    try:
        return any("spawn_main" in part for part in process.cmdline())
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return False


def test_a_killed_database_comes_back_and_the_pictures_with_it(up, root, outside):
    up.idle()
    drop(outside, root, "killed database", 6, 12_000)
    server = EmbeddedPostgres(up.home.state)
    query = "select count(*) from files where folder = 'photos/killed database'"
    until(lambda: up.home.one(query), SLOW, "the run to be at work", every=0.05)
    pid = server.pid()
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.pid() not in (None, pid), SLOW, "another server")
    until(lambda: up.shown("photos/killed database") == 6, SLOW, "its pictures")
    assert up.process.poll() is None
    assert up.home.temporary() == []
