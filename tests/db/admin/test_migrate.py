"""The schema: made once, whoever starts first, and refused where it cannot run."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.sql import SQL, Identifier

from home_media_pipelines.db.admin.migrate import migrate, newest_revision
from home_media_pipelines.db.errors import MigrationError
from home_media_pipelines.db.migrations import MIGRATIONS
from home_media_pipelines.local.server.postgres import EmbeddedPostgres


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> str:
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
    return postgres.uri(name)


def test_a_second_start_finds_nothing_to_do(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    with psycopg.connect(empty_url) as conn:
        revisions = conn.execute("select version_num from alembic_version").fetchall()
    assert revisions == [(newest_revision(),)]


def test_a_second_start_does_without_alembic(database_url: str) -> None:
    """Importing it takes longer than everything else a start does."""
    program = (
        "import sys; from home_media_pipelines.db.admin.migrate import migrate; "
        f"migrate({database_url!r}); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_newest_revision_is_the_one_alembic_would_reach() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert newest_revision() == head


def test_two_starters_at_once_take_turns(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_url] * 4))
    with psycopg.connect(empty_url) as conn:
        assert conn.execute("select count(*) from files").fetchone() == (0,)


def test_a_missing_extension_is_named(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "home_media_pipelines.db.admin.migrate.EXTENSIONS",
        ("ltree", "no_such_extension"),
    )
    with pytest.raises(MigrationError, match="no_such_extension; install it"):
        migrate(empty_url)


def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        conn.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(MigrationError, match="newer home-media"):
        migrate(database_url)


def test_an_unreachable_server_is_a_migration_error() -> None:
    with pytest.raises(MigrationError, match="cannot be used"):
        migrate("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2")
