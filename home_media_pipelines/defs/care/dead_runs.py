"""Runs whose process is gone without a word: killed, or the machine lost power.

Those in containers on agents are not among them: Dagster's own monitoring asks their
engine. But what an agent still does of a run that was given up is ended from here.
"""

from datetime import timedelta

import dagster as dg
import psycopg

from home_media_pipelines.core.operations.agents import AGENT_TAG
from home_media_pipelines.db.tables.operations import run_heartbeats
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.instance.known_agents import known_agents
from home_media_pipelines.instance.orphan_containers import end_late

PATIENCE = timedelta(seconds=40)
"""A run that was silent for so long while it was watched is dead."""

NEVER_STARTED = timedelta(minutes=5)
"""A run that is only a row for so long was killed before its first step."""

AT_WORK = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
"""What a killed process leaves. Dagster's own monitoring looks after STARTING."""


def fail_dead_runs(
    instance: dg.DagsterInstance,
    conn: psycopg.Connection,
    *,
    patience: timedelta = PATIENCE,
) -> list[str]:
    """Report every run as failed whose process has stopped to beat.

    Without this, Dagster believes such a run to be at work for ever and keeps its
    folders waiting. Returns the ids of those runs.

    Args:
        instance: whose runs.
        conn: between transactions.
        patience: how long a silent run is watched; longer when it has not started.
    """
    runs = {
        run.run_id: run
        for run in instance.get_runs(dg.RunsFilter(statuses=AT_WORK))
        if not run.tags.get(AGENT_TAG)
    }
    with conn.transaction():
        silent = run_heartbeats.watch(conn, runs)
    dead: list[str] = []
    for run_id, watched in silent.items():
        waiting = runs[run_id].status is dg.DagsterRunStatus.NOT_STARTED
        if watched < (max(patience, NEVER_STARTED) if waiting else patience):
            continue
        run = instance.get_run_by_id(run_id)
        if run is None or run.status not in AT_WORK:  # it ended meanwhile
            continue
        instance.report_run_failed(run, "The run's process ended without a word.")
        dead.append(run_id)
    return dead


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Fails runs whose process is gone, so that their folders come again.",
)
def dead_runs(context: dg.SensorEvaluationContext, database: Database) -> dg.SkipReason:
    """Fail runs whose process is gone, so that their folders are tried again."""
    with database.connect() as conn:
        dead = fail_dead_runs(context.instance, conn)
    for agent in known_agents():
        for run_id, words in end_late(context.instance, agent).items():
            context.log.info(f"ended on {agent.name}: {run_id}: {words}")
    return dg.SkipReason(f"dead runs: {', '.join(dead)}" if dead else "all alive")
