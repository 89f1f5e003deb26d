"""What waits for networks is kept: right after every change, and free without one."""

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest

from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.inventory.problems import of_content
from home_media_pipelines.db.tables.pictures import thumbnails
from home_media_pipelines.db.tables.vision import analyses, backlog, producers
from tests.builders import NOW, add_file, add_image, content, producer
from tests.db.seen import add_detections, add_masks, maker

A, B, C = (content(name) for name in ("beach/a.jpg", "beach/b.jpg", "snow/c.jpg"))

Wanted = dict[str, str]


@pytest.fixture
def wanted(conn: psycopg.Connection) -> Wanted:
    """Two folders of which one picture has been looked at; the backlog is kept."""
    for number, path in enumerate(["beach/a.jpg", "beach/b.jpg", "snow/c.jpg"]):
        add_image(conn, path, taken_at=datetime(2020 + number, 1, 1))
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    add_detections(conn, seen, {A: ["dog"]})
    found = {"detections": seen, "masks": drawn}
    assert len(backlog.due_folders(conn, found)) == 2
    conn.commit()
    return found


def counted_anew(conn: psycopg.Connection, wanted: Wanted) -> list[tuple[object, ...]]:
    """The whole backlog, by looking at every image."""
    rows = conn.execute(
        """
        select w.producer_id, c.folder, count(distinct c.content_id),
               max(c.timeline_at)
          from unnest(%(assets)s::text[], %(ids)s::text[]) w (asset, producer_id),
               waiting_contents(w.asset, w.producer_id, 3) c
         group by 1, 2 order by 1, 2
        """,
        {"assets": list(wanted), "ids": list(wanted.values())},
    )
    return rows.fetchall()


