"""Thumbnails: small upright sRGB pictures of every content, on disk."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.core.errors import StorageFullError
from home_media_pipelines.core.pictures.render import QUALITY
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin import status
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.inventory.contents import PendingContent
from home_media_pipelines.db.tables.inventory.problems import of_content
from home_media_pipelines.db.tables.pictures import thumbnails as rows
from home_media_pipelines.db.tables.pictures.thumbnails import ThumbnailRow
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.conditions import self_healing
from home_media_pipelines.defs.folder_pass import FolderPass, check_problems, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database, PictureStore
from home_media_pipelines.io.decoder_pool import DecodeFailure
from home_media_pipelines.io.thumbnail_store import (
    names_on_disk,
    remove_orphans,
    thumbnails_exist,
)
from home_media_pipelines.io.thumbnails import ThumbnailJob, Thumbnails

CODE_VERSION = "2"
PRODUCER = Producer(
    "thumbnails",
    CODE_VERSION,
    parameters={"sizes": list(SIZES), "quality": QUALITY},
)
ROWS_PER_WRITE = 50

Answer = tuple[str, Thumbnails | DecodeFailure]


def make_thumbnails(
    database: Database, store: PictureStore, names: Sequence[str]
) -> FolderPass:
    """Make the thumbnails of every content of the folders that has none yet.

    A full disk ends the pass: what was made stays, every folder that still waits
    fails with the reason and is tried again later.
    """
    done = FolderPass()
    remove_orphans(store.path)
    with database.connect() as conn:
        producer_id = producers.activate(conn, PRODUCER)
        lost = [
            content_id
            for content_id, sizes in rows.stored(conn, names)
            if not thumbnails_exist(store.path, content_id, sizes)
        ]
        rows.forget(conn, lost)
        waiting = rows.pending(conn, names, producer_id)
    if waiting:
        _make(database, store, waiting, producer_id, done)
    _mark_folders(database, names, done)
    return done


def _make(
    database: Database,
    store: PictureStore,
    waiting: Sequence[PendingContent],
    producer_id: str,
    done: FolderPass,
) -> None:
    open_folders = Counter(content.folder for content in waiting)
    homes = {content.content_id: content.folder for content in waiting}
    try:
        with store.pool() as pool:
            answers = pool.map(_job(content, store) for content in waiting)
            for batch in _batches(answers):
                _write(database, batch, producer_id)
                for key, it in batch:
                    bad = isinstance(it, DecodeFailure)
                    warned = not bad and it.warning is not None
                    written = 0 if bad else it.bytes
                    done.count(
                        homes[key],
                        made=not bad,
                        failed=bad,
                        warned=warned,
                        bytes=written,
                    )
                open_folders -= Counter(homes[key] for key, _ in batch)
    except StorageFullError as full:
        done.failed = {folder: str(full) for folder in open_folders}


def _batches(answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    """Cut answers into batches; those that came before a full disk are not lost."""
    batch: list[Answer] = []
    try:
        for answer in answers:
            batch.append(answer)
            if len(batch) == ROWS_PER_WRITE:
                yield batch
                batch = []
    except StorageFullError:
        yield batch
        raise
    yield batch


def _mark_folders(database: Database, names: Sequence[str], done: FolderPass) -> None:
    """Note which folders are to be tried again: the chain of assets ends here."""
    now = datetime.now(UTC)
    with database.connect() as conn:
        again = problems.passing(conn, names) | done.failed
        folder_rows.mark_done(conn, [name for name in names if name not in again])
        for name, reason in again.items():
            folder_rows.mark_failed(conn, name, reason, now=now)


def _job(content: PendingContent, store: PictureStore) -> ThumbnailJob:
    store.require_room()
    return ThumbnailJob(
        content.source,
        content.content_id,
        content.format or "",
        content.orientation,
        store.path,
        store.limits,
    )


def _write(
    database: Database,
    batch: Sequence[Answer],
    producer_id: str,
) -> None:
    """Store a batch of rows and problems in one transaction."""
    made = [
        ThumbnailRow(
            key,
            it.width,
            it.height,
            list(it.sizes),
            it.bytes,
            it.thumbhash,
            it.mean_color,
            it.decoder,
            it.warning,
        )
        for key, it in batch
        if isinstance(it, Thumbnails)
    ]
    bad = [
        of_content(key, it.reason, permanent=it.permanent)
        for key, it in batch
        if isinstance(it, DecodeFailure)
    ]
    with database.connect() as conn:
        rows.upsert(conn, made, producer_id)
        problems.clear(conn, "thumbnails", [row.content_id for row in made])
        problems.record(
            conn, "thumbnails", bad, producer_id=producer_id, now=datetime.now(UTC)
        )


@dg.asset(
    partitions_def=folders,
    deps=["images"],
    group_name="ingest",
    kinds={"python", "filesystem", "postgres"},
    owners=["team:home"],
    code_version=CODE_VERSION,
    backfill_policy=many_folders_per_run,
    automation_condition=self_healing,
)
def thumbnails(
    context: dg.AssetExecutionContext,
    database: Database,
    thumbnail_store: PictureStore,
) -> dg.MaterializeResult:
    """Upright sRGB pictures of 256, 512, 1024 and 2048 pixels, ThumbHash, mean colour.

    Every content is decoded once, in a process of its own: a file that crashes its
    decoder costs one picture.
    """
    started = time.perf_counter()
    done = make_thumbnails(database, thumbnail_store, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=thumbnails)
def thumbnails_on_disk(
    database: Database, thumbnail_store: PictureStore
) -> dg.AssetCheckResult:
    """Every image has its thumbnails on disk, or a problem that says why not."""
    with database.connect() as conn:
        keys = folder_rows.keys(conn)
        without_row = status.images_without_thumbnails(conn, keys)
        stored = rows.stored(conn, keys)
    names = names_on_disk(thumbnail_store.path)
    without_file = [
        content_id
        for content_id, sizes in stored
        if any(f"{content_id}-{size}.jpg" not in names for size in sizes)
    ]
    return dg.AssetCheckResult(
        passed=not without_row and not without_file,
        metadata={
            "images": len(stored),
            "without_row": len(without_row),
            "without_file": len(without_file),
            "examples": dg.MetadataValue.json((without_row + without_file)[:20]),
        },
    )


@dg.asset_check(asset=thumbnails)
def thumbnail_problems(database: Database) -> dg.AssetCheckResult:
    """Every picture and video can be shown."""
    return check_problems(database, "thumbnails")
