"""Backups: what people said and the ids of images come back, into an empty database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from home_media_pipelines.core.errors import BackupError
from home_media_pipelines.db.admin.make_backup import make_backup
from home_media_pipelines.db.admin.migrate import migrate, newest_revision
from home_media_pipelines.db.admin.restore import restore
from home_media_pipelines.db.admin.upgrade import upgrade
from home_media_pipelines.db.tables.operations import backups
from home_media_pipelines.db.tables.operations.backups import IRREPLACEABLE, REMADE
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.builders import NOW, add_image, image_of, rescan
from tests.db.tables.test_curation import say

DERIVED = {
    "active_producers", "analyses", "backups", "calibrations", "crop_embeddings",
    "detections", "directories", "embeddings", "exif", "gpu_queue", "key_frames",
    "masks", "measurements", "problems", "taxonomy_links", "thumbnails",
}  # fmt: skip
"""Only in a full backup: computed from originals, or about one machine."""

ALSO_DERIVED = ("agent", "alert")
"""Beginnings of names of tables that are about machines, and empty after a restore."""


@pytest.fixture
def bare_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database in which nothing was made yet."""
    name = f"bare_{uuid4().hex}"
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
        yield postgres.uri(name)
        conn.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@pytest.fixture
def lived_in(database_url: str) -> str:
    """A database with what history made of it, and no ingest would make again."""
    with psycopg.connect(database_url) as conn:
        add_image(conn, "beach/a.jpg", title="embedded")
        add_image(conn, "beach/ü %2541.jpg", title="a\\b\nc\td")
        rescan(conn, "photos/beach", {"a.jpg": "edited since", "ü %2541.jpg": "x"})
        image = image_of(conn, "beach/a.jpg")
        say(conn, image, "title", "Sommer\nfest")
        say(conn, image, "rating", 5)
        say(conn, image, "rating", None)
        conn.execute(
            "insert into taxa (taxon, names, version, source)"
            " values ('animal.dog.zoey', '{\"en\": \"Zoey\"}', '1', 'a person')"
        )
        conn.execute("insert into taxon_words values ('zoey', 'animal.dog.zoey')")
        conn.execute("insert into model_choices (role, model) values ('detector', 'x')")
        conn.execute(
            "insert into integrity (file_id, content_id, size, mtime_ns, verified_at,"
            " unchanged_since) select file_id, content_id, size, mtime_ns, now(), now()"
            " from files"
        )
    return database_url


def everything(url: str, tables: set[str]) -> dict[str, list[str]]:
    """Rows as text, without what a restore sets anew on another machine."""
    anew = "{scanned_signature,state,device,mounted,checked_at,version}"
    with psycopg.connect(url) as conn:
        return {
            table: [
                text
                for (text,) in conn.execute(
                    SQL(
                        "select (to_jsonb(t) - {}::text[])::text from {} t order by 1"
                    ).format(anew, Identifier(*table.split(".")))
                )
            ]
            for table in sorted(tables)
        }


def back_up(url: str, place: Path, kind: str = "irreplaceable", **options) -> Path:
    given = {"keep": 3, "now": NOW} | options
    return make_backup(url, place, kind, **given)[0]  # pyright: ignore[reportArgumentType]


def test_every_table_is_backed_up_or_can_be_made_again(conn) -> None:
    """A new table needs a decision: add it to one of the three sets."""
    known = {
        f"{schema}.{table}"
        for schema, table in conn.execute(
            "select schemaname, tablename from pg_tables"
            " where schemaname in ('public', 'curation')"
        )
    }
    derived = {f"public.{table}" for table in DERIVED}
    undecided = known - IRREPLACEABLE - REMADE - derived
    assert not {
        it
        for it in undecided
        if not it.startswith(tuple(f"public.{a}" for a in ALSO_DERIVED))
    }


@pytest.mark.parametrize("made", [False, True])
def test_what_is_irreplaceable_comes_back_row_by_row(
    lived_in, bare_url, tmp_path, made
) -> None:
    """Into nothing, or into a schema that a start made and nobody used."""
    if made:
        migrate(bare_url)
    tables = {*IRREPLACEABLE, "curation.image_values"} - {"public.producers"}
    before = everything(lived_in, tables)

    restore(bare_url, back_up(lived_in, tmp_path), {})

    assert everything(bare_url, tables) == before
    assert len(before["public.taxa"]) > 1_000
    with psycopg.connect(bare_url) as conn:
        found = conn.execute("select version_num from alembic_version").fetchall()
        assert found == [(newest_revision(),)]
        assert conn.execute(
            "select count(*) from folders where scanned_signature is null"
        ).fetchone() == (1,)


