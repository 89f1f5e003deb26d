"""The inventory of a folder: read once, never guess that something is gone."""

import os
import shutil
from pathlib import Path

import pytest
from blake3 import blake3

from home_media_pipelines.core.errors import FileChangedError, FolderUnreachableError
from home_media_pipelines.core.inventory import scan as scanning
from home_media_pipelines.core.inventory.hashing import hash_if
from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.core.inventory.scanned import (
    FolderScan,
    KnownFile,
    file_id,
    image_id,
)
from home_media_pipelines.core.inventory.walk import summarise, walk

SECOND = 10**9
NOW = 1_700_000_000 * SECOND
JPEG = b"\xff\xd8\xff\xe0 a picture "


def put(root: Path, name: str, data: bytes = JPEG, *, age: float = 3600) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    mtime_ns = NOW - int(age * SECOND)
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def look(root: Path, known=None, folder: str = ".", **options) -> FolderScan:
    values = {"depth": 3, "now_ns": NOW, "debounce_ns": 3 * SECOND, **options}
    return scan_folder(root, folder, known or {}, **values)


def remembered(scan: FolderScan) -> dict[str, KnownFile]:
    return {
        it.path: KnownFile(
            it.size,
            it.mtime_ns,
            it.content_id,
            it.format,
            it.claimed_format,
            it.role,
        )
        for it in scan.files
    }


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The names of the files that were opened."""
    names: list[str] = []

    def watch(path, is_wanted):
        names.append(path.name)
        return hash_if(path, is_wanted)

    monkeypatch.setattr(scanning, "hash_if", watch)
    return names


def test_a_file_is_known_by_its_bytes(tmp_path):
    put(tmp_path, "a.jpg")
    (found,) = look(tmp_path).files
    assert found.content_id == blake3(JPEG).hexdigest()
    assert (found.format, found.claimed_format, found.role) == ("jpeg", None, "picture")
    assert found.size == len(JPEG)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("wrong.heic", JPEG, ("jpeg", "heic", "picture")),
        ("no_extension", JPEG, ("jpeg", None, "picture")),
        ("odd.dat", JPEG, ("jpeg", None, "picture")),
        ("empty.mov", b"", (None, "mov", "video")),
        ("scan.jpg", b"%PDF-1.4", (None, "jpeg", "picture")),
        ("archive.heic", b"PK\3\4", (None, "heic", "picture")),
        ("a.xmp", b"", (None, "xmp", "sidecar")),
    ],
)
def test_content_tells_the_type_and_a_lying_extension_is_noted(
    tmp_path, name, data, expected
):
    """What claims to be media is inventoried, so that its fault can be recorded."""
    put(tmp_path, name, data)
    (found,) = look(tmp_path).files
    assert (found.format, found.claimed_format, found.role) == expected
    assert found.content_id == blake3(data).hexdigest()


def test_what_is_no_medium_is_looked_at_once_and_not_hashed(tmp_path, opened):
    put(tmp_path, "notes.txt", b"x" * 100_000)
    first = look(tmp_path)
    (found,) = first.files
    assert (found.role, found.content_id) == ("other", None)
    assert first.bytes_read < 10_000
    look(tmp_path, remembered(first))
    assert opened == ["notes.txt"]


def test_an_unchanged_folder_opens_no_file_and_a_changed_file_is_read_once(
    tmp_path, opened
):
    put(tmp_path, "a.jpg")
    put(tmp_path, "b.jpg", JPEG + b"b")
    known = remembered(look(tmp_path))
    opened.clear()

    again = look(tmp_path, known)
    assert opened == []
    assert again.bytes_read == 0
    assert remembered(again) == known

    put(tmp_path, "a.jpg", JPEG + b"new")
    changed = look(tmp_path, known)
    assert opened == ["a.jpg"]
    assert changed.bytes_read == len(JPEG) + 3


@pytest.mark.parametrize("age", [0, 2.9, -2.9])
def test_a_file_that_may_still_be_copied_waits(tmp_path, age):
    """Also when the clock of the NAS is a little ahead of ours."""
    put(tmp_path, "a.jpg", age=age)
    put(tmp_path, "b.jpg")
    scan = look(tmp_path)
    assert scan.unstable == ["a.jpg"]
    assert [it.path for it in scan.files] == ["b.jpg"]
    assert scan.signature != summarise(walk(tmp_path, depth=3))["."].signature

    later = look(tmp_path, remembered(scan), now_ns=NOW + 10 * SECOND)
    assert later.unstable == []
    assert later.signature == summarise(walk(tmp_path, depth=3))["."].signature


def test_a_date_far_in_the_future_does_not_wait_for_ever(tmp_path):
    put(tmp_path, "a.jpg", age=-1e8)
    assert look(tmp_path).unstable == []


def test_a_known_file_that_is_being_overwritten_is_neither_new_nor_gone(tmp_path):
    put(tmp_path, "a.jpg")
    known = remembered(look(tmp_path))
    put(tmp_path, "a.jpg", JPEG + b"half", age=0)
    scan = look(tmp_path, known)
    assert (scan.files, scan.gone, scan.unstable) == ([], [], ["a.jpg"])


def test_a_file_that_grows_while_it_is_read_waits(tmp_path, monkeypatch):
    put(tmp_path, "a.jpg")

    def growing(path, is_wanted):
        raise FileChangedError(path)

    monkeypatch.setattr(scanning, "hash_if", growing)
    assert look(tmp_path).unstable == ["a.jpg"]


def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path, monkeypatch):
    put(tmp_path, "a.jpg")
    put(tmp_path, "b.jpg")

    def refuse(path, is_wanted):
        if path.name == "a.jpg":
            raise PermissionError(13, "Permission denied")
        return hash_if(path, is_wanted)

    monkeypatch.setattr(scanning, "hash_if", refuse)
    scan = look(tmp_path)
    assert scan.unreadable == [("a.jpg", "Permission denied")]
    assert [it.path for it in scan.files] == ["b.jpg"]


def test_a_share_that_goes_away_while_reading_makes_the_folder_unreachable(
    tmp_path, monkeypatch
):
    put(tmp_path, "a.jpg")

    def stale(path, is_wanted):
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(scanning, "hash_if", stale)
    with pytest.raises(FolderUnreachableError, match="Stale"):
        look(tmp_path)


def test_a_library_renamed_away_while_scanning_loses_nothing(tmp_path, monkeypatch):
    root = tmp_path / "library"
    for number in range(3):
        put(root, f"{number}.jpg", JPEG + bytes([number]))
    known = remembered(look(root))
    put(root, "new.jpg", JPEG + b"new")

    def vanish(path, is_wanted):
        root.rename(tmp_path / "elsewhere")
        return hash_if(path, is_wanted)

    monkeypatch.setattr(scanning, "hash_if", vanish)
    with pytest.raises(FolderUnreachableError):
        look(root, known)


def test_few_vanished_files_are_gone(tmp_path):
    for number in range(12):
        put(tmp_path, f"{number}.jpg", JPEG + bytes([number]))
    known = remembered(look(tmp_path))
    for number in range(10):
        (tmp_path / f"{number}.jpg").unlink()
    assert len(look(tmp_path, known).gone) == 10


def test_many_vanished_files_are_a_fault_unless_they_moved(tmp_path):
    for number in range(50):
        put(tmp_path, f"{number}.jpg", JPEG + bytes([number]))
    known = remembered(look(tmp_path))
    lost = [f"{number}.jpg" for number in range(11)]
    for name in lost[:10]:
        (tmp_path / name).unlink()
    assert len(look(tmp_path, known).gone) == 10
    (tmp_path / lost[10]).unlink()

    with pytest.raises(FolderUnreachableError, match="11 of 50"):
        look(tmp_path, known)
    assert look(tmp_path, known, moved=lost).gone == sorted(lost)


def test_a_rename_of_all_files_is_no_loss(tmp_path):
    for number in range(20):
        put(tmp_path, f"{number}.jpg", JPEG + bytes([number]))
    known = remembered(look(tmp_path))
    for number in range(20):
        (tmp_path / f"{number}.jpg").rename(tmp_path / f"beach {number}.jpg")
    scan = look(tmp_path, known)
    assert len(scan.gone) == len(scan.files) == 20


@pytest.mark.parametrize("count", [3, 30])
def test_an_empty_mount_is_no_deletion_however_few_the_files(tmp_path, count):
    for number in range(count):
        put(tmp_path, f"2019/{number}.jpg", JPEG + bytes([number]))
    known = remembered(look(tmp_path, folder="2019"))
    shutil.rmtree(tmp_path / "2019")
    with pytest.raises(FolderUnreachableError):
        look(tmp_path, known, folder="2019")


def test_a_small_folder_that_was_deleted_is_gone(tmp_path):
    put(tmp_path, "2019/a.jpg")
    put(tmp_path, "2020/b.jpg")
    known = remembered(look(tmp_path, folder="2019"))
    shutil.rmtree(tmp_path / "2019")
    assert look(tmp_path, known, folder="2019").gone == ["2019/a.jpg"]


def test_ids_are_derived_and_stay_the_same():
    """Rows are found again by them, so they may never change."""
    assert file_id("photos", "a.jpg") == file_id("photos", "a.jpg")
    assert file_id("photos", "a.jpg") != file_id("other", "a.jpg")
    assert (
        str(file_id("photos", "2019/a.jpg")) == "09d2fa66-3924-8133-89e6-6f9cd63b9415"
    )
    assert str(image_id("ab" * 32)) == "6c61c75a-1db4-8c90-a53e-1e8662c04f6d"
    assert file_id("photos", "a.jpg").version == 8


def test_the_real_library_is_inventoried_whole_and_left_as_it_was(media):
    root = media / "library"
    before = {it: it.stat().st_mtime_ns for it in root.rglob("*")}
    files = [
        found
        for folder, summary in summarise(walk(root, depth=3)).items()
        for found in look(root, folder=folder).files
        if summary
    ]
    assert len(files) == 414
    assert [it.path for it in files if it.role == "other"] == ["Formats/agpl.svg"]
    assert {it.path for it in files if it.role != "other" and it.format is None} == {
        "2015/Sync folder/2018-04-12 19_24_49.mov",
        "_Inbox/broken/archive.heic",
        "_Inbox/broken/empty.jpg",
        "_Inbox/broken/notes.jpg",
        "_Inbox/broken/scan0001.jpg",
        "_Inbox/broken/ukbench09268_corrupt.jpg",
    }
    assert {
        it.path: it.claimed_format for it in files if it.format and it.claimed_format
    } == {
        "Mixed/2019 misc/this-is-a-jpeg.png": "png",
        "_Inbox/broken/wrong.heic": "heic",
    }
    assert before == {it: it.stat().st_mtime_ns for it in root.rglob("*")}
