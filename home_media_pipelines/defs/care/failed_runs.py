"""Runs that failed as a whole: their folders are due again, later each time."""

from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.defs.batches import BATCH_TAG
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.instance.run_folders import of_run


@dg.run_failure_sensor(
    minimum_interval_seconds=10, default_status=dg.DefaultSensorStatus.RUNNING
)
def failed_runs(
    context: dg.RunFailureSensorContext, database: Database
) -> dg.SkipReason:
    """Note which folders a broken run left unfinished, so that they are tried again.

    A run that names its failed folders itself has noted them already. This is for all
    others: a bug, a directory that cannot be written, a database that went away.
    """
    errors = [event.step_failure_data for event in context.get_step_failure_events()]
    if errors and all(error.user_failure_data for error in errors):
        return dg.SkipReason("the run noted its failed folders itself")
    cause = next((it.error.cause or it.error for it in errors if it.error), None)
    reason = cause.message.strip() if cause else context.failure_event.message or ""
    run = context.dagster_run
    with database.connect() as conn:
        noted = folder_rows.mark_unfinished(
            conn,
            batch=run.tags.get(BATCH_TAG),
            keys=of_run(context.instance, run.tags),
            reason=f"a run failed: {reason}",
            now=datetime.now(UTC),
        )
    return dg.SkipReason(f"{len(noted)} folders are tried again")
