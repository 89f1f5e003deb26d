"""One run for folders scattered over the library, however many they are.

Dagster's own ranges are contiguous, so thirty changed folders would be thirty runs.
This job takes their names, does what the assets do, and reports a materialization of
each asset for each folder that succeeded.
"""

import time

import dagster as dg

from home_media_pipelines.defs.folder_pass import FolderPass, failure, report_each
from home_media_pipelines.defs.ingest.exif import exif, read_exif
from home_media_pipelines.defs.ingest.files import files, take_inventory
from home_media_pipelines.defs.ingest.images import group_images, images
from home_media_pipelines.defs.ingest.key_frames import key_frames, make_key_frames
from home_media_pipelines.defs.ingest.thumbnails import make_thumbnails, thumbnails
from home_media_pipelines.defs.resources import (
    Database,
    Exif,
    HomeClock,
    Nas,
    PictureStore,
)
from home_media_pipelines.defs.vision.taxonomy_links import link_folders, taxonomy_links


class Folders(dg.Config):
    """Keys of the folders to bring up to date."""

    folders: list[str]


@dg.op(pool="nas")
def ingest_changed(
    context: dg.OpExecutionContext,
    config: Folders,
    database: Database,
    nas: Nas,
    exif_tools: Exif,
    home_clock: HomeClock,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> None:
    """Bring the folders up to date, asset by asset.

    Raises:
        dg.Failure: some folders failed; the others are done and reported.
    """
    passes = {
        files: lambda keys: take_inventory(database, nas, keys),
        exif: lambda keys: read_exif(database, exif_tools, keys),
        images: lambda keys: group_images(database, home_clock, keys),
        thumbnails: lambda keys: make_thumbnails(database, thumbnail_store, keys),
        key_frames: lambda keys: make_key_frames(database, key_frame_store, keys),
        taxonomy_links: lambda keys: link_folders(database, keys),
    }
    keys, failed = list(config.folders), dict[str, str]()
    results: dict[dg.AssetsDefinition, FolderPass] = {}
    for asset, run_pass in passes.items():
        started = time.perf_counter()
        results[asset] = done = run_pass(keys)
        numbers = done.numbers(time.perf_counter() - started)
        context.log.info(f"{asset.key.to_user_string()}: {numbers}")
        failed |= done.failed
        keys = [key for key in keys if key not in done.failed]
    for key in keys:  # one by one, so that no look in between sees all half-reported
        for asset, done in results.items():
            report_each(context, asset, [key], done)
    if failed:
        raise failure(config.folders, failed)


@dg.job(description=__doc__)
def changed_folders() -> None:
    """Run the one op."""
    ingest_changed()
