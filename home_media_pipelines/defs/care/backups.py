"""The nightly backup: what no computer can make again, on another disk."""

from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.core.errors import BackupError
from home_media_pipelines.db.admin.make_backup import make_backup
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.settings import load_settings


class Backup(dg.Config):
    """Whether everything is backed up, or only what cannot be made again."""

    full: bool = False


@dg.op(out=dg.Out(dg.Nothing))
def write_backup(
    context: dg.OpExecutionContext, config: Backup, database: Database
) -> None:
    """Write a backup, read it again, let old ones go.

    The pipelines' own login does not see all there is: with a login of its own, if
    there is one.

    Raises:
        dg.Failure: there is no backup; the message says why.
    """
    settings = load_settings()
    try:
        place, manifest = make_backup(
            settings.backup_database_url or database.url,
            settings.backups,
            "full" if config.full else "irreplaceable",
            keep=settings.backups_kept,
            now=datetime.now(UTC),
        )
    except BackupError as error:
        raise dg.Failure(str(error)) from error
    context.add_output_metadata(
        {
            "place": dg.MetadataValue.path(place),
            "rows": manifest.rows,
            "bytes": manifest.bytes,
            "revision": manifest.revision,
        }
    )


@dg.job(description=__doc__)
def backup() -> None:
    """Run the one op."""
    write_backup()


nightly_backup = dg.ScheduleDefinition(
    name="nightly_backup",
    job=backup,
    cron_schedule=load_settings().backup_schedule,
    execution_timezone=load_settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Backs up what cannot be made again.",
)
