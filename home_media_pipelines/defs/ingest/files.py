"""The file inventory: what every file is, by its bytes."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import dagster as dg
import psycopg

from home_media_pipelines.core.errors import FolderUnreachableError
from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.inventory.scan import FolderScan, scan_folder
from home_media_pipelines.db.tables.inventory import files as rows
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory import libraries, problems
from home_media_pipelines.db.tables.inventory.folders import FolderLocation
from home_media_pipelines.defs.folder_pass import FolderPass, check_problems, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database, Nas


def take_inventory(database: Database, nas: Nas, names: Sequence[str]) -> FolderPass:
    """Read what is new in each folder once, and follow what moved.

    A folder that cannot be trusted is left as it is and fails with the reason.
    """
    done = FolderPass()
    with database.connect() as conn:
        locations = folder_rows.locations(conn, names)
        roots = {it.library: it.path for it in libraries.list_all(conn)}
    for location in locations:
        with database.connect() as conn:
            known = rows.known(conn, location.folder)
            moved = rows.held_elsewhere(conn, location.folder)
        try:
            scan = scan_folder(
                location.root,
                location.path,
                known,
                depth=location.depth,
                include=location.include,
                exclude=location.exclude,
                now_ns=time.time_ns(),
                debounce_ns=int(nas.debounce_seconds * 1e9),
                moved=moved,
            )
        except FolderUnreachableError as unreachable:
            done.failed[location.folder] = unreachable.reason
            with database.connect() as conn:
                folder_rows.mark_unreachable(
                    conn, location.folder, unreachable.reason, now=datetime.now(UTC)
                )
            continue
        with database.connect() as conn:
            counts = _store(conn, location, scan, roots)
        done.count(
            location.folder,
            seen=counts.seen,
            new=counts.new,
            changed=counts.changed,
            moved=counts.moved,
            missing=counts.missing,
            failed=len(scan.unreadable),
            unstable=len(scan.unstable),
            bytes=scan.bytes_read,
        )
    return done


def _store(
    conn: psycopg.Connection,
    location: FolderLocation,
    scan: FolderScan,
    roots: dict[str, Path],
) -> rows.FileCounts:
    """Write one folder's scan: rows, unreadable files, and what is settled."""
    now = datetime.now(UTC)

    @cache
    def exists(library: str, path: str) -> bool:
        """Whether the file is still there; True where nobody can look."""
        root = roots.get(library)
        if root is None or not root.is_dir():
            return True
        return os.path.lexists(locate(root, path))

    counts = rows.merge(
        conn, location.library, location.folder, scan, exists=exists, now=now
    )
    problems.clear_files(
        conn, location.folder, still=[path for path, _ in scan.unreadable]
    )
    problems.record(
        conn,
        "files",
        [
            problems.of_file(location.library, path, why)
            for path, why in scan.unreadable
        ],
        producer_id=None,
        now=now,
    )
    folder_rows.mark_scanned(
        conn,
        location.folder,
        None if scan.unstable else scan.signature,
        walked=location.signature,
        now=now,
    )
    return counts


@dg.asset(
    partitions_def=folders,
    deps=["library_scan"],
    group_name="ingest",
    kinds={"filesystem", "postgres"},
    owners=["team:home"],
    pool="nas",
    code_version="1",
    backfill_policy=many_folders_per_run,
)
def files(
    context: dg.AssetExecutionContext, database: Database, nas: Nas
) -> dg.MaterializeResult:
    """Every file of the folder: size, time, format, role and the BLAKE3 of its bytes.

    Unchanged files are not opened; moved ones keep everything derived from them; files
    still being copied wait for the next pass.
    """
    started = time.perf_counter()
    done = take_inventory(database, nas, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=files)
def inventory_agrees(database: Database) -> dg.AssetCheckResult:
    """The inventory of every reachable folder is what the last walk saw of it."""
    with database.connect() as conn:
        behind = folder_rows.behind(conn)
    return dg.AssetCheckResult(
        passed=not behind,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "folders_behind": len(behind),
            "examples": dg.MetadataValue.json(behind[:20]),
        },
    )


@dg.asset_check(asset=files)
def file_problems(database: Database) -> dg.AssetCheckResult:
    """Every file can be read."""
    return check_problems(database, "files")
