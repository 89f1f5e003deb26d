"""Originals read again: damage is seen and told, and nothing is taken for new."""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import damage, integrity
from home_media_pipelines.db.tables.inventory.integrity import Step
from home_media_pipelines.defs.care.integrity import read_folders
from home_media_pipelines.defs.care.read_originals import monthly_integrity
from home_media_pipelines.defs.resources import Database
from tests.core.inventory.test_integrity import rot
from tests.defs.conftest import draw

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HELD = "select name, content_id from files order by name"


@pytest.fixture
def ingest(run):
    """Walk and bring folders up to date."""

    def look(*folders: str) -> None:
        config = {"ops": {"ingest_changed": {"config": {"folders": list(folders)}}}}
        assert run("walk").success
        assert run("changed_folders", run_config=config).success

    return look


@pytest.fixture
def library(root, ingest):
    """Two folders with two pictures each, known."""
    for number, path in enumerate(("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg")):
        rotting = draw(root / path, (number, 50, 90))
        with rotting.open("ab") as file:  # room for `rot` behind the picture
            file.write(bytes(600_000))
    ingest("photos/a", "photos/b")
    return root


@pytest.fixture
def audit(run, instance):
    """Materialise the asset, or run the job of the schedule."""

    def read(folder: str | None = None, **budget: float) -> dg.ExecuteInProcessResult:
        if folder:
            instance.add_dynamic_partitions("folder", [folder])
            selection = [dg.AssetKey("integrity")]
            return run("__ASSET_JOB", partition_key=folder, asset_selection=selection)
        config = {"ops": {"read_oldest": {"config": budget}}}
        return run("read_originals", run_config=config)

    return read


def test_a_flipped_bit_is_damage_that_is_told_and_never_taken_for_new(
    library, audit, rows, ingest
):
    before = rows(HELD)
    assert audit("photos/a").success
    rot(library / "a" / "1.jpg")

    result = audit("photos/a")

    checks = {it.check_name: it for it in result.get_asset_check_evaluations()}
    assert result.success
    assert not checks["damage"].passed
    assert checks["damage"].severity is dg.AssetCheckSeverity.ERROR
    ingest("photos/a")
    assert rows(HELD) == before
    told = "select path, copy, image_id is not null from gallery.damage"
    assert rows(told) == [("a/1.jpg", None, True)]


def test_a_restored_file_is_read_again_by_itself_and_well(
    library, audit, rows, run, graph, instance, database_url
):
    """With its old time, which no walk takes for a change; once, and no other file."""
    from home_media_pipelines.defs.care.restored_originals import restored_originals

    def tick() -> dg.RunRequest | dg.SkipReason:
        database = Database(url=database_url)
        with dg.build_sensor_context(
            instance=instance, definitions=graph, resources={"database": database}
        ) as context:
            return restored_originals(context)

    path = library / "a" / "1.jpg"
    good, before = path.read_bytes(), path.stat()
    rot(path)
    audit("photos/a")
    assert isinstance(tick(), dg.SkipReason)
    path.write_bytes(good)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as rsync -a does

    request = tick()
    assert isinstance(request, dg.RunRequest)
    assert run("read_originals", run_config=request.run_config).success

    assert rows("select * from gallery.damage") == []
    latest = (
        "select name from files join integrity using (file_id) order by verified_at"
    )
    assert rows(latest)[-1] == ("1.jpg",)
    assert isinstance(tick(), dg.SkipReason)


def test_damaged_bytes_stay_damage_when_only_the_time_changes(
    library, audit, rows, ingest
):
    """`touch` must not turn a broken picture into a new one without a word."""
    rot(library / "a" / "1.jpg")
    audit("photos/a")
    os.utime(library / "a" / "1.jpg")
    ingest("photos/a")
    audit("photos/a")
    assert rows("select path from gallery.damage") == [("a/1.jpg",)]


def test_a_person_may_say_that_the_bytes_are_right(
    library, audit, rows, ingest, database_url
):
    """Some tools write metadata in place and put the time back."""
    (image,) = rows("select image_id from gallery.images where name = '1.jpg' limit 1")
    rot(library / "a" / "1.jpg")
    audit("photos/a")
    before = dict(rows("select path, content_id from files"))

    with connect(database_url) as conn:
        damage.accept(conn, damage.list_all(conn))
    ingest("photos/a")

    after = dict(rows("select path, content_id from files"))
    assert rows("select * from gallery.damage") == []
    assert {path for path in after if after[path] != before[path]} == {"a/1.jpg"}
    assert image in rows("select image_id from gallery.images")


