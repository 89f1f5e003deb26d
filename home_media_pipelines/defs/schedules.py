"""What happens by the clock."""

import dagster as dg

from home_media_pipelines.defs.library_scan import walk_job
from home_media_pipelines.settings import load_settings


@dg.definitions
def schedules() -> dg.Definitions:
    """The walk of every library, as often as the settings say."""
    return dg.Definitions(
        schedules=[
            dg.ScheduleDefinition(
                name="library_walk",
                job=walk_job,
                cron_schedule=load_settings().walk_schedule,
                default_status=dg.DefaultScheduleStatus.RUNNING,
                description="Finds what changed in place, which a look at the "
                "directories does not show.",
            )
        ]
    )