def coverage_anew(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    """How far everybody is, by looking at every image."""
    rows = conn.execute(
        """
        select p.asset, p.producer_id, sum(contents), sum(done), sum(failed)
          from looking_producers p, coverage_of(p.asset, p.producer_id)
         group by 1, 2 order by 1
        """
    )
    return rows.fetchall()


def coverage(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    rows = conn.execute(
        """
        select asset, producer_id, contents, done, failed from gallery.coverage
         order by asset
        """
    )
    return rows.fetchall()


def kept(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    return conn.execute("select * from backlog order by 1, 2").fetchall()


def fail(conn: psycopg.Connection, wanted: Wanted) -> None:
    bad = [of_content(B, "no picture", permanent=True)]
    problems.record(conn, "detections", bad, producer_id=wanted["detections"], now=NOW)


def fail_thrice(conn: psycopg.Connection, wanted: Wanted) -> None:
    """Each try is a change of the same row; the third is the last."""
    bad = [of_content(B, "out of memory", permanent=False)]
    for _ in range(3):
        seen = wanted["detections"]
        problems.record(conn, "detections", bad, producer_id=seen, now=NOW)
        backlog.due_folders(conn, wanted)


CHANGES: dict[str, Callable[[psycopg.Connection, Wanted], object]] = {
    "an image came": lambda conn, _: add_image(conn, "snow/d.jpg"),
    "an image went": lambda conn, _: conn.execute(
        "update images set missing_since = now() where content_id = %s", [C]
    ),
    "an image was deleted": lambda conn, _: conn.execute(
        "delete from images where content_id = %s", [C]
    ),
    "an image moved": lambda conn, _: conn.execute(
        "update images set folder = 'photos/beach' where content_id = %s", [C]
    ),
    "an image was dated": lambda conn, _: conn.execute(
        "update images set timeline_at = '2024-01-01' where content_id = %s", [C]
    ),
    "a network looked": lambda conn, wanted: add_detections(
        conn, wanted["detections"], {B: [], C: ["cat"]}
    ),
    "the next network looked": lambda conn, wanted: add_masks(
        conn, wanted["masks"], {A: []}
    ),
    "what was seen is forgotten": lambda conn, wanted: analyses.forget(
        conn, wanted["detections"], [A]
    ),
    "a network failed": fail,
    "a network failed too often": fail_thrice,
    "thumbnails are lost": lambda conn, _: thumbnails.forget(conn, [C]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_backlog_is_that_of_a_look_at_everything(
    conn: psycopg.Connection, wanted: Wanted, change: str
) -> None:
    before = kept(conn)
    CHANGES[change](conn, wanted)
    assert coverage(conn) == coverage_anew(conn)
    backlog.due_folders(conn, wanted)
    assert kept(conn) == counted_anew(conn, wanted) != before
    assert coverage(conn) == coverage_anew(conn)


def test_what_failed_waits_again_once_its_problem_is_forgotten(
    conn: psycopg.Connection, wanted: Wanted
) -> None:
    before = kept(conn)
    fail(conn, wanted)
    backlog.due_folders(conn, wanted)
    assert kept(conn) != before
    problems.clear(conn, "detections", [B])
    backlog.due_folders(conn, wanted)
    assert kept(conn) == before


def test_nothing_is_looked_at_while_nothing_changes(
    conn: psycopg.Connection, wanted: Wanted
) -> None:
    """It is asked twice a minute, whether anybody took a picture or not."""
    before = backlog.due_folders(conn, wanted)
    for looking in ("waiting_contents", "coverage_of"):
        conn.execute(f"alter function {looking} rename to {looking}_no_more")  # pyright: ignore[reportArgumentType]
    assert backlog.due_folders(conn, wanted) == before


def test_only_folders_that_changed_are_looked_at(
    conn: psycopg.Connection, wanted: Wanted
) -> None:
    conn.execute("update backlog set contents = 99 where folder = 'photos/snow'")
    add_detections(conn, wanted["detections"], {B: []})
    found = {it.folder: it.contents for it in backlog.due_folders(conn, wanted)}
    assert found == {"photos/beach": 2, "photos/snow": 99}


def test_what_is_committed_meanwhile_is_seen_the_next_time(
    conn: psycopg.Connection, wanted: Wanted, database_url: str
) -> None:
    with psycopg.connect(database_url) as writer:
        add_detections(writer, wanted["detections"], {C: []})
        backlog.due_folders(conn, wanted)
        conn.commit()
        before = kept(conn)
        writer.commit()
    backlog.due_folders(conn, wanted)
    assert kept(conn) == counted_anew(conn, wanted) != before


def test_the_backlog_of_a_former_network_goes(
    conn: psycopg.Connection, wanted: Wanted
) -> None:
    for model in "bc":
        newest = producers.set_target(conn, maker("detections", model))
        backlog.due_folders(conn, {"detections": newest})
    found = conn.execute("select producer_id from backlog_producers")
    assert {producer_id for (producer_id,) in found} == {*wanted.values(), newest}


def test_counts_of_folders_follow_images_and_files(conn: psycopg.Connection) -> None:
    """They are kept by differences; every way to change one is tried."""
    add_image(conn, "beach/a.jpg")
    add_image(conn, "beach/b.jpg")
    add_file(conn, "beach/b.xmp")
    add_file(conn, "snow/notes.txt")
    producer(conn, "images")
    for change in (
        "update files set role = 'other' where name = 'notes.txt'",
        "update images set folder = 'photos/snow' where names = '{a.jpg}'",
        "update files set missing_since = now() where name = 'b.jpg'",
        "update images set missing_since = now() where names = '{b.jpg}'",
        "update files set missing_since = null",
        "update files set folder = 'photos/snow' where name = 'b.xmp'",
        "delete from images where missing_since is not null",
        "delete from files where name = 'a.jpg'",
    ):
        changed = conn.execute(change)  # pyright: ignore[reportArgumentType]
        assert changed.rowcount > 0, change
        rows = conn.execute(
            """
            select o.folder, coalesce(sum(s.images), 0), coalesce(sum(s.files), 0),
                   (select count(*) from images i
                     where i.folder = o.folder and i.missing_since is null),
                   (select count(*) from files f where f.folder = o.folder
                       and f.missing_since is null and f.role <> 'other')
              from folders o left join folder_sums s using (folder)
             group by o.folder order by o.folder
            """
        ).fetchall()
        assert [it[1:3] for it in rows] == [it[3:5] for it in rows], change
