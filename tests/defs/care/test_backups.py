"""The nightly run: a backup that is whole, or a failure that says why."""

from home_media_pipelines.io.backup_files import check


def test_a_run_leaves_a_whole_backup_and_remembers_it(run, root, rows, tmp_path):
    assert run("backup").success
    (place,) = (tmp_path / "state" / "backups").iterdir()
    assert check(place).kind == "irreplaceable"
    assert rows("select place from gallery.backups") == [(str(place),)]


def test_a_place_that_cannot_be_written_fails_the_run(run, root, rows, tmp_path):
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state" / "backups").write_text("a file is in the way")
    assert not run("backup").success
    assert rows("select * from gallery.backups") == []
