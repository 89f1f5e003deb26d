"""One run that reads originals again, the oldest reading first, for some hours."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field

from home_media_pipelines.db.tables.inventory import integrity as rows
from home_media_pipelines.db.tables.inventory.integrity import Step
from home_media_pipelines.defs.batches import UNFINISHED
from home_media_pipelines.defs.care.integrity import (
    check_damage,
    integrity,
    read_folders,
)
from home_media_pipelines.defs.folder_pass import FolderPass
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.settings import load_settings

OP = "read_oldest"
REST = timedelta(days=21)
"""What was read so lately is left alone: less than the days between two months."""

BEHIND_ALL_ELSE = {"dagster/priority": "-10"}


class Budget(dg.Config):
    """How long to read, and how long a file rests after it was read, in days.

    With folders in `damaged_in`, only the damaged files there are read.
    """

    hours: float = Field(default=8, gt=0)
    rest_days: float = Field(default=REST.days, ge=0)
    damaged_in: list[str] = Field(default=[])


@dg.op(name=OP, pool="nas", out=dg.Out(dg.Nothing))
def read_oldest(
    context: dg.OpExecutionContext, config: Budget, database: Database
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation | dg.Output[None]]:
    """Read folder after folder; each is reported when it is done.

    Raises:
        dg.Failure: some folders could not be read; the others are done and reported.
    """
    until = time.monotonic() + config.hours * 3600
    rest = timedelta(days=config.rest_days)
    now = datetime.now(UTC)
    with database.connect() as conn:
        steps = [Step(it, now, only_damaged=True) for it in config.damaged_in]
        steps = steps or rows.steps(conn, now=now, rest=rest)
    failed: dict[str, str] = {}
    folders, left = 0, 0
    for step in steps:
        started = time.perf_counter()
        done = read_folders(database, [step], until=until)
        failed |= done.failed
        left += len(done.left)
        if step.folder in done.by_folder and not done.failed:
            folders += 1
            yield _materialization(step.folder, done, time.perf_counter() - started)
    context.log.info(f"read {folders} folders again, {left} of {len(steps)} are left")
    yield _evaluation(database)
    if failed:
        said = "\n".join(f"{folder}: {why}" for folder, why in failed.items())
        raise dg.Failure(f"cannot be read now:\n{said}", allow_retries=False)
    yield dg.Output(None)


def _materialization(
    folder: str, done: FolderPass, seconds: float
) -> dg.AssetMaterialization:
    code_version = integrity.code_versions_by_key[integrity.key]
    return dg.AssetMaterialization(
        integrity.key,
        partition=folder,
        metadata=done.numbers(seconds),
        tags={"dagster/code_version": code_version or ""},
    )


def _evaluation(database: Database) -> dg.AssetCheckEvaluation:
    found = check_damage(database)
    return dg.AssetCheckEvaluation(
        asset_key=integrity.key,
        check_name="damage",
        passed=found.passed,
        metadata=found.metadata,
        severity=found.severity,
    )


@dg.job(description=__doc__, tags=BEHIND_ALL_ELSE)
def read_originals() -> None:
    """Run the one op."""
    read_oldest()


@dg.schedule(
    job=read_originals,
    cron_schedule=load_settings().integrity,
    execution_timezone=load_settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Reads originals again and compares them with what was recorded, the "
    "oldest reading first.",
)
def monthly_integrity(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run, unless the last one still reads."""
    reading = dg.RunsFilter(statuses=UNFINISHED, job_name=read_originals.name)
    if context.instance.get_runs_count(reading):
        return dg.SkipReason("the last audit still reads")
    config = {"config": {"hours": load_settings().integrity_hours}}
    return dg.RunRequest(run_config={"ops": {OP: config}})
