"""Integrity: originals read again from end to end, to see whether they still are."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.core.errors import FolderUnreachableError
from home_media_pipelines.core.inventory.integrity import Reading, Verdict, read_again
from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.inventory.roots import check_root
from home_media_pipelines.db.tables.inventory import damage as damaged
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory import integrity as rows
from home_media_pipelines.db.tables.inventory import libraries, problems
from home_media_pipelines.db.tables.inventory.folders import FolderLocation
from home_media_pipelines.db.tables.inventory.integrity import DueFile, Step
from home_media_pipelines.defs.folder_pass import FolderPass, check_problems, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database

SECONDS_PER_WRITE = 10
"""What was read is stored so often: a run that is killed loses no more."""

OVERDUE = timedelta(days=365)


def read_folders(
    database: Database,
    steps: Sequence[Step],
    *,
    until: float | None = None,
) -> FolderPass:
    """Read the files of each step again; leave what is no longer reachable as it is.

    Args:
        database: Postgres.
        steps: folders, and which of their files.
        until: monotonic time at which to stop; what is left comes first next time.
    """
    done = FolderPass()
    with database.connect() as conn:
        found = folder_rows.locations(conn, [it.folder for it in steps])
    locations = {it.folder: it for it in found}
    for step in steps:
        if until is not None and time.monotonic() >= until:
            done.left.append(step.folder)
        elif location := locations.get(step.folder):
            try:
                _read_folder(database, location, step, done, until)
            except FolderUnreachableError as unreachable:
                done.failed[step.folder] = unreachable.reason
    return done


def _read_folder(
    database: Database,
    location: FolderLocation,
    step: Step,
    done: FolderPass,
    until: float | None,
) -> None:
    _check_root(database, location)
    with database.connect() as conn:
        due = rows.due(conn, step)
    done.count(step.folder, intact=0, damaged=0)
    batch: list[tuple[DueFile, Reading]] = []
    written = time.monotonic()
    try:
        for it in due:
            if until is not None and time.monotonic() >= until:
                done.left.append(step.folder)
                break
            batch.append((it, read_again(locate(location.root, it.path), it.recorded)))
            if time.monotonic() - written >= SECONDS_PER_WRITE:
                _store(database, location, batch, done)
                batch, written = [], time.monotonic()
    finally:
        _store(database, location, batch, done)


def _check_root(database: Database, location: FolderLocation) -> None:
    """Raise FolderUnreachableError when the library is not what it was."""
    with database.connect() as conn:
        library = libraries.get(conn, location.library)
        known = libraries.some_paths(conn, location.library, 20)
    state = check_root(
        location.root,
        device=library.device,
        mounted=library.mounted,
        known_files=len(known),
        known=known,
    )
    if not state.reachable:
        raise FolderUnreachableError(state.reason or "unreachable")


def _store(
    database: Database,
    location: FolderLocation,
    batch: Sequence[tuple[DueFile, Reading]],
    done: FolderPass,
) -> None:
    """Write what was read in one transaction, and count it."""
    now = datetime.now(UTC)
    told = [
        (it, reading)
        for it, reading in batch
        if reading.verdict in (Verdict.INTACT, Verdict.DAMAGED)
    ]
    bad = [
        problems.of_file(location.library, it.path, reading.reason or "")
        for it, reading in batch
        if reading.verdict is Verdict.UNREADABLE
    ]
    with database.connect() as conn:
        rows.store(conn, told, now=now)
        problems.clear(conn, "integrity", [str(it.file_id) for it, _ in told])
        problems.record(conn, "integrity", bad, producer_id=None, now=now)
    for _, reading in batch:
        verdict = {reading.verdict.value: 1}
        done.count(location.folder, bytes=reading.bytes_read, **verdict)


@dg.asset(
    partitions_def=folders,
    deps=["files"],
    group_name="care",
    kinds={"filesystem", "postgres"},
    owners=["team:home"],
    pool="nas",
    code_version="1",
    backfill_policy=many_folders_per_run,
)
def integrity(
    context: dg.AssetExecutionContext, database: Database
) -> dg.MaterializeResult:
    """Whether every original still holds the bytes that were recorded of it.

    All files of the folder are read again, by the disk and not from memory. One whose
    bytes changed while its size and time did not is damaged: it is reported, and
    what is known of it stays. Once a month this goes on by itself, the oldest reading
    first.
    """
    started = time.perf_counter()
    now = datetime.now(UTC)
    done = read_folders(database, [Step(key, now) for key in context.partition_keys])
    return report(context, database, done, time.perf_counter() - started)


def check_damage(database: Database) -> dg.AssetCheckResult:
    """Say which originals are damaged, and where an intact copy of each is."""
    with database.connect() as conn:
        found = damaged.list_all(conn)
    return dg.AssetCheckResult(
        asset_key=integrity.key,
        check_name="damage",
        passed=not found,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "damaged": len(found),
            "without_a_copy": sum(it.copy is None for it in found),
            "examples": dg.MetadataValue.json(
                [
                    {
                        "file": f"{it.library}/{it.path}",
                        "reason": it.reason,
                        "copy": it.copy,
                    }
                    for it in found[:20]
                ]
            ),
        },
    )


@dg.asset_check(asset=integrity)
def damage(database: Database) -> dg.AssetCheckResult:
    """No original is damaged."""
    return check_damage(database)


@dg.asset_check(asset=integrity)
def integrity_overdue(database: Database) -> dg.AssetCheckResult:
    """Every original was read again within a year."""
    with database.connect() as conn:
        found = rows.by_folder(conn)
    files = sum(it.files for it in found)
    read = sum(it.unchanged + it.damaged for it in found)
    oldest = min((it.verified_at for it in found if it.verified_at), default=None)
    late = oldest is not None and datetime.now(UTC) - oldest > OVERDUE
    return dg.AssetCheckResult(
        passed=read == files and not late,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "files": files,
            "never_read_again": files - read,
            "oldest_reading": oldest.isoformat() if oldest else "none",
        },
    )


@dg.asset_check(asset=integrity)
def integrity_problems(database: Database) -> dg.AssetCheckResult:
    """Every original can be read to its end."""
    return check_problems(database, "integrity")
