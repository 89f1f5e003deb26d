"""Images: which files are one exposure, and when and where it was taken."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.core.exposures.build_images import Said, build_images
from home_media_pipelines.core.inventory.paths import display_name, split_folder_key
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin import status
from home_media_pipelines.db.locks import lock
from home_media_pipelines.db.tables.exposures import images as rows
from home_media_pipelines.db.tables.exposures import present_files
from home_media_pipelines.db.tables.exposures.images import GroupedImage
from home_media_pipelines.db.tables.exposures.present_files import (
    PresentFile,
    SidecarElsewhere,
)
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.conditions import self_healing
from home_media_pipelines.defs.folder_pass import FolderPass, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database, HomeClock

CODE_VERSION = "3"
FIRST_PHOTOGRAPH = datetime(1826, 1, 1)  # local wall time


def producer(clock: HomeClock) -> Producer:
    """Who makes images: another home zone dates some of them anew."""
    return Producer("images", CODE_VERSION, parameters={"timezone": clock.timezone})


def group_images(
    database: Database, clock: HomeClock, names: Sequence[str]
) -> FolderPass:
    """Group each folder's files into images, keeping every image's id."""
    done = FolderPass()
    with database.connect() as conn:
        producer_id = producers.activate(conn, producer(clock))
    waiting, again = list(names), list[str]()
    while waiting:
        folder = waiting.pop(0)
        now = datetime.now(UTC)
        with database.connect() as conn:
            lock(conn, *rows.GROUPS)
            files = present_files.in_folder(conn, folder)
            elsewhere = present_files.sidecars_elsewhere(conn, folder)
            counts = rows.assign(
                conn,
                folder,
                _grouped(folder, files, elsewhere, clock, now),
                producer_id=producer_id,
                now=now,
            )
        done.count(
            folder,
            seen=counts.seen,
            new=counts.new,
            changed=counts.changed,
            missing=counts.missing,
        )
        # Once more, as another folder changed what its images are made of.
        later = sorted(counts.refresh - {*waiting, *again})
        again += later
        waiting += later
    return done


def _grouped(
    folder: str,
    files: Sequence[PresentFile],
    elsewhere: Sequence[SidecarElsewhere],
    clock: HomeClock,
    now: datetime,
) -> list[GroupedImage]:
    """Settle a folder's images, in terms of the rows of its files."""
    ids = {file.path: file.file_id for file in files}
    metadata = {file.content_id: file.metadata for file in files if file.metadata}
    library, _ = split_folder_key(folder)
    beside_copies: dict[str, list[Said]] = defaultdict(list)
    for it in elsewhere:
        where = [] if it.library == library else [it.library]
        path = "/".join([*where, *map(display_name, it.path.split("/"))])
        beside_copies[it.content_id].append((path, it.metadata))
    grouped: list[GroupedImage] = []
    for image in build_images(
        files,
        metadata,
        timezone=clock.timezone,
        now=now,
        elsewhere=beside_copies,
    ):
        values = asdict(image.values)
        sources = values.pop("sources")
        parts = {ids[path]: part for path, part in image.exposure.parts.items()}
        primary = ids[image.exposure.primary]
        grouped.append(GroupedImage(primary, parts, image.kind, values, sources))
    return grouped


@dg.asset(
    partitions_def=folders,
    deps=["exif"],
    group_name="ingest",
    kinds={"python", "postgres"},
    owners=["team:home"],
    code_version=CODE_VERSION,
    backfill_policy=many_folders_per_run,
    automation_condition=self_healing,
)
def images(
    context: dg.AssetExecutionContext, database: Database, home_clock: HomeClock
) -> dg.MaterializeResult:
    """One exposure per row: its files, when and where it was taken, and who says so.

    Whose word counts for which field is a table, `core.exposures.precedence`; what a
    person said is settled in the views above. An image keeps its id through moves,
    copies and edits.
    """
    started = time.perf_counter()
    done = group_images(database, home_clock, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=images)
def rows_agree(database: Database) -> dg.AssetCheckResult:
    """Every present picture and video belongs to an image, every image has a file."""
    with database.connect() as conn:
        found = status.row_check(conn, folder_rows.keys(conn))
    counts = asdict(found)
    return dg.AssetCheckResult(passed=not any(counts.values()), metadata=counts)


@dg.asset_check(asset=images)
def dates_within_reason(database: Database) -> dg.AssetCheckResult:
    """No image was taken before photography or after tomorrow."""
    now = datetime.now(UTC)
    with database.connect() as conn:
        odd = status.odd_dates(
            conn,
            folder_rows.keys(conn),
            earliest=FIRST_PHOTOGRAPH,
            latest=now.replace(tzinfo=None) + timedelta(days=1),
        )
    return dg.AssetCheckResult(
        passed=not odd,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "images": len(odd),
            "examples": dg.MetadataValue.json(
                {path: taken_at.isoformat() for path, taken_at in odd[:20]}
            ),
        },
    )
