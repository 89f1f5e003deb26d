"""What a person said outranks what files say, and survives every rebuild."""

from datetime import datetime

import psycopg
import pytest
from psycopg.types.json import Jsonb

from home_media_pipelines.db.admin.roles import ensure_api_role
from tests.builders import NOW, TAKEN, add_folder, add_image, image_of, regroup, rescan


def say(conn: psycopg.Connection, image: object, field: str, value: object) -> None:
    conn.execute(
        "insert into curation.events (image_id, field, value, said_by)"
        " values (%s, %s, %s, 'a test')",
        [image, field, None if value is None else Jsonb(value)],
    )


def column(conn: psycopg.Connection, name: str) -> object:
    query = {
        "taken_at": "select taken_at from gallery.images",
        "timeline": "select taken_at from gallery.timeline",
        "title": "select title from gallery.images",
        "keywords": "select keywords from gallery.images",
        "sources": "select sources from gallery.images",
    }
    row = conn.execute(query[name]).fetchone()  # pyright: ignore[reportArgumentType]
    return row and row[0]


def test_what_a_person_said_outranks_the_files_and_can_be_taken_back(
    conn: psycopg.Connection,
) -> None:
    image = add_image(conn, "beach/a.jpg", title="embedded", keywords=["old"])
    say(conn, image, "taken_at", "1999-12-31T23:59:00")
    say(conn, image, "title", "said")
    say(conn, image, "keywords", [])
    assert column(conn, "taken_at") == datetime(1999, 12, 31, 23, 59)
    assert column(conn, "timeline") == datetime(1999, 12, 31, 23, 59)
    assert column(conn, "title") == "said"
    assert column(conn, "keywords") == []
    said = dict.fromkeys(("taken_at", "title", "keywords"), "person")
    assert column(conn, "sources") == said
    for field in ("taken_at", "title", "keywords"):
        say(conn, image, field, None)
    assert column(conn, "taken_at") == column(conn, "timeline") == TAKEN
    assert column(conn, "title") == "embedded"
    assert column(conn, "keywords") == ["old"]
    assert column(conn, "sources") == {"taken_at": "exif"}


def test_words_a_person_said_are_found_and_those_they_replace_are_not(
    conn: psycopg.Connection,
) -> None:
    image = add_image(conn, "beach/a.jpg", title="embedded")
    say(conn, image, "title", "Sommerfest")
    query = (
        "select count(*) from gallery.images where search @@ gallery.prefix_query(%s)"
    )
    assert conn.execute(query, ["sommer"]).fetchone() == (1,)
    assert conn.execute(query, ["embedded"]).fetchone() == (0,)


def test_a_rebuild_keeps_what_was_said(conn: psycopg.Connection) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x"})
    regroup(conn, beach)
    say(conn, image_of(conn, "beach/a.jpg"), "taken_at", "1999-12-31T23:59:00")
    conn.execute("delete from images")
    conn.execute("delete from image_files")
    assert regroup(conn, beach).new == 1
    assert column(conn, "timeline") == datetime(1999, 12, 31, 23, 59)
    assert regroup(conn, beach).unchanged == 1
    rescan(conn, beach, {"b.jpg": "x"}, now=NOW)
    regroup(conn, beach, title="another")
    assert column(conn, "taken_at") == datetime(1999, 12, 31, 23, 59)


@pytest.mark.parametrize(
    "statement",
    [
        "update curation.events set value = null",
        "delete from curation.events",
        "truncate curation.events",
    ],
)
def test_events_are_never_changed(conn: psycopg.Connection, statement: str) -> None:
    say(conn, add_image(conn, "beach/a.jpg"), "title", "said")
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        conn.execute(statement)  # pyright: ignore[reportArgumentType]


def test_nonsense_is_refused(conn: psycopg.Connection) -> None:
    image = add_image(conn, "beach/a.jpg")
    conn.commit()
    for field, value in (("taken_at", "soon"), ("rating", 17), ("rating", "five")):
        with pytest.raises((psycopg.DataError, psycopg.IntegrityError)):
            say(conn, image, field, value)
        conn.rollback()
    with pytest.raises(psycopg.errors.CheckViolation):
        say(conn, image, "folder", "elsewhere")


def test_the_api_reads_the_gallery_and_adds_events_and_nothing_else(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as conn:
        image = add_image(conn, "beach/a.jpg")
    ensure_api_role(database_url, "first")
    url = ensure_api_role(database_url, "pass/wörd @")
    with psycopg.connect(url, autocommit=True) as api:
        views = api.execute(
            "select table_name from information_schema.views"
            " where table_schema = 'gallery'"
        ).fetchall()
        assert len(views) >= 9
        for (view,) in views:
            name = psycopg.sql.Identifier("gallery", view)
            api.execute(psycopg.sql.SQL("select * from {}").format(name)).fetchall()
        say(api, image, "title", "said")
        assert column(api, "title") == "said"
        for statement in (
            "select * from images",
            "select * from files",
            "insert into curation.image_values (image_id) values (gen_random_uuid())",
            "delete from curation.events",
            "select settle_images('{}')",
            "create table mine (x int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                api.execute(statement)  # pyright: ignore[reportArgumentType]
