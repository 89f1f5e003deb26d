"""Runs whose process is gone without a word: killed, or the machine lost power.

Those in containers on agents are not among them: Dagster's own monitoring asks their
engine. But what an agent still does of a run that was given up is ended from here.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg
import psycopg

from home_media_pipelines.core.operations.agents import AGENT_TAG
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.instance.known_agents import known_agents
from home_media_pipelines.instance.orphan_containers import end_late

STARTING_UP = timedelta(seconds=60)
"""A run that started less than this ago may not have taken its lock yet."""

NEVER_STARTED = timedelta(minutes=5)
"""A run that is only a row after this long was killed before its first step."""

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
    older_than: timedelta = STARTING_UP,
) -> list[str]:
    """Report every run as failed whose process no longer holds its lock.

    Without this, Dagster believes such a run to be at work for ever and keeps its
    folders waiting. Returns the ids of those runs.
    """
    dead: list[str] = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=AT_WORK)):
        run = record.dagster_run
        if run.tags.get(AGENT_TAG):
            continue
        waiting = run.status is dg.DagsterRunStatus.NOT_STARTED
        patience = max(older_than, NEVER_STARTED) if waiting else older_than
        if datetime.now(UTC) - _aware(record.update_timestamp) < patience:
            continue
        if _holds_its_lock(conn, run.run_id):
            continue
        instance.report_run_failed(run, "The run's process ended without a word.")
        dead.append(run.run_id)
    return dead


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _holds_its_lock(conn: psycopg.Connection, run_id: str) -> bool:
    """Try the lock that `Database` holds while a run executes."""
    with conn.transaction():
        row = conn.execute(
            "select pg_try_advisory_xact_lock(hashtextextended(%(run)s, 0))",
            {"run": run_id},
        ).fetchone()
    return row is not None and not row[0]


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
