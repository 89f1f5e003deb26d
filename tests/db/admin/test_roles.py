"""Each login of a deployment may do what its processes do, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from home_media_pipelines.db.admin.migrate import migrate
from home_media_pipelines.db.admin.roles import Logins, ensure_logins
from home_media_pipelines.db.errors import RoleError
from home_media_pipelines.db.tables.operations.backups import IRREPLACEABLE
from home_media_pipelines.db.tables.vision import vector_indexes
from home_media_pipelines.io.backup_files import check
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import PREFIX
from tests.builders import add_image
from tests.db.tables.test_curation import say
from tests.faults.world import draw_library

KINDS = ("pipelines", "api", "dagster", "backup")


pytestmark = pytest.mark.xdist_group("roles")


@dataclass(frozen=True)
class Deployed:
    """A migrated database with its four logins, and Dagster's beside it."""

    owner: str
    urls: dict[str, str]

    def connect(self, kind: str, database: str | None = None) -> psycopg.Connection:
        return psycopg.connect(self.urls[kind], dbname=database, autocommit=True)

    @property
    def dagster(self) -> str:
        return self.urls["dagster"].rpartition("/")[2]


@pytest.fixture(scope="module")
def deployed(postgres: EmbeddedPostgres, template: str) -> Iterator[Deployed]:
    mark = uuid4().hex[:12]
    ours, dagsters = f"roles_{mark}", f"roles_dagster_{mark}"
    urls = {
        kind: postgres.uri(dagsters if kind == "dagster" else ours).replace(
            postgres.uri("").partition("@")[0],
            f"postgresql://{kind}_{mark}:{kind}%2Fpass",
        )
        for kind in KINDS
    }
    owner = postgres.uri(ours)
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        query = SQL("create database {} template {}")
        conn.execute(query.format(Identifier(ours), Identifier(template)))
        for _ in range(2):  # as on every start
            ensure_logins(owner, Logins(**urls))
        yield Deployed(owner, urls)
        for name in (ours, dagsters):
            query = SQL("drop database {} with (force)")
            conn.execute(query.format(Identifier(name)))
        for kind in KINDS:
            conn.execute(SQL("drop role {}").format(Identifier(f"{kind}_{mark}")))


@pytest.fixture(scope="module")
def image(deployed: Deployed) -> object:
    with psycopg.connect(deployed.owner) as conn:
        return add_image(conn, "beach/a.jpg", title="embedded")


IN_PART = {
    f"public.{table}" for table in ("producers", "taxa", "taxon_words", "label_taxa")
}
"""Of these a backup holds what is the house's own."""

