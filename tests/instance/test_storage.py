"""Dagster's records over kept connections, on a real Postgres."""

from pathlib import Path
from uuid import uuid4

import dagster as dg
import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy.pool import QueuePool

from home_media_pipelines.instance.launcher import RoutingRunLauncher
from home_media_pipelines.instance.storage import KEPT

WRITTEN = Path(__file__).parents[2] / "dagster.yaml"


@pytest.fixture
def observer(postgres):
    """A connection to the server, and the name of an empty database on it."""
    name = f"dagster_{uuid4().hex}"
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(name)))
        yield conn, name
        conn.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@pytest.fixture
def instance(postgres, observer, tmp_path, monkeypatch):
    """An instance as the project's own `dagster.yaml` describes it."""
    monkeypatch.setenv("HOME_MEDIA_DAGSTER_DATABASE_URL", postgres.uri(observer[1]))
    (tmp_path / "dagster.yaml").write_text(WRITTEN.read_text())
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


def materialise(instance: dg.DagsterInstance, times: int) -> None:
    for number in range(times):
        instance.report_runless_asset_event(
            dg.AssetMaterialization("files", metadata={"number": number})
        )


def stored(instance: dg.DagsterInstance) -> int:
    return len(instance.fetch_materializations(dg.AssetKey("files"), limit=100).records)


def clients(observer: tuple[psycopg.Connection, str]) -> set[int]:
    conn, name = observer
    rows = conn.execute("select pid from pg_stat_activity where datname = %s", [name])
    return {pid for (pid,) in rows}


def test_events_do_not_open_a_connection_each(instance, observer):
    materialise(instance, 1)
    before = clients(observer)
    materialise(instance, 20)
    assert clients(observer) == before
    assert 0 < len(before) <= 3 * KEPT
    assert stored(instance) == 21


def test_a_database_that_was_restarted_meanwhile_does_no_harm(instance, observer):
    materialise(instance, 1)
    for pid in clients(observer):
        observer[0].execute("select pg_terminate_backend(%s)", [pid])
    materialise(instance, 1)
    assert stored(instance) == 2


def test_processes_that_get_the_instance_by_reference_have_it_too(instance):
    """Run workers and code servers rebuild the instance from a description."""
    with dg.DagsterInstance.from_ref(instance.get_ref()) as again:
        for storage in (again.run_storage, again.event_log_storage):
            assert isinstance(storage._engine.pool, QueuePool)


def test_another_instance_of_the_same_process_opens_none(instance, observer):
    """A code server makes one for each tick of a sensor."""
    materialise(instance, 1)
    before = clients(observer)
    for _ in range(5):
        with dg.DagsterInstance.from_ref(instance.get_ref()) as another:
            materialise(another, 1)
    assert clients(observer) == before
    assert stored(instance) == 6


def test_its_runs_go_where_they_belong(instance):
    """Whatever process launches one: each makes the instance from `dagster.yaml`."""
    assert isinstance(instance.run_launcher, RoutingRunLauncher)
    with dg.DagsterInstance.from_ref(instance.get_ref()) as again:
        assert isinstance(again.run_launcher, RoutingRunLauncher)
