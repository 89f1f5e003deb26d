"""What tests of the asset graph share: its definitions on the test's own database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import dagster as dg
import psycopg
import pytest
from dagster._core.test_utils import instance_for_test
from PIL import Image
from psycopg.sql import SQL, Identifier

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory.libraries import add
from home_media_pipelines.defs.vision.vision_runs import run_config
from home_media_pipelines.local.server.postgres import EmbeddedPostgres

Run = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def graph(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dg.Definitions:
    """The real definitions, as a process with these settings loads them."""
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HOME_MEDIA_DEBOUNCE", "0")
    from home_media_pipelines.definitions import defs

    return defs()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster instance in memory."""
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture(scope="module")
def dagster_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database for Dagster, of the module's own: its tables take two seconds."""
    name = f"dagster_{uuid4().hex}"
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
        yield postgres.uri(name)
        conn.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@pytest.fixture(scope="module")
def postgres_instance(dagster_url: str) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance whose storage is that database."""
    storage = {"postgres": {"postgres_url": dagster_url}}
    with instance_for_test(overrides={"storage": storage}) as instance:
        yield instance


@pytest.fixture
def root(database_url: str, tmp_path: Path) -> Path:
    """The root of a library `photos` that is known and empty."""
    directory = tmp_path / "photos"
    directory.mkdir()
    with connect(database_url) as conn:
        add(conn, "photos", directory)
    return directory


@pytest.fixture
def run(graph: dg.Definitions, instance: dg.DagsterInstance) -> Run:
    """Execute a job of the graph in this process."""

    def execute(job: str, **options: object) -> dg.ExecuteInProcessResult:
        return graph.resolve_job_def(job).execute_in_process(
            instance=instance, raise_on_error=False, **options
        )

    return execute


@pytest.fixture
def check(run: Run) -> Callable[[], dict[str, dg.AssetCheckEvaluation]]:
    """Evaluate the checks of all assets, by the job that the sensor asks for."""

    def evaluate() -> dict[str, dg.AssetCheckEvaluation]:
        found = run("checks").get_asset_check_evaluations()
        return {it.check_name: it for it in found}

    return evaluate


def draw(path: Path, colour: tuple[int, int, int] = (200, 40, 40)) -> Path:
    """Save a small picture whose bytes are its own: its colour is written in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48), colour).save(path, comment=str(colour))
    return path


@pytest.fixture
def rows(database_url: str) -> Callable[[str], list[tuple]]:
    """Ask the test's database."""

    def query(text: str) -> list[tuple]:
        with connect(database_url) as conn:
            return conn.execute(text).fetchall()

    return query


@pytest.fixture
def run_vision(run: Run) -> Run:
    """Let networks look at folders, by the job that the sensor asks for."""

    def look(*folders: str, **options: object) -> dg.ExecuteInProcessResult:
        return run("vision_job", run_config=run_config(folders, **options))

    return look


def why(result: dg.ExecuteInProcessResult) -> str:
    """What Dagster shows of the step that failed."""
    (failure,) = [it for it in result.all_events if it.is_step_failure]
    return failure.step_failure_data.user_failure_data.description
