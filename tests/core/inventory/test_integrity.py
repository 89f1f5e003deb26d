"""A second reading: intact, damaged, changed by somebody, unreadable for now."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_media_pipelines.core.errors import FolderUnreachableError
from home_media_pipelines.core.inventory import integrity
from home_media_pipelines.core.inventory.hashing import hash_file
from home_media_pipelines.core.inventory.integrity import Recorded, Verdict, read_again


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(bytes(range(256)) * 4096)
    os.utime(path, ns=(0, 1_600_000_000 * 10**9))
    return path


def recorded(path: Path, intact_at: datetime | None = None) -> Recorded:
    found = hash_file(path)
    return Recorded(found.content_id, found.size, found.mtime_ns, intact_at)


def rot(path: Path) -> None:
    """Flip one bit and leave size and time as they are, as a disk would."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(500_000)
        byte = file.read(1)[0]
        file.seek(500_000)
        file.write(bytes([byte ^ 4]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_same_bytes_are_intact(original: Path) -> None:
    assert read_again(original, recorded(original)).verdict is Verdict.INTACT


def test_one_flipped_bit_under_the_same_size_and_time_is_damage(original: Path) -> None:
    known = recorded(original)
    rot(original)
    reading = read_again(original, known)
    assert reading.verdict is Verdict.DAMAGED
    assert reading.found == hash_file(original).content_id


def test_damage_says_whether_anybody_wrote_to_the_file(original: Path) -> None:
    """A tool that puts the time back is no reason to buy a disk."""
    now = datetime.now(UTC)
    known = recorded(original)
    rot(original)
    for intact_at, said in (
        (now + timedelta(days=1), "nothing wrote to it"),
        (now - timedelta(days=1), f"a tool wrote it on {now.date()}"),
    ):
        it = Recorded(known.content_id, known.size, known.mtime_ns, intact_at)
        assert said in (read_again(original, it).reason or "")


@pytest.mark.parametrize("change", ["time", "size", "gone", "link"])
def test_what_somebody_changed_is_for_the_next_scan_to_see(
    original: Path, change: str
) -> None:
    known = recorded(original)
    match change:
        case "time":
            os.utime(original)
        case "size":
            original.write_bytes(b"short")
        case "gone":
            original.unlink()
        case _:
            original.rename(original.with_name("b.jpg"))
            original.symlink_to("b.jpg")
    assert read_again(original, known).verdict is Verdict.CHANGED


def failing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(integrity, "hash_file", fail)


def test_a_bad_sector_is_unreadable_and_not_yet_damage(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = recorded(original)
    failing(monkeypatch, errno.EIO)
    reading = read_again(original, known)
    assert (reading.verdict, reading.reason) == (
        Verdict.UNREADABLE,
        os.strerror(errno.EIO),
    )


def test_a_share_that_goes_away_says_nothing_of_its_files(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = recorded(original)
    failing(monkeypatch, errno.ESTALE)
    with pytest.raises(FolderUnreachableError):
        read_again(original, known)


def test_a_file_that_reads_wrong_only_once_is_not_called_damaged(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A false alarm about a family's pictures costs more than a second reading."""
    known = recorded(original)
    other = original.with_name("b.jpg")
    other.write_bytes(original.read_bytes())
    rot(other)
    os.utime(other, ns=(0, known.mtime_ns))
    answers = iter([hash_file(other), hash_file(original)])
    monkeypatch.setattr(integrity, "hash_file", lambda *_, **__: next(answers))
    reading = read_again(original, known)
    assert reading.verdict is Verdict.UNREADABLE
    assert "right again" in (reading.reason or "")
