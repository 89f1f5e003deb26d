"""A damaged original that somebody wrote to is read again: it may be well."""

import math
from datetime import UTC, datetime

import dagster as dg
from blake3 import blake3

from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.db.tables.inventory import damage, libraries
from home_media_pipelines.defs.batches import UNFINISHED
from home_media_pipelines.defs.care.read_originals import OP, read_originals
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.settings import load_settings


@dg.sensor(
    job=read_originals,
    minimum_interval_seconds=math.ceil(load_settings().watch_interval),
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads a damaged original again once somebody wrote to it.",
)
def restored_originals(
    context: dg.SensorEvaluationContext, database: Database
) -> dg.RunRequest | dg.SkipReason:
    """Ask for one reading of the damaged files that were written since the last.

    One stat per damaged file. A restored file has its old time and size, which no
    walk takes for a change; every write leaves a new status time. The same writes
    are asked about once, whatever comes of it.
    """
    with database.connect() as conn:
        damaged = damage.list_all(conn)
        roots = {it.library: it.path for it in libraries.list_all(conn)}
    written: dict[str, int] = {}
    folders: set[str] = set()
    for it in damaged:
        try:
            found = locate(roots[it.library], it.path).stat(follow_symlinks=False)
        except OSError:
            continue  # away, or gone: that is for a walk to see
        if datetime.fromtimestamp(found.st_ctime, UTC) > it.verified_at:
            written[str(it.file_id)] = found.st_ctime_ns
            folders.add(it.folder)
    if not folders:
        return dg.SkipReason("nobody wrote to a damaged original")
    reading = dg.RunsFilter(statuses=UNFINISHED, job_name=read_originals.name)
    if context.instance.get_runs_count(reading):
        return dg.SkipReason("originals are being read")
    config = {"damaged_in": sorted(folders)}
    return dg.RunRequest(
        run_key=blake3(repr(sorted(written.items())).encode()).hexdigest(16),
        run_config={"ops": {OP: {"config": config}}},
    )
