"""Key frames: a few pictures out of every video, on disk, for networks to look at."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from home_media_pipelines.core.errors import StorageFullError
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.inventory.contents import PendingContent
from home_media_pipelines.db.tables.inventory.problems import of_content
from home_media_pipelines.db.tables.pictures import key_frames as rows
from home_media_pipelines.db.tables.vision import analyses, producers
from home_media_pipelines.defs.conditions import self_healing
from home_media_pipelines.defs.folder_pass import FolderPass, check_problems, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database, PictureStore
from home_media_pipelines.io.decoder_pool import DecodeFailure
from home_media_pipelines.io.key_frames import MOST, SIZE, KeyFrame, KeyFramesJob
from home_media_pipelines.io.thumbnail_store import (
    names_on_disk,
    remove_orphans,
    thumbnails_exist,
)

CODE_VERSION = "2"
PRODUCER = Producer(
    "key_frames", CODE_VERSION, parameters={"frames": MOST, "size": SIZE}
)

Answer = tuple[str, list[KeyFrame] | DecodeFailure]


def make_key_frames(
    database: Database, store: PictureStore, names: Sequence[str]
) -> FolderPass:
    """Take the key frames of every video of the folders that has none yet.

    A full disk ends the pass: what was made stays, every folder that still waits
    fails with the reason.
    """
    done = FolderPass()
    remove_orphans(store.path)
    with database.connect() as conn:
        producer_id = producers.activate(conn, PRODUCER)
        lost = {
            content_id
            for content_id, frame in rows.stored(conn, names)
            if not thumbnails_exist(store.path, content_id, [frame])
        }
        if lost:
            analyses.forget(conn, producer_id, lost)
        waiting = rows.pending(conn, names, producer_id)
    if not waiting:
        return done
    open_folders = Counter(content.folder for content in waiting)
    homes = {content.content_id: content.folder for content in waiting}
    try:
        for content_id, made in _made(store, waiting):
            _write(database, content_id, made, producer_id)
            bad = isinstance(made, DecodeFailure)
            frames = 0 if bad else len(made)
            folder = homes[content_id]
            done.count(folder, videos=not bad, failed=bad, frames=frames)
            open_folders -= Counter([folder])
    except StorageFullError as full:
        done.failed = {folder: str(full) for folder in open_folders}
    return done


def _made(store: PictureStore, waiting: Sequence[PendingContent]) -> Iterator[Answer]:
    def job(it: PendingContent) -> KeyFramesJob:
        store.require_room()
        return KeyFramesJob(
            it.source, it.content_id, it.format or "", store.path, store.limits
        )

    with store.pool() as pool:
        yield from pool.map(job(it) for it in waiting)


def _write(
    database: Database,
    content_id: str,
    made: list[KeyFrame] | DecodeFailure,
    producer_id: str,
) -> None:
    with database.connect() as conn:
        if not isinstance(made, DecodeFailure):
            rows.store(conn, {content_id: made}, producer_id=producer_id)
            problems.clear(conn, "key_frames", [content_id])
            return
        bad = of_content(content_id, made.reason, permanent=made.permanent)
        problems.record(
            conn, "key_frames", [bad], producer_id=producer_id, now=datetime.now(UTC)
        )


@dg.asset(
    partitions_def=folders,
    deps=["thumbnails"],
    group_name="ingest",
    kinds={"ffmpeg", "filesystem", "postgres"},
    owners=["team:home"],
    code_version=CODE_VERSION,
    backfill_policy=many_folders_per_run,
    automation_condition=self_healing,
)
def key_frames(
    context: dg.AssetExecutionContext,
    database: Database,
    key_frame_store: PictureStore,
) -> dg.MaterializeResult:
    """Up to 8 upright sRGB pictures of each video, of 1024 pixels, with their seconds.

    They are spread over its length; black ones are left out. Every video is decoded in
    a process of its own: one that crashes its decoder costs itself.
    """
    started = time.perf_counter()
    done = make_key_frames(database, key_frame_store, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=key_frames)
def key_frames_on_disk(
    database: Database, key_frame_store: PictureStore
) -> dg.AssetCheckResult:
    """Every key frame that has a row is on disk."""
    with database.connect() as conn:
        stored = rows.stored(conn, folder_rows.keys(conn))
    names = names_on_disk(key_frame_store.path)
    lost = [
        f"{content_id}-{frame}.jpg"
        for content_id, frame in stored
        if f"{content_id}-{frame}.jpg" not in names
    ]
    return dg.AssetCheckResult(
        passed=not lost,
        metadata={
            "key_frames": len(stored),
            "without_file": len(lost),
            "examples": dg.MetadataValue.json(lost[:20]),
        },
    )


@dg.asset_check(asset=key_frames)
def key_frame_problems(database: Database) -> dg.AssetCheckResult:
    """Every video can be looked into."""
    return check_problems(database, "key_frames")
