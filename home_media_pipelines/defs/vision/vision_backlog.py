"""What starts the networks without a person: folders that nobody has looked at."""

from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.db.tables.vision import backlog, producers
from home_media_pipelines.defs.resources import Database, Networks
from home_media_pipelines.defs.vision.target_producers import Blocked, target_producers
from home_media_pipelines.defs.vision.vision_job import vision_job
from home_media_pipelines.defs.vision.vision_runs import (
    MOST,
    at_once,
    newer,
    one_at_a_time,
    portions,
    resting,
    run_config,
    under_way,
    unfinished,
)


@dg.sensor(
    job=vision_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for a look at folders with pictures that no network has seen.",
)
def vision_backlog(
    context: dg.SensorEvaluationContext, database: Database, networks: Networks
) -> dg.SensorResult | dg.SkipReason:
    """Ask for runs over the newest folders with work left, a few at a time.

    The database says what is due; when that is nothing, nobody else is asked. Folders
    in a run wait for its end; those whose run broke off rest before they are asked for
    again.
    """
    with database.connect() as conn:
        goals = target_producers(conn, networks)
        ready = producers.set_targets(
            conn,
            [it.producer for it in goals.values() if not isinstance(it, Blocked)],
        )
        due = backlog.due_folders(conn, ready)
    waits = dict.fromkeys(it.reason for it in goals.values() if isinstance(it, Blocked))
    if not ready:
        return dg.SkipReason("; ".join(waits))
    if not due:
        return dg.SkipReason("; ".join(["every folder has been looked at", *waits]))
    one_at_a_time(context.instance)
    busy = under_way(context.instance)
    rest = resting(context.instance, datetime.now(UTC))
    free = [it for it in due if it.folder not in busy and it.folder not in rest]
    waiting = unfinished(context.instance)
    asked = list(portions(free))[: max(0, at_once(context.instance) - waiting)]
    if not asked and waiting < MOST:
        asked = list(portions(newer(free, due, busy)))[:1]
    if asked:
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_config=run_config(keys)) for keys in asked]
        )
    said = [
        f"{len(due)} folders wait",
        f"{len(busy)} are under way",
        f"{len(rest)} rest after a failure",
    ]
    return dg.SkipReason("; ".join([*said, *waits]))
