"""A backup proves itself whole, or says what is wrong with it."""

import json
from pathlib import Path

import pytest
from blake3 import blake3

from home_media_pipelines.core.errors import BackupError
from home_media_pipelines.io.backup_files import (
    FORMAT,
    MANIFEST,
    Manifest,
    TableFile,
    check,
    write_manifest,
)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    (tmp_path / "a.copy.gz").write_bytes(b"rows")
    table = TableFile("a", ["x"], "a.copy.gz", 1, 4, blake3(b"rows").hexdigest())
    made_at = "2026-11-21T01:30:00+00:00"
    manifest = Manifest(FORMAT, "irreplaceable", made_at, "0.1.0", "0006", [table])
    write_manifest(tmp_path, manifest)
    return tmp_path


def test_a_whole_backup_is_read_to_its_end(backup: Path) -> None:
    assert (check(backup).rows, check(backup).bytes) == (1, 4)


def test_only_we_may_read_what_people_said(backup: Path) -> None:
    assert (backup / MANIFEST).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["rotten", "short", "gone"])
def test_a_table_that_is_damaged_is_named(backup: Path, damage: str) -> None:
    path = backup / "a.copy.gz"
    match damage:
        case "rotten":
            path.write_bytes(b"rowz")
        case "short":
            path.write_bytes(b"row")
        case _:
            path.unlink()
    with pytest.raises(BackupError, match=r"a\.copy\.gz"):
        check(backup)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "manifest is damaged"),
        ("[]", "manifest is damaged"),
        ('{"manifest": {}, "blake3": "00"}', "manifest is damaged"),
    ],
)
def test_a_manifest_that_is_none_is_refused(backup: Path, text: str, said: str) -> None:
    (backup / MANIFEST).write_text(text)
    with pytest.raises(BackupError, match=said):
        check(backup)


def test_a_manifest_that_was_changed_is_refused(backup: Path) -> None:
    """Else a row count could be made to fit what was lost."""
    found = json.loads((backup / MANIFEST).read_text())
    found["manifest"]["tables"] = []
    (backup / MANIFEST).write_text(json.dumps(found))
    with pytest.raises(BackupError, match="manifest is damaged"):
        check(backup)


def test_a_later_format_is_refused_by_its_number(tmp_path: Path) -> None:
    later = Manifest(FORMAT + 1, "full", "", "9.0", "9999", [])
    write_manifest(tmp_path, later)
    with pytest.raises(BackupError, match=f"format {FORMAT + 1}"):
        check(tmp_path)


def test_an_empty_directory_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no backup"):
        check(tmp_path)
