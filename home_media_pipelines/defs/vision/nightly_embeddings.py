"""The night: embeddings that are missing under the chosen model."""

import dagster as dg

from home_media_pipelines.db.tables.vision import backlog, producers
from home_media_pipelines.defs.resources import Database, Networks
from home_media_pipelines.defs.vision.target_producers import Blocked, target_producers
from home_media_pipelines.defs.vision.vision_job import vision_job
from home_media_pipelines.defs.vision.vision_runs import run_config, under_way
from home_media_pipelines.settings import load_settings


@dg.schedule(
    name="nightly_embeddings",
    job=vision_job,
    cron_schedule=load_settings().nightly,
    execution_timezone=load_settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Embeds what has no vector of the chosen model, newest first, for as "
    "long as the night is.",
)
def nightly_embeddings(
    context: dg.ScheduleEvaluationContext, database: Database, networks: Networks
) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over the folders whose embeddings are missing or stale."""
    with database.connect() as conn:
        goal = target_producers(conn, networks)["embeddings"]
        if isinstance(goal, Blocked):
            return dg.SkipReason(goal.reason)
        producer_id = producers.set_target(conn, goal.producer)
        due = backlog.due_folders(conn, {"embeddings": producer_id})
    busy = under_way(context.instance)
    folders = [it.folder for it in due if it.folder not in busy]
    if not folders:
        return dg.SkipReason("every embedding is there, or being made")
    options = {"assets": ["embeddings"], "hours": load_settings().nightly_hours}
    return dg.RunRequest(run_config=run_config(folders, **options))
