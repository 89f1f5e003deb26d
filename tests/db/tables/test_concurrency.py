"""Two runs at once end like one after the other."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.db.tables.exposures import exif
from tests.builders import (
    add_folder,
    add_thumbnails,
    content,
    producer,
    regroup,
    rescan,
)

NAMES = {f"{number}.jpg": str(number) for number in range(60)}


def test_two_passes_over_folders_with_the_same_bytes_agree(database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        folders = [add_folder(conn, name) for name in ("one", "two")]
        made = producer(conn, "exif")
        producer(conn, "images")
        producer(conn, "thumbnails")
    start = Barrier(4)

    def ingest(folder: str, words: Sequence[str]) -> None:
        start.wait(20)
        for _ in range(3):
            with psycopg.connect(database_url) as conn:
                rescan(conn, folder, NAMES)
            with psycopg.connect(database_url) as conn:
                rows = [(content(it), Metadata(title=it)) for it in words]
                exif.upsert(conn, rows, made)
            with psycopg.connect(database_url) as conn:
                regroup(conn, folder)
            with psycopg.connect(database_url) as conn:
                add_thumbnails(conn, content(words[0]))

    words = list(NAMES.values())
    with ThreadPoolExecutor(4) as pool:
        done = [
            pool.submit(ingest, folder, order)
            for folder in folders
            for order in (words, words[::-1])
        ]
        for it in done:
            it.result(60)
    with psycopg.connect(database_url) as conn:
        owners = conn.execute(
            "select folder, count(*), count(distinct content_id) from images group by 1"
        ).fetchall()
        assert owners == [("photos/one", 60, 60)]
        parts = conn.execute(
            "select f.folder, m.part, count(*) from image_files m join files f"
            " using (file_id) group by 1, 2 order by 1"
        ).fetchall()
    assert parts == [("photos/one", "primary", 60), ("photos/two", "copy", 60)]


def test_a_correction_during_a_rebuild_is_not_lost(database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        beach = add_folder(conn, "beach")
        rescan(conn, beach, {"a.jpg": "x"})
        regroup(conn, beach)
    with psycopg.connect(database_url) as person:
        person.execute(
            """
            insert into curation.events (image_id, field, value, said_by)
            select image_id, 'title', '"said"', 'a test' from images
            """
        )
        with ThreadPoolExecutor(1) as pool:

            def rebuild() -> None:
                with psycopg.connect(database_url) as conn:
                    regroup(conn, beach, title="embedded")

            running = pool.submit(rebuild)
            with psycopg.connect(database_url, autocommit=True) as watch:
                waits = "select count(*) from pg_stat_activity where datname = %s"
                waits += " and wait_event_type = 'Lock'"
                while watch.execute(waits, [person.info.dbname]).fetchone() == (0,):
                    pass
            person.commit()
            running.result(30)
    with psycopg.connect(database_url) as conn:
        found = conn.execute(
            "select count(*) from gallery.images"
            " where title = 'said' and search @@ 'said' and not search @@ 'embedded'"
        ).fetchone()
    assert found == (1,)
