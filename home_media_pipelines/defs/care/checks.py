"""When the checks of all assets are made: once things are quiet, not with each run.

A check looks at a whole table. Within the run of every batch it would cost more with
each folder that is there already, and runs over lists of folders make none at all.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.defs.batches import BROKEN, UNFINISHED
from home_media_pipelines.defs.care.read_originals import BEHIND_ALL_ELSE
from home_media_pipelines.defs.ingest.library_scan import walk_job

checks = dg.define_asset_job(
    "checks",
    selection=dg.AssetSelection.all_asset_checks(),
    tags=BEHIND_ALL_ELSE,
    description="Evaluates the checks of all assets.",
)

AT_WORK = [it for it in UNFINISHED if it is not dg.DagsterRunStatus.QUEUED]
"""What waits for a laptop that sleeps is no reason to wait."""

ENDED = [dg.DagsterRunStatus.SUCCESS, *BROKEN]
STARTING_UP = timedelta(seconds=10)
SHARE = 20
"""Checks take at most one part in so many of the time."""

UNTIL_QUIET = timedelta(hours=1)
"""A first ingest takes days, and nobody should wait so long to hear what is wrong."""


@dg.sensor(
    job=checks,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the checks when runs have ended and nothing else is at work.",
)
def due_checks(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for the checks if something was made since the last ones."""
    now = datetime.now(UTC)
    instance = context.instance
    latest = instance.get_run_records(dg.RunsFilter(job_name=checks.name), limit=1)
    last = next(iter(latest), None)
    if last is None:
        since, pause = datetime.fromtimestamp(0, UTC), timedelta()
    elif last.end_time is None:
        return dg.SkipReason("the last checks are under way")
    else:
        ended = datetime.fromtimestamp(last.end_time, UTC)
        took = timedelta(seconds=last.end_time - (last.start_time or last.end_time))
        since, pause = last.create_timestamp, SHARE * (STARTING_UP + took)
        if now - ended < pause:
            return dg.SkipReason(f"not before {ended + pause:%H:%M:%S} UTC")
    made = instance.get_runs(dg.RunsFilter(statuses=ENDED, updated_after=since))
    if all(run.job_name in (checks.name, walk_job.name) for run in made):
        return dg.SkipReason("nothing was made since the last checks")
    at_work = instance.get_runs_count(dg.RunsFilter(statuses=AT_WORK))
    if at_work and now - since < UNTIL_QUIET:
        return dg.SkipReason("waits until nothing else is at work")
    return dg.RunRequest()
