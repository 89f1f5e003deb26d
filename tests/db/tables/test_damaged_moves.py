"""A damaged file that is moved is still that file, and still damaged."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from home_media_pipelines.core.inventory.integrity import read_again
from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.db.tables.inventory import damage, files, integrity
from home_media_pipelines.db.tables.inventory.integrity import Step
from home_media_pipelines.db.tables.pictures import thumbnails
from tests.builders import (
    NOW,
    add_folder,
    add_library,
    add_thumbnails,
    image_of,
    producer,
    regroup,
)
from tests.core.inventory.test_integrity import rot

HELD = "select path, content_id from files where missing_since is null order by path"


@pytest.fixture
def root(conn: psycopg.Connection, tmp_path: Path) -> Path:
    """A library with pictures in two folders, known and grouped."""
    root = tmp_path / "photos"
    add_library(conn, "photos", root)
    for number, path in enumerate(("a/1.jpg", "a/2.jpg", "b/3.jpg")):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"\xff\xd8\xff" + path.encode() + bytes(600_000))
        os.utime(root / path, ns=(0, (1_600_000_000 + number) * 10**9))
    return root


@pytest.fixture
def look(conn: psycopg.Connection, root: Path) -> Callable[..., None]:
    """Scan folders as the asset does, and group them."""

    def exists(library: str, path: str) -> bool:
        return os.path.lexists(root / path)

    def scan(*folders: str) -> None:
        for folder in folders:
            key = add_folder(conn, folder)
            known = files.known(conn, key)
            found = scan_folder(
                root, folder, known, depth=3, now_ns=2**62, debounce_ns=0
            )
            files.merge(conn, "photos", key, found, exists=exists, now=NOW)
            regroup(conn, key)

    scan("a", "b")
    return scan


@pytest.fixture
def audit(conn: psycopg.Connection, root: Path) -> Callable[[], None]:
    """Read every file again, as the asset does."""

    def read() -> None:
        now = datetime.now(UTC)
        for folder in ("photos/a", "photos/b"):
            due = integrity.due(conn, Step(folder, now))
            read = [(it, read_again(root / it.path, it.recorded)) for it in due]
            integrity.store(conn, read, now=now)

    return read


@pytest.fixture
def rotten(conn, root, look, audit) -> Path:
    """`a/1.jpg`, known as damaged, with a title that a person gave it."""
    rot(root / "a/1.jpg")
    audit()
    image = image_of(conn, "a/1.jpg")
    conn.execute(
        """
        insert into curation.events (image_id, field, value, said_by)
        values (%s, 'title', '"Zoey"', 'test')
        """,
        [image],
    )
    return root / "a/1.jpg"


def told(conn: psycopg.Connection) -> list[str]:
    return [it.path for it in damage.list_all(conn)]


def titles(conn: psycopg.Connection) -> dict[str, str | None]:
    rows = conn.execute(
        """
        select f.path, i.title from gallery.images i join gallery.files f
         using (image_id) where f.missing_since is null and f.part = 'primary'
        """
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize(
    ("to", "order", "touched"),
    [
        ("a/renamed.jpg", "a", False),
        ("a/2.jpg", "a", False),
        ("b/1.jpg", "ab", False),
        ("b/other.jpg", "ba", False),
        ("b/other.jpg", "ab", True),
        ("a/1.jpg", "a", True),
    ],
)
def test_a_damaged_file_keeps_image_edits_and_damage_wherever_it_goes(
    conn, root, look, rotten, to, order, touched
):
    """Its rotten bytes must never pass for a new picture."""
    image, contents = image_of(conn, "a/1.jpg"), dict(conn.execute(HELD).fetchall())
    (was,) = damage.list_all(conn)
    rotten.rename(root / to)
    if touched:
        os.utime(root / to)

    look(*order)

    (now,) = damage.list_all(conn)
    held = dict(conn.execute(HELD).fetchall())
    assert held[to] == contents["a/1.jpg"]
    assert set(held.values()) <= set(contents.values())
    assert image_of(conn, to) == image
    assert titles(conn)[to] == "Zoey"
    assert (now.path, now.content_id, now.found) == (to, was.content_id, was.found)
    assert (now.damaged_at, now.reason) == (was.damaged_at, was.reason)


def test_nothing_is_derived_from_a_moved_damaged_file(conn, root, look, rotten):
    """A new thumbnail of it would take the place of the good one."""
    for (content_id,) in conn.execute("select content_id from files").fetchall():
        add_thumbnails(conn, content_id)
    rotten.rename(root / "b" / "1.jpg")
    look("a", "b")
    made = producer(conn, "thumbnails")
    assert thumbnails.pending(conn, ["photos/a", "photos/b"], made) == []
    conn.execute("delete from thumbnails")
    waiting = thumbnails.pending(conn, ["photos/a", "photos/b"], made)
    assert sorted(it.path for it in waiting) == ["a/2.jpg", "b/3.jpg"]


def test_a_copy_of_a_damaged_file_is_damaged_too(conn, root, look, audit, rotten):
    copy = root / "b" / "copy.jpg"
    copy.write_bytes(rotten.read_bytes())
    look("b")
    assert told(conn) == ["a/1.jpg", "b/copy.jpg"]
    assert image_of(conn, "b/copy.jpg") == image_of(conn, "a/1.jpg")
    audit()
    assert told(conn) == ["a/1.jpg", "b/copy.jpg"]


def test_files_that_lost_all_bytes_are_told_apart_by_their_names(
    conn, root, look, audit
):
    """A crashed file system leaves zeros: the same bytes for many pictures."""
    contents = dict(conn.execute(HELD).fetchall())
    for path in ("a/1.jpg", "a/2.jpg"):
        before = (root / path).stat()
        (root / path).write_bytes(bytes(before.st_size))
        os.utime(root / path, ns=(0, before.st_mtime_ns))
    audit()
    for name in ("1.jpg", "2.jpg"):
        (root / "a" / name).rename(root / "b" / name)
    look("b", "a")
    held = dict(conn.execute(HELD).fetchall())
    assert held == {
        "b/1.jpg": contents["a/1.jpg"],
        "b/2.jpg": contents["a/2.jpg"],
        "b/3.jpg": contents["b/3.jpg"],
    }
    assert told(conn) == ["b/1.jpg", "b/2.jpg"]


@pytest.mark.parametrize("back", ["a/1.jpg", "a/restored.jpg", "b/1.jpg"])
def test_a_file_that_was_brought_back_is_well_once_it_is_scanned(
    conn, root, look, rotten, back
):
    """From a backup that keeps times, under its own name or another."""
    image = image_of(conn, "a/1.jpg")
    rot(rotten)  # the same bit a second time: as it was
    good = rotten.rename(root / "good")
    look("a")
    good.rename(root / back)
    look("a", "b")
    assert told(conn) == []
    assert image_of(conn, back) == image
    assert titles(conn)[back] == "Zoey"


def test_the_rotten_file_is_told_from_the_one_that_was_brought_back_beside_it(
    conn, root, look, rotten
):
    image, good = image_of(conn, "a/1.jpg"), root / "a" / "0 good.jpg"
    good.write_bytes(rotten.read_bytes())
    rot(good)
    rotten.rename(root / "a" / "9 rotten.jpg")
    look("a")
    assert told(conn) == ["a/9 rotten.jpg"]
    assert {image_of(conn, it) for it in ("a/0 good.jpg", "a/9 rotten.jpg")} == {image}


def test_what_a_person_accepted_is_no_damage_under_any_name(
    conn, root, look, audit, rotten
):
    (root / "b" / "copy.jpg").write_bytes(rotten.read_bytes())
    look("b")
    damage.accept(conn, damage.list_all(conn)[:1])
    rotten.rename(root / "a" / "edited.jpg")
    look("a", "b")
    audit()
    assert told(conn) == []
    held = dict(conn.execute(HELD).fetchall())
    assert held["a/edited.jpg"] == held["b/copy.jpg"]


def test_the_bytes_of_another_healthy_file_are_no_damage(conn, root, look, audit):
    """A tool wrote one picture over another and put the time back; both move on."""
    before = (root / "a/1.jpg").stat()
    (root / "a/1.jpg").write_bytes((root / "b/3.jpg").read_bytes())
    os.utime(root / "a/1.jpg", ns=(0, before.st_mtime_ns))
    audit()
    image = image_of(conn, "b/3.jpg")
    (root / "b/3.jpg").rename(root / "b/moved.jpg")
    look("b")
    assert told(conn) == ["a/1.jpg"]
    assert image_of(conn, "b/moved.jpg") == image


def test_many_damaged_files_renamed_at_once_are_not_a_lost_share(
    conn, root, look, audit
):
    for number in range(12):
        path = root / "a" / f"many{number}.jpg"
        path.write_bytes(b"\xff\xd8\xff" + bytes([number]) + bytes(500_100))
        os.utime(path, ns=(0, 1_600_000_000 * 10**9))
    look("a")
    for number in range(12):
        rot(root / "a" / f"many{number}.jpg")
    audit()
    for number in range(12):
        path = root / "a" / f"many{number}.jpg"
        path.rename(path.with_name(f"new{number}.jpg"))
    look("a")
    assert sorted(told(conn)) == sorted(f"a/new{number}.jpg" for number in range(12))
