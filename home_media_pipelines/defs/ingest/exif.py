"""The EXIF table: what is written in pictures, videos and sidecars."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

import dagster as dg

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin import status
from home_media_pipelines.db.tables.exposures import exif as rows
from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.conditions import self_healing
from home_media_pipelines.defs.folder_pass import FolderPass, check_problems, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database, Exif
from home_media_pipelines.io.exiftool import ReadFailure
from home_media_pipelines.io.read_metadata import Readable, read_metadata

CODE_VERSION = "3"
PRODUCER = Producer("exif", CODE_VERSION, model="exiftool")
ROWS_PER_WRITE = 200


def read_exif(database: Database, exif_tools: Exif, names: Sequence[str]) -> FolderPass:
    """Read the metadata of every content of the folders that has none yet."""
    done = FolderPass()
    with database.connect() as conn:
        producer_id = producers.activate(conn, PRODUCER)
        waiting = rows.pending(conn, names, producer_id)
    if not waiting:
        return done
    homes = {content.content_id: content.folder for content in waiting}
    readable = [Readable(it.content_id, it.format, it.source) for it in waiting]
    now = datetime.now(UTC)
    with exif_tools.reader() as exiftool:
        answers = read_metadata(readable, exiftool, now=now)
        while batch := list(islice(answers, ROWS_PER_WRITE)):
            _write(database, batch, producer_id, now)
            for key, answer in batch:
                bad = isinstance(answer, ReadFailure)
                done.count(homes[key], read=not bad, failed=bad)
    return done


def _write(
    database: Database,
    batch: Sequence[tuple[str, Metadata | ReadFailure]],
    producer_id: str,
    now: datetime,
) -> None:
    """Store a batch of rows and problems in one transaction."""
    read = [(key, it) for key, it in batch if isinstance(it, Metadata)]
    bad = [
        problems.of_content(key, it.reason, permanent=it.permanent)
        for key, it in batch
        if isinstance(it, ReadFailure)
    ]
    with database.connect() as conn:
        rows.upsert(conn, read, producer_id)
        problems.clear(conn, "exif", [key for key, _ in read])
        problems.record(conn, "exif", bad, producer_id=producer_id, now=now)


@dg.asset(
    partitions_def=folders,
    deps=["files"],
    group_name="ingest",
    kinds={"exiftool", "postgres"},
    owners=["team:home"],
    pool="exiftool",
    code_version=CODE_VERSION,
    backfill_policy=many_folders_per_run,
    automation_condition=self_healing,
)
def exif(
    context: dg.AssetExecutionContext, database: Database, exif_tools: Exif
) -> dg.MaterializeResult:
    """What every content says of itself: date, place, camera, rating, words, people.

    Only contents without a row of today's producer are read. Impossible values are
    refused, and why is kept.
    """
    started = time.perf_counter()
    done = read_exif(database, exif_tools, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=exif)
def exif_of_every_content(database: Database) -> dg.AssetCheckResult:
    """Every content has a row of today's producer, or a problem that says why not."""
    with database.connect() as conn:
        totals = {it.asset: it for it in status.assets(conn)}
    found = totals.get("exif")
    behind = found.waiting + found.stale if found else 0
    return dg.AssetCheckResult(
        passed=behind == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "fresh": found.fresh if found else 0,
            "behind": behind,
            "failed": found.failed if found else 0,
        },
    )


@dg.asset_check(asset=exif)
def exif_problems(database: Database) -> dg.AssetCheckResult:
    """The metadata of every content can be read."""
    return check_problems(database, "exif")
