"""Libraries come and go; what a person said stays."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.db.admin.purge import purge
from home_media_pipelines.db.admin.remove_library import remove_library
from home_media_pipelines.db.errors import LibraryError
from home_media_pipelines.db.tables.inventory import libraries
from tests.builders import (
    NOW,
    add_exif,
    add_folder,
    add_thumbnails,
    content,
    first_image_id,
    image_of,
    regroup,
    rescan,
)


def test_a_library_is_added_once_and_keeps_odd_roots(conn: psycopg.Connection) -> None:
    root = Path("/mnt/nas, old/100%\n")
    added = libraries.add(conn, "photos", root)
    assert libraries.add(conn, "photos", root) == added
    assert added.path == root
    assert libraries.known_files(conn, "photos") == 0


@pytest.mark.parametrize(
    ("name", "root", "why"),
    [
        ("Photos", "/x", "lower-case"),
        ("photos", "/y", "already the name"),
        ("more", "/mnt/photos/2024", "overlaps"),
        ("more", "/mnt", "overlaps"),
        ("more", "x", "not absolute"),
    ],
)
def test_a_library_that_would_confuse_is_refused(
    conn: psycopg.Connection, name: str, root: str, why: str
) -> None:
    libraries.add(conn, "photos", Path("/mnt/photos"))
    with pytest.raises(LibraryError, match=why):
        libraries.add(conn, name, Path(root))


def test_a_removed_library_leaves_what_another_one_holds(
    conn: psycopg.Connection,
) -> None:
    one, two = add_folder(conn, "a", "one"), add_folder(conn, "a", "two")
    for folder in (one, two):
        rescan(conn, folder, {"both.jpg": "both", f"{folder[7:10]}.jpg": folder})
        regroup(conn, folder)
    conn.execute(
        "insert into curation.events (image_id, field, value, said_by)"
        " select image_id, 'title', '\"said\"', 'a test' from images"
    )
    remove_library(conn, "one", now=NOW)
    left = conn.execute("select distinct folder from images").fetchall()
    assert left == [(two,)]
    assert image_of(conn, "a/both.jpg", "two") == first_image_id("both")
    assert conn.execute("select count(*) from curation.events").fetchone() == (3,)
    with pytest.raises(LibraryError, match="not known"):
        remove_library(conn, "one", now=NOW)


def test_a_purge_forgets_what_is_gone_and_nothing_that_was_said(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"})
    regroup(conn, beach)
    for word in "xy":
        add_exif(conn, content(word), Metadata())
        add_thumbnails(conn, content(word))
    conn.execute(
        "insert into curation.events (image_id, field, value, said_by)"
        " values (%s, 'title', '\"said\"', 'a test')",
        [image_of(conn, "beach/a.jpg")],
    )
    rescan(conn, beach, {"b.jpg": "y"})
    regroup(conn, beach)
    kept = purge(conn, before=NOW - timedelta(days=1), now=NOW)
    assert (kept.files, kept.images, kept.contents) == (0, 0, [])
    gone = purge(conn, before=NOW + timedelta(days=1), now=NOW)
    assert (gone.files, gone.images, gone.contents) == (1, 1, [content("x")])
    assert conn.execute("select content_id from exif").fetchall() == [(content("y"),)]
    rescan(conn, beach, {"b.jpg": "y", "c.jpg": "x"})
    regroup(conn, beach)
    said = conn.execute("select name from gallery.images where title = 'said'")
    assert said.fetchall() == [("c.jpg",)]


def test_a_purge_forgets_vanished_folders_only_when_they_are_empty(
    conn: psycopg.Connection,
) -> None:
    for name in ("empty", "full"):
        folder = add_folder(conn, name)
        rescan(conn, folder, {"a.jpg": name})
        regroup(conn, folder)
    conn.execute("update folders set state = 'vanished'")
    rescan(conn, "photos/empty", {})
    regroup(conn, "photos/empty")
    assert purge(conn, before=NOW + timedelta(1), now=NOW).folders == ["photos/empty"]
