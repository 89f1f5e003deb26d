"""kill -9 at any moment of an ingest costs time, and nothing else."""

from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

import psycopg
import pytest

from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.faults.world import Home, draw_library, kill, manifest, seeded
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

MOMENTS = {
    "a run that began": "select count(*) > 1 from runs",
    "half the inventory": "select count(*) >= 20 from files",
    "metadata": "select count(*) > 0 from exif",
    "images": "select count(*) > 0 from images",
    "thumbnails": "select count(*) > 0 from thumbnails",
}


def killed_at(home: Home, root: Path, moment: str, delay: float) -> bool:
    """Start an ingest, kill it soon after the moment; say whether it was at work."""
    process = home.start("ingest", str(root))
    query, in_dagster = MOMENTS[moment], "runs" in MOMENTS[moment]
    with home.connect(in_dagster) as conn:

        def there() -> bool:
            known = conn.execute("select to_regclass('runs') is not null").fetchone()
            if process.poll() is not None:
                return True
            if in_dagster and known == (False,):
                return False
            return bool(conn.execute(query).fetchone()[0])

        until(there, 240, moment, every=0.01)
    with suppress(TimeoutExpired):
        process.wait(delay)
    at_work = process.poll() is None
    kill(process)
    return at_work


def test_an_ingest_killed_again_and_again_ends_like_one_left_alone(make_home, tmp_path):
    root = draw_library(tmp_path / "photos", folders=8, each=6, size=(1200, 900))
    originals = manifest(root)
    alone, harmed = make_home(), make_home()
    alone.ingest(root)

    chance = seeded(1)
    hits = [
        killed_at(harmed, root, moment, chance.uniform(0, 0.3)) for moment in MOMENTS
    ]
    assert sum(hits) >= 3, hits
    with harmed.connect(dagster=True) as conn:  # time passes
        conn.execute("update runs set update_timestamp = now() - interval '1 hour'")
    harmed.ingest(root)

    expected, found = alone.tables(), harmed.tables()
    for table in expected:
        assert found[table] == expected[table], table
    assert len(expected["thumbnails"]) == 48
    names = [
        {str(path.relative_to(it.state)) for path in it.thumbnails()}
        for it in (alone, harmed)
    ]
    assert names[0] == names[1]
    assert harmed.temporary() == []
    assert harmed.unfinished_runs() == []
    until(lambda: not harmed.processes(), 120, "the children of killed runs to end")
    assert manifest(root) == originals


def test_a_database_killed_during_an_ingest_loses_nothing(
    embedded_home, home, tmp_path
):
    root = draw_library(tmp_path / "photos", folders=6, each=4, size=(1200, 900))
    home.ingest(root)

    server = EmbeddedPostgres(embedded_home.state)
    assert embedded_home.call("library", "add", str(root)).returncode == 0
    process = embedded_home.start("ingest", str(root))

    def underway() -> bool:
        try:
            return bool(embedded_home.one("select count(*) >= 12 from files"))
        except psycopg.OperationalError:  # the server is starting
            return False

    until(underway, 240, "the inventory to grow", every=0.05)
    kill(server.pid())
    _, said = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "Traceback" not in said, said[-3000:]
    assert "database" in said

    embedded_home.ingest(root)
    with server:
        assert embedded_home.tables() == home.tables()
    assert embedded_home.temporary() == []


def test_two_ingests_at_once_give_what_one_gives(make_home, tmp_path):
    root = draw_library(tmp_path / "photos", folders=5, each=4, size=(640, 480))
    one, two = make_home(), make_home()
    one.ingest(root)

    both = [two.start("ingest", str(root), "--json") for _ in range(2)]
    for process in both:
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said[-3000:]

    expected, found = one.tables(), two.tables()
    for table in expected:
        assert found[table] == expected[table], table
    assert two.temporary() == []
    assert two.unfinished_runs() == []
