"""Walks, what is due after them, and how failing folders are slowed down."""

from datetime import timedelta

import psycopg

from home_media_pipelines.core.inventory.walk import FolderSummary
from home_media_pipelines.db.tables.inventory import files, folders, libraries, walks
from tests.builders import NOW, add_library, mark_scanned, rescan, summary


def walk(conn: psycopg.Connection, **signatures: str) -> walks.WalkChanges:
    seen = [summary(path, signature) for path, signature in signatures.items()]
    return walks.record(conn, "photos", seen, now=NOW)


def due(conn: psycopg.Connection, minutes: float = 0) -> list[str]:
    found = folders.due(conn, now=NOW + timedelta(minutes=minutes))
    return [it.folder for it in found]


def test_a_folder_is_due_until_its_inventory_is_what_the_walk_saw(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    assert walk(conn, a="1", b="1").new == ["photos/a", "photos/b"]
    mark_scanned(conn, "photos/a")
    assert due(conn) == ["photos/b"]
    mark_scanned(conn, "photos/b")
    assert walk(conn, a="1", b="1").unchanged == 2
    assert due(conn) == []
    assert walk(conn, a="2", b="1", c="1").changed == ["photos/a"]
    assert due(conn) == ["photos/c", "photos/a"]  # new ones first


def test_a_scan_that_saw_more_than_the_walk_leaves_nothing_due(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    walk(conn, a="1")
    folders.mark_scanned(conn, "photos/a", "2", walked="1", now=NOW)
    assert due(conn) == []
    walk(conn, a="3")
    folders.mark_scanned(conn, "photos/a", "4", walked="2", now=NOW)
    assert due(conn) == ["photos/a"]  # a walk came in between


def test_a_vanished_folder_is_due_while_its_files_count_as_present(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    walk(conn, a="1", b="1")
    rescan(conn, "photos/a", {"x.jpg": "x"})
    mark_scanned(conn, "photos/a")
    mark_scanned(conn, "photos/b")
    assert walk(conn, b="1").vanished == ["photos/a"]
    assert walk(conn, b="1").vanished == []
    assert [(it.folder, it.state) for it in folders.due(conn, now=NOW)] == [
        ("photos/a", "vanished")
    ]
    lost = files.lose(conn, "photos/a", exists=lambda *_: False, now=NOW)
    assert lost.missing == 1
    assert due(conn) == []
    assert walk(conn, a="1", b="1").returned == ["photos/a"]
    assert due(conn) == ["photos/a"]


def test_what_lies_below_an_unreadable_folder_has_not_vanished(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    seen = [summary("a"), summary("a/b"), summary("ab")]
    walks.record(conn, "photos", seen, now=NOW)
    shut = FolderSummary("a", "9", 0, (), "permission denied")
    changes = walks.record(conn, "photos", [shut], now=NOW)
    assert changes.unreadable == ["photos/a", "photos/a/b"]
    assert changes.vanished == ["photos/ab"]
    states = conn.execute("select state, reason from folders order by folder")
    assert states.fetchall() == [
        ("unreachable", "permission denied"),
        ("unreachable", "a folder above it cannot be listed"),
        ("vanished", None),
    ]
    walks.record(conn, "photos", seen, now=NOW)
    states = conn.execute("select distinct signature from folders").fetchall()
    assert states == [("1",)]


def test_a_failing_folder_waits_longer_each_time_and_starts_afresh_when_it_changes(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    walk(conn, a="1")
    folders.mark_failed(conn, "photos/a", "no", now=NOW)
    assert (due(conn, 0.9), due(conn, 1)) == ([], ["photos/a"])
    folders.mark_unreachable(conn, "photos/a", "no", now=NOW)
    assert (due(conn, 1.9), due(conn, 2)) == ([], ["photos/a"])
    for _ in range(folders.MAX_ATTEMPTS):
        folders.mark_failed(conn, "photos/a", "no", now=NOW)
    assert due(conn, 10_000) == []  # not for ever
    walk(conn, a="1")
    assert due(conn) == []
    walk(conn, a="2")
    assert due(conn) == ["photos/a"]


def test_an_unreachable_folder_recovers_when_its_files_are_back(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    walk(conn, a="1")
    mark_scanned(conn, "photos/a")
    walk(conn, a="empty")
    folders.mark_unreachable(conn, "photos/a", "90 of 100 disappeared", now=NOW)
    walk(conn, a="empty")
    state = "select state from folders"
    assert conn.execute(state).fetchone() == ("unreachable",)
    walk(conn, a="1")
    assert conn.execute(state).fetchone() == ("reachable",)
    assert due(conn) == []


def test_a_walk_does_not_forget_why_a_folder_failed(conn: psycopg.Connection) -> None:
    """Its files are read: what failed came after."""
    add_library(conn)
    walk(conn, a="1")
    mark_scanned(conn, "photos/a")
    folders.mark_failed(conn, "photos/a", "no space left", now=NOW)
    walk(conn, a="1")
    found = conn.execute("select state, reason from folders").fetchall()
    assert found == [("reachable", "no space left")]


def test_nothing_is_due_in_a_library_that_cannot_be_reached(
    conn: psycopg.Connection,
) -> None:
    add_library(conn)
    walk(conn, a="1")
    libraries.set_unreachable(conn, "photos", "not mounted", now=NOW)
    assert due(conn) == []
