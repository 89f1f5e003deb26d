"""Writers that meet take turns: none fails, none waits for one that waits for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from home_media_pipelines.db.admin.purge import purge
from home_media_pipelines.db.admin.remove_library import remove_library
from home_media_pipelines.db.tables.inventory import (
    directories,
    folders,
    libraries,
    walks,
)
from home_media_pipelines.db.tables.taxonomy import counts, taxonomy_links
from home_media_pipelines.db.tables.vision import producers, vector_indexes
from home_media_pipelines.defs.ingest.images import group_images
from home_media_pipelines.defs.ingest.library_scan import walk_library
from home_media_pipelines.defs.resources import Database, HomeClock
from tests.builders import (
    NOW,
    add_folder,
    add_image,
    add_library,
    content,
    producer,
    rescan,
    summary,
)
from tests.db.blocking import until_blocked
from tests.db.seen import add_embeddings, maker, unit


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def test_a_library_may_be_removed_while_it_is_walked(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """The walk had the library's row and wanted the inventory, removing the reverse."""

    def remove() -> None:
        with psycopg.connect(database_url) as conn:
            remove_library(conn, "photos", now=NOW)

    with psycopg.connect(database_url) as conn:
        add_library(conn)
    with psycopg.connect(database_url) as walk:
        libraries.set_reachable(walk, "photos", device=1, mounted=True, now=NOW)
        removing = pool.submit(remove)
        assert until_blocked(database_url, removing)
        directories.replace(walk, "photos", [(".", 1)])
        walks.record(walk, "photos", [summary("beach")], now=NOW)
    removing.result(30)
    with psycopg.connect(database_url) as conn:
        assert libraries.list_all(conn) == []


def test_a_walk_of_a_library_that_is_removed_meanwhile_ends_in_peace(
    database_url: str, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a")
    with psycopg.connect(database_url) as conn:
        library = libraries.add(conn, "photos", tmp_path)
    with psycopg.connect(database_url) as removing:
        remove_library(removing, "photos", now=NOW)
        walking = pool.submit(walk_library, Database(url=database_url), library)
        assert until_blocked(database_url, walking)
    assert walking.result(30) == "it was removed while it was walked"


def test_runs_are_asked_for_while_a_library_is_walked(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """Both write many rows of `folders`, each in an order of its own."""
    with psycopg.connect(database_url) as conn:
        keys = [add_folder(conn, name) for name in ("one", "two")]

    def hand_out() -> None:
        with psycopg.connect(database_url) as conn:
            folders.hand_out(conn, keys, "a batch")

    with psycopg.connect(database_url) as walk:
        libraries.set_reachable(walk, "photos", device=1, mounted=True, now=NOW)
        asking = pool.submit(hand_out)
        assert until_blocked(database_url, asking)
        walks.record(walk, "photos", [summary("two"), summary("one")], now=NOW)
    asking.result(30)


def test_purging_waits_for_counting_with_empty_hands(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """It deleted the folder that counting refers to, and then wanted its counts."""
    with psycopg.connect(database_url) as conn:
        beach = add_folder(conn, "beach")
        made = producer(conn, "detections")
        conn.execute("update folders set state = 'vanished'")
        total = "insert into label_totals values (%s, %s, %s, 1, 1)"
        conn.execute(total, [made, beach, "dog"])
        conn.execute("insert into uncounted_folders values (%s)", [beach])

    def forget() -> list[str]:
        with psycopg.connect(database_url) as conn:
            return purge(conn, before=NOW, now=NOW).folders

    with psycopg.connect(database_url) as counting:
        assert counts.compact(counting) == 1
        purging = pool.submit(forget)
        assert until_blocked(database_url, purging)
        counting.execute(total, [made, beach, "dog"])
    assert purging.result(30) == [beach]


def test_files_that_move_while_their_folder_is_grouped_are_grouped_where_they_are(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """What was read of a folder was not what was there when its images were written."""
    with psycopg.connect(database_url) as conn:
        beach, lake = add_folder(conn, "beach"), add_folder(conn, "lake")
        rescan(conn, beach, {"a.jpg": "a", "b.jpg": "b"})
    database = Database(url=database_url)
    with psycopg.connect(database_url) as moving:
        rescan(moving, lake, {"a.jpg": "a"}, disk=[])
        clock = HomeClock(timezone="UTC")
        grouping = pool.submit(group_images, database, clock, [beach, lake])
        assert until_blocked(database_url, grouping)
    grouping.result(30)
    with psycopg.connect(database_url) as conn:
        shown = conn.execute(
            "select i.folder, f.path from images i join image_files using (image_id)"
            " join files f using (file_id) order by 2"
        ).fetchall()
    assert shown == [(beach, "beach/b.jpg"), (lake, "lake/a.jpg")]


def test_keywords_that_a_person_says_during_a_linking_are_linked_again(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """The linking noted as done what it had read before the person spoke."""
    with psycopg.connect(database_url) as conn:
        add_image(conn, "beach/a.jpg")
        linker = producers.register(conn, maker("taxonomy_links"))

    def say() -> None:
        with psycopg.connect(database_url) as person:
            person.execute(
                """
                insert into curation.events (image_id, field, value, said_by)
                select image_id, 'keywords', '["dog"]', 'a test' from images
                """
            )

    with psycopg.connect(database_url) as linking:
        taxonomy_links.relink(
            linking,
            "photos/beach",
            producer_id=linker,
            detections=None,
            vocabulary=None,
            threshold=0.5,
        )
        saying = pool.submit(say)
        until_blocked(database_url, saying)
    saying.result(30)
    with psycopg.connect(database_url) as conn:
        noted = conn.execute("select content_id from analyses").fetchall()
        assert noted == []
        heard = conn.execute("select keywords from gallery.images").fetchall()
    assert heard == [(["dog"],)]


def test_an_index_that_another_agent_builds_is_left_to_it(
    database_url: str, pool: ThreadPoolExecutor
) -> None:
    """The second took it for what a broken build had left, and dropped it."""
    with psycopg.connect(database_url) as conn:
        made = producers.register(conn, maker("embeddings"))
        vectors = {content("a"): unit(1, 0), content("b"): unit(0, 1)}
        add_embeddings(conn, made, vectors)

    def build(timeout: str = "0") -> bool:
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute("select set_config('lock_timeout', %s, false)", [timeout])
            return vector_indexes.ensure(conn, "embeddings", made, few=1)

    with psycopg.connect(database_url) as writer:
        writer.execute("lock table embeddings in row exclusive mode")
        first = pool.submit(build)
        assert until_blocked(database_url, first)
        assert not build("1s")
        with psycopg.connect(database_url) as pruning:
            assert not vector_indexes.hold(pruning, made)
    assert first.result(60)
    with psycopg.connect(database_url) as conn:
        assert vector_indexes.exists(conn, "embeddings", made)
