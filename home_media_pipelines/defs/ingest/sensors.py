"""What starts runs without a person: a look at the NAS, new and changed folders."""

import json
import math
import time
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.inventory.roots import check_root
from home_media_pipelines.db.tables.inventory import directories, libraries
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory.libraries import Library
from home_media_pipelines.defs.batches import BATCH_TAG, BROKEN, UNFINISHED, cut
from home_media_pipelines.defs.ingest.changed_folders import changed_folders
from home_media_pipelines.defs.ingest.library_scan import walk_job
from home_media_pipelines.defs.ingest.new_folders import new_folders
from home_media_pipelines.defs.partitions import folders
from home_media_pipelines.defs.resources import Database, Disks
from home_media_pipelines.settings import load_settings

EVERY = math.ceil(load_settings().watch_interval)
LOOK_SECONDS = 20
"""A look at the NAS ends after this long; Dagster cuts sensors off after sixty."""


@dg.sensor(
    job=walk_job,
    minimum_interval_seconds=EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for a walk when a directory on the NAS changed.",
)
def nas_watch(
    context: dg.SensorEvaluationContext, database: Database
) -> dg.RunRequest | dg.SkipReason:
    """Ask for a walk when a directory changed since the last one.

    One stat per directory: a file that appears, moves or goes changes its directory's
    time. A file changed in place does not; the next walk on schedule finds it. Where
    the NAS is too slow for all of them, the next look goes on where this one ended.
    """
    walking = dg.RunsFilter(statuses=UNFINISHED, job_name=walk_job.name)
    if context.instance.get_runs_count(walking):
        return dg.SkipReason("a walk is under way")
    with database.connect() as conn:
        known = libraries.list_all(conn)
        seen = [
            Seen(library, path, mtime_ns)
            for library in known
            if library.checked_at is not None and library.state != "unreachable"
            for path, mtime_ns in directories.seen_in(conn, library.library)
        ]
    for library in known:
        if why := _reason_to_walk(library):
            context.log.info(f"{library.library}: {why}")
            return dg.RunRequest()
    until = time.monotonic() + LOOK_SECONDS
    for number, it in enumerate(going_on(seen, context.cursor), start=1):
        if why := _change_of(it):
            context.log.info(f"{it.library.library}: {it.path} {why}")
            context.update_cursor(json.dumps(it.place))
            return dg.RunRequest()
        if time.monotonic() > until and number < len(seen):
            context.update_cursor(json.dumps(it.place))
            return dg.SkipReason(
                f"nothing changed in {number} of {len(seen)} directories; the next "
                "look goes on from there"
            )
    return dg.SkipReason("nothing changed")


@dataclass(frozen=True, slots=True)
class Seen:
    """A directory as the last walk saw it."""

    library: Library
    path: str
    mtime_ns: int

    @property
    def place(self) -> list[str]:
        """What looks go by, and where one ended that looked here last."""
        return [self.library.library, self.path]


def going_on(seen: Sequence[Seen], cursor: str | None) -> list[Seen]:
    """Return the directories of all libraries, beginning behind the cursor.

    The cursor is the place where the last look ended, which may be gone meanwhile.
    """
    ring = sorted(seen, key=lambda it: it.place)
    if cursor is None:
        return ring
    start = bisect_right(ring, json.loads(cursor), key=lambda it: it.place)
    return ring[start:] + ring[:start]


def _reason_to_walk(library: Library) -> str | None:
    """Say why a library must be walked whatever its directories show, or None."""
    if library.checked_at is None:
        return "was never walked"
    if library.state == "unreachable":
        root = check_root(
            library.path, device=library.device, mounted=library.mounted, known_files=1
        )
        return "is back" if root.reachable else None
    return None


def _change_of(seen: Seen) -> str | None:
    """Say in what a directory is another than the last walk saw, or None."""
    try:
        now = locate(seen.library.path, seen.path).stat().st_mtime_ns
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
    return "changed" if now != seen.mtime_ns else None


@dg.sensor(
    jobs=[new_folders, changed_folders],
    minimum_interval_seconds=EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Turns new and changed folders into partitions and runs.",
)
def folder_changes(
    context: dg.SensorEvaluationContext, database: Database, disks: Disks
) -> dg.SensorResult | dg.SkipReason:
    """Turn what the walk found into partition keys and runs, in one tick.

    Folders that are in a run wait for its end; those whose run broke off or was
    cancelled wait a while before they are asked for again. While a disk is too full,
    all wait, and no attempt is counted.
    """
    if why := disks.too_full():
        return dg.SkipReason(why)
    now = datetime.now(UTC)
    with database.connect() as conn:
        due = folder_rows.due(conn, now=now)
        asked = {folder.batch for folder in due if folder.batch}
        status = _statuses(context.instance, asked)
        for batch in sorted(batch for batch, it in status.items() if it in BROKEN):
            reason = f"its run was {status[batch].value.lower()}"
            folder_rows.mark_unfinished(
                conn, batch=batch, keys=(), reason=reason, now=now
            )
        waiting = [
            folder
            for folder in due
            if status.get(folder.batch or "") not in {*UNFINISHED, *BROKEN}
        ]
        batches = list(cut(waiting, context.instance.get_dynamic_partitions("folder")))
        for batch in batches:
            folder_rows.hand_out(conn, batch.folders, batch.batch_id)
    new = [key for batch in batches if batch.new for key in batch.folders]
    if not batches:
        return dg.SkipReason("every folder is up to date or under way")
    return dg.SensorResult(
        run_requests=[batch.run_request() for batch in batches],
        dynamic_partitions_requests=[folders.build_add_request(new)] if new else [],
    )


def _statuses(
    instance: dg.DagsterInstance, batches: Collection[str]
) -> dict[str, dg.DagsterRunStatus]:
    """Return the status of the latest run of each batch that has one."""
    if not batches:
        return {}
    runs = instance.get_runs(dg.RunsFilter(tags={BATCH_TAG: sorted(batches)}))
    return {run.tags[BATCH_TAG]: run.status for run in reversed(runs)}


downstream = dg.AutomationConditionSensorDefinition(
    "downstream",
    target=dg.AssetSelection.assets(
        "exif", "images", "thumbnails", "key_frames", "taxonomy_links"
    ),
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Computes what follows from a folder that somebody materialised, what "
    "is missing, and what older code made.",
)