REFUSED = {
    "pipelines": (
        "select * from curation.events",
        "insert into curation.events (image_id, field, value, said_by)"
        " values (gen_random_uuid(), 'title', '1', 'a model')",
        "delete from curation.events",
        "update curation.image_values set title = 'a model'",
        "alter table curation.events disable trigger all",
        "alter table files add column mine int",
        "drop table images",
        "truncate files",
        "update alembic_version set version_num = '9999'",
        "create schema mine",
        "create role mine",
    ),
    "api": (
        "select * from images",
        "select * from files",
        "update curation.events set value = null",
        "delete from curation.events",
        "insert into curation.image_values (image_id) values (gen_random_uuid())",
        "create table mine (x int)",
        "create temp table mine (x int)",
    ),
    "backup": (
        "insert into libraries (library, root) values ('mine', '/')",
        "delete from files",
        "delete from curation.events",
        "create table mine (x int)",
        "select settle_images('{}')",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_login_does_not_need_is_refused(deployed: Deployed, kind: str) -> None:
    with deployed.connect(kind) as conn:
        for statement in REFUSED[kind]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(statement)  # pyright: ignore[reportArgumentType]


def test_nobody_gets_into_a_database_of_others(deployed: Deployed) -> None:
    ours = deployed.owner.rpartition("/")[2]
    for kind, database in (
        ("dagster", ours),
        ("api", deployed.dagster),
        ("pipelines", deployed.dagster),
    ):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            deployed.connect(kind, database)


def test_the_api_reads_every_view_and_says_what_a_person_says(
    deployed: Deployed, image: object
) -> None:
    with deployed.connect("api") as conn:
        views = conn.execute(
            "select table_name from information_schema.views"
            " where table_schema = 'gallery'"
        ).fetchall()
        assert len(views) >= 9
        for (view,) in views:
            name = Identifier("gallery", view)
            conn.execute(SQL("select * from {}").format(name)).fetchall()
        say(conn, image, "title", "said")


def test_dagster_owns_its_database(deployed: Deployed) -> None:
    """It makes its own tables at first start."""
    with deployed.connect("dagster") as conn:
        conn.execute("create table made (x int)")
        conn.execute("drop table made")


def test_a_backup_reads_every_table_of_both_databases(
    deployed: Deployed, image: object
) -> None:
    with deployed.connect("backup") as conn:
        tables = conn.execute(
            "select schemaname, tablename from pg_tables"
            " where schemaname in ('public', 'curation')"
        ).fetchall()
        assert ("curation", "events") in tables
        for table in tables:
            name = Identifier(*table)
            conn.execute(SQL("select * from {} limit 1").format(name))
    with deployed.connect("dagster") as conn:
        conn.execute("create table if not exists kept (x int)")
    with deployed.connect("backup", deployed.dagster) as conn:
        conn.execute("select * from kept")


def test_the_nightly_backup_reads_what_the_pipelines_may_not(
    deployed: Deployed,
    image: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has a login of its own; with theirs it says that there is no backup."""
    with deployed.connect("api") as conn:
        say(conn, image, "title", "said by a person")
    monkeypatch.setenv(f"{PREFIX}STATE", str(tmp_path))
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", deployed.urls["pipelines"])
    from home_media_pipelines.defs.care.backups import backup
    from home_media_pipelines.defs.resources import Database

    def nightly() -> bool:
        database = Database(url=deployed.urls["pipelines"])
        return backup.execute_in_process(
            resources={"database": database}, raise_on_error=False
        ).success

    assert not nightly()
    assert list((tmp_path / "backups").iterdir()) == []
    monkeypatch.setenv(f"{PREFIX}BACKUP_DATABASE_URL", deployed.urls["backup"])
    assert nightly()
    (place,) = (tmp_path / "backups").iterdir()
    written = {it.table: it.rows for it in check(place).tables}
    with psycopg.connect(deployed.owner) as conn:
        for table in IRREPLACEABLE - IN_PART:
            name = Identifier(*table.split("."))
            query = SQL("select count(*) from {}").format(name)
            assert conn.execute(query).fetchone() == (written[table],), table
        noted = conn.execute("select place from gallery.backups").fetchall()
    assert written["curation.events"] > 0
    assert noted == [(str(place),)]


def test_the_pipelines_find_the_schema_as_it_should_be(deployed: Deployed) -> None:
    """Every command migrates; where nothing is missing, that needs no rights."""
    migrate(deployed.urls["pipelines"])
    migrate(deployed.urls["backup"])


def test_the_pipelines_build_the_indexes_of_vectors(deployed: Deployed) -> None:
    """Only an owner may: those two tables are theirs."""
    with psycopg.connect(deployed.owner) as conn:
        conn.execute(
            "insert into producers (producer_id, asset, code_version)"
            " values ('0123456789abcdef', 'embeddings', '1') on conflict do nothing"
        )
        conn.execute(
            "insert into embeddings select '0123456789abcdef', repeat('ab', 32),"
            " 0, null, array_fill(0.5::real, array[4])::halfvec"
        )
    with deployed.connect("pipelines") as conn:
        for table in vector_indexes.Table.__args__:
            few = 0 if table == "embeddings" else 1
            vector_indexes.ensure(conn, table, "0123456789abcdef", few=few)
        vector_indexes.drop(conn, "0123456789abcdef")


def test_the_pipelines_bring_in_a_library_under_their_login(
    deployed: Deployed, tmp_path: Path
) -> None:
    """Every asset, from files to links to the taxonomy, down to what is forgotten."""
    root = draw_library(tmp_path / "trips", folders=2, each=2)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    settings = {
        "STATE": str(tmp_path / "state"),
        "DATABASE_URL": deployed.urls["pipelines"],
        "DAGSTER_DATABASE_URL": deployed.urls["dagster"],
        "MODELS": "off",
    }
    environment |= {f"{PREFIX}{name}": value for name, value in settings.items()}
    for command in (("ingest", str(root)), ("status",), ("purge", "--days", "0")):
        done = subprocess.run(
            [sys.executable, "-m", "home_media_pipelines.cli", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(deployed.owner) as conn:
        found = conn.execute("select count(*) from images where folder like 'trips/%'")
        assert found.fetchone() == (4,)


def test_logins_that_cannot_be_are_named(deployed: Deployed) -> None:
    with pytest.raises(RoleError, match="backup login names no user or no password"):
        ensure_logins(deployed.owner, Logins(backup="postgresql://host/db"))
    with pytest.raises(RoleError, match="same name"):
        ensure_logins(deployed.owner, Logins(api=deployed.owner))
    with pytest.raises(RoleError, match="cannot be made"):
        ensure_logins(deployed.urls["api"], Logins(api="postgresql://a:b@host/db"))
