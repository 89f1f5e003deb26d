"""The command line as a script or a person meets it: output, errors, exit status."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from home_media_pipelines import cli
from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.operations import agents
from home_media_pipelines.local.commands.library_roots import slug, unique
from home_media_pipelines.settings import PREFIX

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A state whose server lingers, so that each command starts at once."""
    with tempfile.TemporaryDirectory(prefix="home-media-cli-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        assert call(directory, "db", "uri").returncode == 0
        yield directory
        from home_media_pipelines.local.server.postgres import EmbeddedPostgres

        server = EmbeddedPostgres(directory)
        server.start()
        server.stop(lingering=True)


def call(
    state: Path, *arguments: str, **extra: str
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    return subprocess.run(
        [sys.executable, "-m", "home_media_pipelines.cli", *arguments],
        env={**environment, "HOME_MEDIA_STATE": str(state), **extra},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


FOR_FEW = {"alembic", "dagster", "fastapi", "pandas", "sqlalchemy", "torch"}
HEAVY = FOR_FEW | {
    "PIL",
    "numpy",
    "psycopg",
    "pyarrow",
    "pydantic",
    "rich",
    "structlog",
}


def imported_by(code: str) -> set[str]:
    """Return which packages a fresh interpreter has imported after running this."""
    said = f"import sys; {code}; print(*{{m.partition('.')[0] for m in sys.modules}})"
    answer = subprocess.check_output([sys.executable, "-c", said], text=True)
    return set(answer.splitlines()[-1].split())


def test_the_help_imports_what_it_shows_and_nothing_else():
    """What a command needs is its own affair: all together take over a second."""
    called = "from home_media_pipelines import cli; cli.app(['-h'], standalone_mode=0)"
    assert not imported_by(called) & HEAVY


@pytest.mark.parametrize("module", ["report", "library", "doctor", "up", "database"])
def test_a_command_starts_without_what_only_others_need(module):
    """Each of these takes up to a second of every command."""
    code = f"import home_media_pipelines.local.commands.{module}"
    assert not imported_by(code) & FOR_FEW


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_help_says_of_each_command_what_its_own_help_says(name):
    """The line stands twice, so that the first help need not import the command."""
    command = cli.load(name)
    assert command.help.partition("\n")[0] == cli.COMMANDS[name][1]
    assert command.name == name


def test_a_mistyped_command_is_named_and_not_imported(state):
    answer = call(state, "ingst")
    assert answer.returncode == 2
    assert "No such command 'ingst'" in answer.stderr


@pytest.mark.parametrize(
    "first", ["definitions", "local.commands.ingest", "local.commands.purge"]
)
def test_a_command_prints_no_warning_of_a_library(first):
    """Whatever part of the graph comes first, nobody here can act on those."""
    code = (
        f"import home_media_pipelines.{first};"
        "from home_media_pipelines.definitions import defs; defs()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_db_uri_prints_nothing_but_a_uri_that_works_afterwards(state):
    for arguments, name in (
        (("db", "uri"), "home_media"),
        (("db", "uri", "--dagster"), "dagster"),
    ):
        answer = call(state, *arguments)
        with psycopg.connect(answer.stdout.strip()) as conn:
            assert conn.info.dbname == name


def test_doctor_finds_nothing_that_keeps_us_from_working(state):
    answer = call(state, "doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(answer.stdout)}
    assert answer.returncode == 0, answer.stdout
    assert {"exiftool", "database", "extensions", "state directory"} <= found.keys()
    assert found["database"]["detail"] == "embedded, PostgreSQL 18.1"


def test_doctor_fails_without_exiftool(state):
    answer = call(state, "doctor", "--json", PATH="/nowhere")
    verdicts = {it["name"]: it["verdict"] for it in json.loads(answer.stdout)}
    assert (answer.returncode, verdicts["exiftool"]) == (1, "error")


def test_a_library_can_be_added_listed_and_forgotten(state, tmp_path):
    root = tmp_path / "Our Photos"
    root.mkdir()
    for _ in range(2):
        added = call(state, "library", "add", str(root), "--json")
        assert json.loads(added.stdout)["library"] == "our-photos"
    names = [
        it["library"]
        for it in json.loads(call(state, "library", "list", "--json").stdout)
    ]
    assert names == ["our-photos"]
    known = json.loads(call(state, "status", "--json").stdout)
    assert known["libraries"]
    assert (known["agents"], known["gpu_queue"]) == ([], None)
    assert json.loads(call(state, "problems", "--json").stdout) == []

    inside = root / "2024"
    inside.mkdir()
    refused = call(state, "library", "add", str(inside))
    assert refused.returncode == 1
    assert "overlaps" in refused.stderr

    assert call(state, "library", "remove", "our-photos").returncode == 0
    assert json.loads(call(state, "library", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("library", "add", "/nonsense"), "is not a directory"),
        (("library", "add", "/"), "where home-media writes"),
        (("library", "add", "/usr", "--name", "Ä!"), "lower-case letters"),
        (("library", "remove", "nobody"), "is not known"),
        (("doctor", "--port", "99999"), "--port: "),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_status_1(state, arguments, said):
    answer = call(state, *arguments)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("home-media: ")
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_an_unknown_setting_stops_every_command_and_is_named(state):
    answer = call(state, "status", HOME_MEDIA_COLOUR="blue")
    assert answer.returncode == 1
    assert "HOME_MEDIA_COLOUR is not a setting" in answer.stderr


def test_an_external_database_that_does_not_answer_is_named_without_password(state):
    url = "postgresql://me:secret@127.0.0.1:1/home_media"
    answer = call(state, "status", HOME_MEDIA_DATABASE_URL=url)
    assert answer.returncode == 1
    assert "HOME_MEDIA_DATABASE_URL does not answer" in answer.stderr
    assert "secret" not in answer.stderr


def test_an_external_server_gets_the_database_of_dagster_too(state, postgres):
    """Any Postgres will do: here the one of the tests, with another main database."""
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute("create database external_cli")
    url = postgres.uri("external_cli")
    answer = call(state, "db", "uri", "--dagster", HOME_MEDIA_DATABASE_URL=url)
    assert answer.stdout.strip() == postgres.uri("dagster")
    assert call(state, "status", HOME_MEDIA_DATABASE_URL=url).returncode == 0


def test_status_shows_agents_and_what_waits_for_them(state, database_url):
    """Also to a script; a house without any is not bothered (above)."""
    now = datetime.now(UTC)
    with connect(database_url) as conn:
        agents.configure(conn, [Agent("alienware", "ssh://me@alienware", "worker:1")])
        for at, reachable in ((now - timedelta(minutes=1), True), (now, False)):
            agents.record(
                conn,
                Sighting(
                    "alienware",
                    at,
                    reachable=reachable,
                    reason=None if reachable else "unreachable",
                    gpu_name="RTX 4090" if reachable else None,
                    gpu_memory=24 << 30 if reachable else None,
                ),
            )
        queue = agents.GpuQueue(now, 2, 0, 40, 1_204, now, 5_400.0, "it sleeps")
        agents.set_queue(conn, queue)
    url = {"HOME_MEDIA_DATABASE_URL": database_url}
    shown = call(state, "status", COLUMNS="200", **url).stdout
    for words in (
        "alienware",
        "unreachable",
        "RTX 4090",
        "24 GiB",
        "alienware  unreachable since ",
        "2 runs queued, 0 at work; 1204 contents in 40 folders wait; "
        "about 1:30:00 of work",
        "it sleeps",
    ):
        assert words in shown
    found = json.loads(call(state, "status", "--json", **url).stdout)
    assert [it["gpu_name"] for it in found["agents"]] == ["RTX 4090"]
    assert found["gpu_queue"]["queued"] == 2


def test_names_of_libraries_read_like_their_folders():
    assert slug("Été à Rome (2024)") == "ete-a-rome-2024"
    assert slug("写真") == "library"
    assert len(slug("x" * 200)) == 63
    assert unique("photos", ["photos", "photos-2"]) == "photos-3"
    assert len(unique("x" * 63, ["x" * 63])) == 63
