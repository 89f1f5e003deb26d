"""A run says that it lives, whatever it needs and whatever the database does."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import dagster as dg
import psycopg

from home_media_pipelines.instance.run_heartbeat import beating_executor, run_heartbeat

SOON = timedelta(milliseconds=20)


def until(conn: psycopg.Connection, query: str, done: Callable[[Any], bool]) -> Any:
    """Ask until the answer is what was waited for; the test's own limit ends it."""
    while True:
        row = conn.execute(query).fetchone()  # pyright: ignore[reportArgumentType]
        if row is not None and done(row[0]):
            return row[0]


BEATEN = "select max(beaten_at) from run_heartbeats"


def test_a_run_beats_until_it_ends_and_leaves_nothing(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        with run_heartbeat(database_url, "run", every=SOON):
            first: datetime = until(conn, BEATEN, bool)
            until(conn, BEATEN, lambda it: it > first)
        assert conn.execute("select from run_heartbeats").fetchall() == []


def test_a_lost_connection_is_made_anew(database_url: str) -> None:
    """After a restart of Postgres a run that went on working was taken for dead."""
    with (
        psycopg.connect(database_url, autocommit=True) as conn,
        run_heartbeat(database_url, "run", every=SOON),
    ):
        until(conn, BEATEN, bool)
        ended = """
            select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity
             where datname = current_database() and application_name = 'heartbeat'
        """
        until(conn, ended, bool)
        then = until(conn, "select clock_timestamp()", bool)
        until(conn, BEATEN, lambda it: it > then)


@dg.op
def waits_for_its_heart(context: dg.OpExecutionContext) -> None:
    """Needs nothing of ours, as what only looks after Dagster's own database."""
    url = os.environ["HOME_MEDIA_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as conn:
        beats = "select run_id from run_heartbeats where beaten_at is not null"
        assert until(conn, beats, bool) == context.run_id


@dg.job(executor_def=beating_executor)
def needs_nothing() -> None:
    """Run the one op."""
    waits_for_its_heart()


def test_a_run_that_needs_no_resource_beats_too(
    database_url: str, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.reconstructable(needs_nothing)
        assert dg.execute_job(job, instance, raise_on_error=True).success


def test_every_job_of_the_graph_beats(monkeypatch: Any, database_url: str) -> None:
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    from home_media_pipelines.definitions import defs

    repository = defs().get_repository_def()
    assert {
        job.name: job.executor_def is beating_executor
        for job in repository.get_all_jobs()
    } == dict.fromkeys(repository.job_names, True)
