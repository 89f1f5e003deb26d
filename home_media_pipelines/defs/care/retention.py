"""What keeps Dagster's own database and logs small; nothing else shrinks them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from home_media_pipelines.db.dagster import events as dagster_events
from home_media_pipelines.defs.ingest.library_scan import walk_job
from home_media_pipelines.defs.resources import DagsterDatabase
from home_media_pipelines.settings import load_settings

KEEP_WALKS = timedelta(days=7)
KEEP_EVENTS = timedelta(days=60)
RUNS_PER_PASS = 1_000

LOGS = frozenset({".out", ".err", ".complete"})
"""What Dagster names the captured output of a step or of a sensor's tick."""


@dg.op
def forget_old_events(
    context: dg.OpExecutionContext, dagster_database: DagsterDatabase
) -> None:
    """Delete old walks, but the latest, and old events that nobody looks at."""
    now = datetime.now(UTC)
    walks = context.instance.get_run_records(
        dg.RunsFilter(
            job_name=walk_job.name,
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE],
            created_before=now - KEEP_WALKS,
        ),
        limit=RUNS_PER_PASS,
    )
    for record in walks:
        context.instance.delete_run(record.dagster_run.run_id)
    with dagster_database.connect() as conn:
        events = dagster_events.delete_old(conn, before=now - KEEP_EVENTS)
    before = now - timedelta(days=load_settings().log_days)
    logs = forget_old_logs(Path(context.instance.storage_directory()), before)
    context.log.info(
        f"forgot {len(walks)} walks, {events} other events and {logs} files of logs"
    )


def forget_old_logs(directory: Path, before: datetime) -> int:
    """Delete what runs and sensors wrote to their consoles before then; count it.

    Dagster itself never does, not even with a run that it deletes.
    """
    old = [
        path
        for path in directory.rglob("*")
        if path.suffix in LOGS and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    for parent in sorted({it.parent for it in old}, reverse=True):
        for empty in (parent, *parent.parents):
            if empty == directory or any(empty.iterdir()):
                break
            empty.rmdir()
    return len(old)


@dg.job(description=__doc__)
def retention() -> None:
    """Run the one op."""
    forget_old_events()


weekly_retention = dg.ScheduleDefinition(
    name="weekly_retention",
    job=retention,
    cron_schedule="30 4 * * 0",
    execution_timezone=load_settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Keeps a week of walks, sixty days of events, and logs as long as the "
    "settings say.",
)
