"""A run is dead when it stopped to beat while somebody watched, and not before."""

from datetime import timedelta

import dagster as dg
import psycopg
import pytest
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.core.operations.agents import AGENT_TAG
from home_media_pipelines.db.tables.operations import run_heartbeats
from home_media_pipelines.defs.care.dead_runs import fail_dead_runs

AT_ONCE = timedelta(0)
HOUR = timedelta(hours=1)


@pytest.fixture
def conn(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def started(instance, status=dg.DagsterRunStatus.STARTED, **tags):
    """The id of a run that is believed to be at work."""
    run = create_run_for_test(instance, status=status, tags=tags)
    return run.run_id


def pass_time(conn, time=HOUR):
    """Let everything that was noted of heartbeats be older."""
    conn.execute(
        "update run_heartbeats set beaten_at = beaten_at - %(time)s,"
        " missed_since = missed_since - %(time)s",
        {"time": time},
    )


def up_for(conn):
    """How long the server of this test has been up."""
    return conn.execute("select now() - pg_postmaster_start_time()").fetchone()[0]


def status(instance, run_id):
    return instance.get_run_by_id(run_id).status


def test_a_run_whose_process_beats_is_left_alone(instance, conn):
    run = started(instance)
    for _ in range(3):
        run_heartbeats.beat(conn, run)
        assert fail_dead_runs(instance, conn, patience=AT_ONCE) == []
    assert status(instance, run) is dg.DagsterRunStatus.STARTED


def test_a_run_whose_process_stopped_to_beat_is_failed_once(instance, conn):
    run = started(instance)
    run_heartbeats.beat(conn, run)
    pass_time(conn)
    assert fail_dead_runs(instance, conn, patience=AT_ONCE) == [run]
    assert status(instance, run) is dg.DagsterRunStatus.FAILURE
    assert fail_dead_runs(instance, conn, patience=AT_ONCE) == []


def test_a_run_that_was_killed_before_its_first_beat_is_failed(instance, conn):
    run = started(instance, dg.DagsterRunStatus.CANCELING)
    assert fail_dead_runs(instance, conn) == []
    assert fail_dead_runs(instance, conn, patience=AT_ONCE) == [run]


def test_a_silent_run_has_as_long_as_it_is_watched(instance, conn):
    """A machine that slept wakes up with old beats, and its runs with it."""
    run = started(instance)
    run_heartbeats.beat(conn, run)
    pass_time(conn)
    patience = min(up_for(conn), timedelta(seconds=30))
    assert fail_dead_runs(instance, conn, patience=patience) == []
    run_heartbeats.beat(conn, run)
    pass_time(conn)
    assert fail_dead_runs(instance, conn, patience=patience) == []  # watched anew
    pass_time(conn)
    assert fail_dead_runs(instance, conn, patience=patience) == [run]


def test_a_database_that_was_away_makes_no_run_look_dead(instance, conn):
    """Nobody could beat; after a restart it takes a moment until all do again."""
    run = started(instance)
    run_heartbeats.beat(conn, run)
    pass_time(conn)
    fail_dead_runs(instance, conn)
    pass_time(conn)  # watched for an hour, of which the server was up a moment
    assert fail_dead_runs(instance, conn, patience=up_for(conn) + HOUR / 2) == []
    assert status(instance, run) is dg.DagsterRunStatus.STARTED


def test_a_run_that_has_not_started_is_given_longer(instance, conn):
    """Between its row and its process a run may wait for a slow machine."""
    run = started(instance, dg.DagsterRunStatus.NOT_STARTED)
    assert fail_dead_runs(instance, conn, patience=AT_ONCE) == []
    assert status(instance, run) is dg.DagsterRunStatus.NOT_STARTED


def test_runs_on_agents_and_those_being_launched_are_for_others_to_judge(
    instance, conn
):
    agent = started(instance, **{AGENT_TAG: "laptop"})
    launched = started(instance, dg.DagsterRunStatus.STARTING)
    fail_dead_runs(instance, conn)
    pass_time(conn)
    assert fail_dead_runs(instance, conn, patience=AT_ONCE) == []
    assert status(instance, agent) is dg.DagsterRunStatus.STARTED
    assert status(instance, launched) is dg.DagsterRunStatus.STARTING


def test_what_was_noted_of_runs_that_ended_goes_after_a_day(instance, conn):
    run_heartbeats.beat(conn, "ended")
    fail_dead_runs(instance, conn)
    assert conn.execute("select from run_heartbeats").fetchall() != []
    pass_time(conn, timedelta(days=2))
    fail_dead_runs(instance, conn)
    assert conn.execute("select from run_heartbeats").fetchall() == []
