"""`home-media integrity`: damage ends with status 1, until it is gone or accepted."""

import json
import os
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from home_media_pipelines.cli import app
from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import files
from home_media_pipelines.db.tables.inventory.integrity import Step
from home_media_pipelines.defs.care.integrity import read_folders
from home_media_pipelines.defs.resources import Database
from tests.builders import NOW, add_folder, add_library
from tests.core.inventory.test_integrity import rot


@pytest.fixture
def rotten(database_url, tmp_path, monkeypatch):
    """A file of a library that is known, and damaged."""
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_DAGSTER_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path / "state"))
    root = tmp_path / "photos"
    path = root / "beach" / "a.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xd8\xff" + bytes(600_000))
    with connect(database_url) as conn:
        add_library(conn, "photos", root)
        conn.execute("update libraries set device = null, mounted = null")
        folder = add_folder(conn, "beach")
        scan = scan_folder(root, "beach", {}, depth=3, now_ns=2**62, debounce_ns=0)
        files.merge(conn, "photos", folder, scan, exists=lambda *_: True, now=NOW)
    rot(path)
    step = Step(folder, datetime.now(UTC))
    assert not read_folders(Database(url=database_url), [step]).failed
    return path


def integrity(*arguments: str):
    done = CliRunner().invoke(app, ["integrity", "--json", *arguments])
    return done.exit_code, json.loads(done.stdout or "null")


def test_damage_is_listed_and_is_a_failure(rotten):
    status, found = integrity()
    assert (status, [it["name"] for it in found["damage"]]) == (1, ["a.jpg"])
    assert found["folders"][0]["damaged"] == 1


def test_a_file_that_was_brought_back_is_well_once_it_is_read_again(rotten):
    before = rotten.stat()
    rot(rotten)  # the same bit a second time: as it was
    os.utime(rotten, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert integrity()[0] == 1
    assert integrity("--again")[0] == 0


def test_a_person_accepts_by_naming_the_file_and_only_what_is_damaged(rotten, tmp_path):
    done = CliRunner().invoke(app, ["integrity", "--accept", str(tmp_path / "no.jpg")])
    assert "is not known as damaged" in str(done.exception)
    assert integrity("--accept", str(rotten))[0] == 0
