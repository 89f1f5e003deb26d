"""Images of several folders: what is beside a copy counts, wherever it lies."""

from pathlib import Path

import psycopg
import pytest

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.db.admin.status import row_check
from home_media_pipelines.db.migrations import MIGRATIONS
from home_media_pipelines.defs.ingest.images import group_images
from home_media_pipelines.defs.resources import Database, HomeClock
from tests.builders import (
    add_exif,
    add_folder,
    add_library,
    content,
    image_of,
    regroup,
    rescan,
)

A, B = "photos/a", "photos/b"
CLOCK = HomeClock(timezone="Europe/Berlin")


@pytest.fixture
def database(database_url: str, conn: psycopg.Connection) -> Database:
    return Database(url=database_url)


def lay(conn: psycopg.Connection, folder: str, files: dict[str, str | None]) -> None:
    """Files by name, each with a title it says; the picture's are all of the same."""
    library, _, path = folder.partition("/")
    add_folder(conn, path, library)
    words = {name: title or "picture" for name, title in files.items()}
    rescan(conn, folder, words)
    for title in files.values():
        if title:
            add_exif(conn, content(title), Metadata(title=title, keywords=[title]))
    conn.commit()


def said(conn: psycopg.Connection, field: str = "title") -> list[tuple[str, str]]:
    """Value and source of every image."""
    return conn.execute(
        f"select {field}, sources ->> %s from gallery.images order by 1",  # pyright: ignore[reportArgumentType]
        [field],
    ).fetchall()


def test_sidecars_of_equal_pictures_in_one_folder_all_count(database, conn):
    """None is lost, and the value says whose it is."""
    lay(conn, A, {"1.jpg": None, "1.xmp": None, "1 (2).jpg": None, "1 (2).xmp": "two"})
    add_exif(conn, content("picture"), Metadata(rating=4))
    conn.commit()
    group_images(database, CLOCK, [A])
    assert said(conn) == [("two", "sidecar:1 (2).xmp")]
    parts = conn.execute("select name, part from gallery.files order by 1").fetchall()
    assert parts == [
        ("1 (2).jpg", "copy"),
        ("1 (2).xmp", "sidecar"),
        ("1.jpg", "primary"),
        ("1.xmp", "sidecar"),
    ]


@pytest.mark.parametrize("order", [[A, B], [B, A]])
def test_a_sidecar_beside_a_copy_in_another_folder_counts(database, conn, order):
    lay(conn, A, {"1.jpg": None})
    lay(conn, B, {"old.jpg": None, "old.xmp": "theirs"})
    group_images(database, CLOCK, order)
    assert said(conn) == [("theirs", "sidecar:b/old.xmp")]


def test_the_nearest_of_several_sidecars_counts(database, conn):
    lay(conn, A, {"1.jpg": None, "1.xmp": "ours"})
    lay(conn, B, {"1.jpg": None, "1.xmp": "theirs"})
    group_images(database, CLOCK, [A, B])
    assert said(conn) == [("ours", "sidecar:1.xmp")]


def test_what_changes_beside_a_copy_is_followed(database, conn):
    """When it is written, changed and taken away, by a run of its folder alone."""
    lay(conn, A, {"1.jpg": None})
    group_images(database, CLOCK, [A])
    for title in ("first", "second"):
        lay(conn, B, {"1.jpg": None, "1.xmp": title})
        group_images(database, CLOCK, [B])
        assert said(conn) == [(title, "sidecar:b/1.xmp")]
        conn.rollback()
    lay(conn, B, {"1.jpg": None})
    group_images(database, CLOCK, [B])
    assert said(conn) == [(None, None)]


def test_a_sidecar_in_another_library_says_which(database, conn):
    add_library(conn, "usb")
    lay(conn, A, {"1.jpg": None})
    lay(conn, "usb/x", {"1.jpg": None, "1.xmp": "theirs"})
    group_images(database, CLOCK, ["usb/x", A])
    assert said(conn) == [("theirs", "sidecar:usb/x/1.xmp")]


def test_helper_files_of_an_older_version_stop_being_images(database, conn):
    """Without reading a file: the migration goes by name, grouping does the rest."""
    names = ["MVI_1.mov", "MVI_1.THM", "MVI_1.LRV", "a.jpg", "a.jpg_original"]
    names += ["b.jpg.part", "a.jpg~", "c.jpg.crdownload"]
    add_folder(conn, "a")
    rescan(conn, A, {name: name for name in names})
    conn.execute("update files set format = 'mp4', role = 'video' where name ~ 'LRV'")
    for name in names:
        add_exif(conn, content(name), Metadata(title=name))
    regroup(conn, A)
    film, shown = image_of(conn, "a/MVI_1.mov"), image_of(conn, "a/a.jpg")
    script = Path(MIGRATIONS, "versions", "0008_helper_files.sql")
    conn.execute(script.read_text().encode())
    conn.commit()
    group_images(database, CLOCK, [A])
    rows = conn.execute("select image_id, name from gallery.images order by name")
    assert rows.fetchall() == [(film, "MVI_1.mov"), (shown, "a.jpg")]
    parts = conn.execute(
        "select name, part from gallery.files where part = 'sidecar' order by 1"
    )
    assert parts.fetchall() == [("MVI_1.LRV", "sidecar"), ("MVI_1.THM", "sidecar")]
    checked = row_check(conn, [A])
    assert checked.files_without_image == checked.images_without_file == 0