def test_nothing_is_derived_from_damaged_bytes(library, audit, rows, ingest, tmp_path):
    """A new thumbnail of a broken file would take the place of the good one."""
    rot(library / "a" / "1.jpg")
    audit("photos/a")
    rows("delete from thumbnails returning 1")
    rows("delete from exif returning 1")
    ingest("photos/a", "photos/b")
    missing = (
        "select name, folder from files where content_id not in"
        " (select content_id from thumbnails)"
    )
    assert rows(missing) == [("1.jpg", "photos/a")]
    assert rows("select count(*) from exif") == [(3,)]


def test_an_intact_copy_stands_for_a_damaged_file(library, audit, rows, ingest):
    copy = library / "b" / "copy.jpg"
    copy.write_bytes((library / "a" / "1.jpg").read_bytes())
    ingest("photos/b")
    rot(library / "a" / "1.jpg")
    audit("photos/a")
    assert rows("select copy from gallery.damage") == [("photos/b/copy.jpg",)]
    rows("delete from thumbnails returning 1")
    ingest("photos/a", "photos/b")
    assert rows("select count(*) from thumbnails") == [(4,)]


def test_an_edited_file_is_no_damage(library, audit, rows):
    draw(library / "a" / "1.jpg", (9, 9, 9))
    assert audit("photos/a").success
    assert rows("select * from gallery.damage") == []
    counts = (
        "select files, unchanged, damaged from gallery.integrity where folder like '%a'"
    )
    assert rows(counts) == [(2, 1, 0)]


def test_a_file_that_cannot_be_read_is_a_problem_until_it_can(
    library, audit, rows, monkeypatch
):
    from home_media_pipelines.core.inventory import integrity as core

    def fail(*_, **__):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(core, "hash_file", fail)
        result = audit("photos/a")
    checks = {it.check_name: it for it in result.get_asset_check_evaluations()}
    assert not checks["integrity_problems"].passed
    assert rows("select count(*) from gallery.problems") == [(2,)]
    audit("photos/a")
    assert rows("select count(*) from gallery.problems") == [(0,)]


def test_a_library_that_went_away_is_not_damaged(library, audit, rows):
    audit("photos/a")
    before = rows("select * from integrity order by file_id")
    library.rename(library.with_name("away"))
    library.mkdir()
    assert not audit("photos/a").success
    assert not audit(rest_days=0).success
    assert rows("select * from integrity order by file_id") == before


def test_the_audit_reads_never_read_folders_first_and_goes_on_next_time(
    library, database_url, audit, rows, instance
):
    audit("photos/a")
    rows("update integrity set verified_at = now() - interval '30 days' returning 1")
    with connect(database_url) as conn:
        steps = integrity.steps(conn, now=datetime.now(UTC), rest=timedelta(days=21))
    assert [it.folder for it in steps] == ["photos/b", "photos/a"]

    none = read_folders(Database(url=database_url), steps, until=0)
    assert none.left == ["photos/b", "photos/a"]
    assert audit(hours=1).success

    events = instance.fetch_materializations(dg.AssetKey("integrity"), limit=2).records
    assert [it.partition_key for it in events] == ["photos/a", "photos/b"]
    with connect(database_url) as conn:
        assert not integrity.steps(conn, now=datetime.now(UTC), rest=timedelta(days=21))
    whole = "select sum(files), sum(unchanged) from gallery.integrity"
    assert rows(whole) == [(4, 4)]


def test_a_folder_says_since_when_its_files_are_unchanged(library, database_url, rows):
    """From when they came, not from when they were first read again."""
    rows("update files set read_at = '2024-05-03' where name = '1.jpg' returning 1")
    read_folders(Database(url=database_url), [Step("photos/a", datetime.now(UTC))])
    with connect(database_url) as conn:
        (found, _) = integrity.by_folder(conn)
    assert (found.files, found.unchanged, found.damaged) == (2, 2, 0)
    assert found.unchanged_since
    assert found.unchanged_since.date().isoformat() == "2024-05-03"


def test_a_moved_file_keeps_its_history(library, database_url, rows, ingest):
    rows("update files set read_at = '2024-05-03' returning 1")
    read_folders(Database(url=database_url), [Step("photos/a", datetime.now(UTC))])
    (library / "a" / "1.jpg").rename(library / "b" / "moved.jpg")
    ingest("photos/a", "photos/b")
    assert rows(
        "select i.unchanged_since::date::text from integrity i"
        " join files f using (file_id) where f.path = 'b/moved.jpg'"
    ) == [("2024-05-03",)]


def test_two_audits_never_read_at_once(graph):
    with dg.instance_for_test() as instance:  # a schedule opens one by its reference
        with dg.build_schedule_context(instance=instance) as context:
            assert isinstance(monthly_integrity(context), dg.RunRequest)
        instance.create_run_for_job(
            graph.resolve_job_def("read_originals"), status=dg.DagsterRunStatus.STARTED
        )
        with dg.build_schedule_context(instance=instance) as context:
            assert isinstance(monthly_integrity(context), dg.SkipReason)
