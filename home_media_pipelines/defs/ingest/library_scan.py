"""The walk: what lies on the NAS, by directory and file stat alone."""

import time
from collections import Counter
from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.core.inventory.roots import check_root
from home_media_pipelines.core.inventory.walk import summarise, walk
from home_media_pipelines.db.errors import LibraryError
from home_media_pipelines.db.tables.inventory import directories, libraries, walks
from home_media_pipelines.db.tables.inventory.libraries import Library
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.settings import load_settings

KNOWN_PATHS = 20
"""So many recorded paths are looked for when another device is mounted."""


@dg.asset(
    group_name="ingest",
    kinds={"filesystem", "postgres"},
    owners=["team:home"],
    pool="nas",
    code_version="1",
)
def library_scan(
    context: dg.AssetExecutionContext, database: Database
) -> dg.MaterializeResult:
    """The folders of every library, and which of them changed since the last walk.

    Opens no file. A root that cannot be trusted (gone, empty, another device) is
    unreachable, with the reason, and nothing else changes; it recovers by itself.
    """
    started = time.perf_counter()
    counts = Counter[str]()
    with database.connect() as conn:
        known = libraries.list_all(conn)
    for library in known:
        changes = walk_library(database, library)
        if isinstance(changes, str):
            context.log.warning(f"{library.library} is unreachable: {changes}")
            counts["unreachable_libraries"] += 1
            continue
        counts.update(
            folders=changes.unchanged,
            new_folders=len(changes.new),
            changed_folders=len(changes.changed) + len(changes.returned),
            vanished_folders=len(changes.vanished),
            unreadable_folders=len(changes.unreadable),
        )
    seconds = round(time.perf_counter() - started, 3)
    counts["libraries"] = len(known)
    return dg.MaterializeResult(metadata={**counts, "seconds": seconds})


def walk_library(database: Database, library: Library) -> walks.WalkChanges | str:
    """Walk one library and record what changed, or return why it is unreachable."""
    now = datetime.now(UTC)
    with database.connect() as conn:
        known_files = libraries.known_files(conn, library.library)
        known = libraries.some_paths(conn, library.library, KNOWN_PATHS)
    state = check_root(
        library.path,
        device=library.device,
        mounted=library.mounted,
        known_files=known_files,
        known=known,
    )
    try:
        if not state.reachable:
            return _unreachable(database, library, state.reason or "unknown", now)
        seen = list(
            walk(
                library.path,
                depth=library.depth,
                include=library.include,
                exclude=library.exclude,
            )
        )
    except OSError as error:
        return _unreachable(database, library, error.strerror or str(error), now)
    with database.connect() as conn:
        try:
            libraries.set_reachable(
                conn,
                library.library,
                device=state.device,
                mounted=state.mounted,
                now=now,
            )
        except LibraryError:
            return "it was removed while it was walked"
        directories.replace(
            conn, library.library, ((it.path, it.mtime_ns) for it in seen)
        )
        summaries = summarise(seen).values()
        return walks.record(conn, library.library, summaries, now=now)


def _unreachable(
    database: Database, library: Library, reason: str, now: datetime
) -> str:
    with database.connect() as conn:
        libraries.set_unreachable(conn, library.library, reason, now=now)
    return reason


walk_job = dg.define_asset_job(
    "walk",
    selection=[library_scan],
    description="Look at every library by stat and record what changed.",
)

library_walk = dg.ScheduleDefinition(
    name="library_walk",
    job=walk_job,
    cron_schedule=load_settings().walk_schedule,
    execution_timezone=load_settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Finds what changed in place, which a look at the directories does "
    "not show.",
)
