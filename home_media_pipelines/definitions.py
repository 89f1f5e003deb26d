"""The code location: everything found below `defs/`, run in the launched process."""

from pathlib import Path

import dagster as dg

from home_media_pipelines.instance import run_logs
from home_media_pipelines.instance.run_heartbeat import beating_executor
from home_media_pipelines.settings import load_settings


@dg.definitions
def defs() -> dg.Definitions:
    """Return all assets, checks, sensors, schedules, jobs and resources.

    Steps run in the run's own process: a whole chain of assets takes 0.5 s where
    Dagster's default, one process per step, takes 8. It says meanwhile that it lives.
    """
    if load_settings().log_format == "json":
        run_logs.use_json()
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=beating_executor),
    )