def test_people_go_on_where_they_left_off(lived_in, bare_url, tmp_path) -> None:
    """Numbers of events go on, the log stays append-only, titles are found."""
    restore(bare_url, back_up(lived_in, tmp_path), {})
    with psycopg.connect(bare_url) as conn:
        image = image_of(conn, "beach/a.jpg")
        say(conn, image, "title", "another")
        numbers = "select array_agg(event_id order by event_id) from curation.events"
        assert conn.execute(numbers).fetchone() == ([1, 2, 3, 4],)
        title = "select title from gallery.images where image_id = %s"
        assert conn.execute(title, [image]).fetchone() == ("another",)
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            conn.execute("delete from curation.events")


def test_a_library_may_lie_elsewhere_now(lived_in, bare_url, tmp_path) -> None:
    restore(bare_url, back_up(lived_in, tmp_path), {"photos": Path("/new nas/photos")})
    with psycopg.connect(bare_url) as conn:
        assert backups.roots(conn) == [Path("/new nas/photos")]


def test_a_full_backup_brings_everything(lived_in, bare_url, tmp_path) -> None:
    place = back_up(lived_in, tmp_path, "full")
    tables = {f"public.{it}" for it in DERIVED - {"backups"}} | IRREPLACEABLE
    before = everything(lived_in, tables)
    restore(bare_url, place, {})
    assert everything(bare_url, tables) == before
    assert before["public.thumbnails"]


def test_a_backup_of_an_older_schema_is_brought_to_today(bare_url, postgres, tmp_path):
    """It is loaded as it was, and then migrated as that database would have been."""
    name = f"old_{uuid4().hex}"
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
    old = postgres.uri(name)
    upgrade(old, "0002")
    with psycopg.connect(old) as conn:
        conn.execute("insert into libraries (library, root) values ('photos', '/nas')")
    (tmp_path / "old").mkdir()
    backups.dump(old, tmp_path / "old", "irreplaceable", made_at=NOW, program="0.0.1")
    restore(bare_url, tmp_path / "old", {})
    with psycopg.connect(bare_url) as conn:
        assert backups.roots(conn) == [Path("/nas")]
        found = conn.execute("select version_num from alembic_version").fetchall()
        assert found == [(newest_revision(),)]


def test_nothing_that_is_there_is_overwritten(lived_in, tmp_path) -> None:
    before = everything(lived_in, set(IRREPLACEABLE))
    with pytest.raises(BackupError, match="not empty"):
        restore(lived_in, back_up(lived_in, tmp_path), {})
    assert everything(lived_in, set(IRREPLACEABLE)) == before


def test_a_damaged_backup_leaves_the_database_as_it_is(
    lived_in, bare_url, tmp_path
) -> None:
    place = back_up(lived_in, tmp_path)
    path = place / "public.images.copy.gz"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BackupError, match="damaged"):
        restore(bare_url, place, {})
    with psycopg.connect(bare_url) as conn:
        assert conn.execute("select to_regclass('images')").fetchone() == (None,)


def test_an_unknown_library_undoes_the_whole_restore(
    lived_in, bare_url, tmp_path
) -> None:
    with pytest.raises(BackupError, match="no library 'films'"):
        restore(bare_url, back_up(lived_in, tmp_path), {"films": tmp_path})
    with psycopg.connect(bare_url) as conn:
        assert conn.execute("select count(*) from files").fetchone() == (0,)


def test_old_backups_go_and_nothing_else_does(lived_in, tmp_path) -> None:
    (tmp_path / "home-media-irreplaceable-20200101T000000000000Z").mkdir()  # no backup
    (tmp_path / "holiday").mkdir()
    full = back_up(lived_in, tmp_path, "full")
    made = [
        back_up(lived_in, tmp_path, keep=2, now=NOW + timedelta(days=day))
        for day in range(1, 5)
    ]
    assert [path.exists() for path in made] == [False, False, True, True]
    assert full.exists()
    assert len(list(tmp_path.iterdir())) == 5
    with psycopg.connect(lived_in) as conn:
        assert backups.latest(conn) == NOW + timedelta(days=4)


def test_a_backup_never_goes_into_a_library(database_url, tmp_path) -> None:
    """Nothing is ever written below a root."""
    with psycopg.connect(database_url) as conn:
        conn.execute(
            "insert into libraries (library, root) values ('photos', %s)",
            [str(tmp_path)],
        )
    with pytest.raises(BackupError, match="lies in the library"):
        back_up(database_url, tmp_path / "backups")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_fails_leaves_nothing_behind(
    lived_in, tmp_path, monkeypatch
) -> None:
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_manifest", fail)
    with pytest.raises(BackupError, match="no space left"):
        back_up(lived_in, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_all_tables_are_of_one_moment(lived_in, tmp_path) -> None:
    """A file that arrives while tables are written must not come without its image."""
    with psycopg.connect(lived_in) as conn:
        now = datetime.now(UTC)
        add_image(conn, "beach/late.jpg")  # not committed
        place = back_up(lived_in, tmp_path, now=now)
    from home_media_pipelines.io.backup_files import read_manifest

    rows = {it.table: it.rows for it in read_manifest(place).tables}
    assert rows["public.files"] == rows["public.image_files"] == 2
