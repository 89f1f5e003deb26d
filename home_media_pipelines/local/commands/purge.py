"""Forgets what has been gone for a while: rows, pictures, partitions."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import dagster as dg
import psycopg
import typer

from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES, thumbnail_path
from home_media_pipelines.db.admin import purge as rows
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import files
from home_media_pipelines.db.tables.inventory import folders as folder_rows
from home_media_pipelines.defs.batches import UNFINISHED
from home_media_pipelines.defs.partitions import folders
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json, State
from home_media_pipelines.local.errors import LocalError
from home_media_pipelines.local.server import dagster_home
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.settings import load_settings


def purge_command(
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FOLDER",
            help="Also forget, at once, what is gone from these folders. One that "
            "lost many files is held back until you say so here.",
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(min=0, help="Only what has been missing this long.")
    ] = 30,
    state: State = None,
    json: Json = False,
) -> None:
    """Forget files that are gone, and all that hung on them alone.

    What a person said is kept: it holds again when the same picture comes back.
    """
    settings = load_settings(state=state)
    now = datetime.now(UTC)
    with open_databases(settings, console.note) as databases:
        os.environ.update(dagster_home.prepare(settings, databases))
        with dg.DagsterInstance.get() as instance:
            purged = purge(
                databases.home_media,
                instance,
                settings.derived,
                before=now - timedelta(days=days),
                now=now,
                keys=keys or (),
            )
    if json:
        console.print_json(asdict(purged))
    else:
        console.out.print(
            f"forgot {purged.files} files, {purged.images} images, "
            f"{len(purged.folders)} folders, {len(purged.contents)} sets of thumbnails"
        )


def purge(
    url: str,
    instance: dg.DagsterInstance,
    derived: Path,
    *,
    before: datetime,
    now: datetime,
    keys: Sequence[str] = (),
) -> rows.Purged:
    """Forget files missing since before a time, and all that hung on them alone.

    What is gone from the folders `keys` goes at once: that is how a person says that
    a folder which lost many files is meant to. Partitions go only while no run works:
    one that loses its partition fails.

    Raises:
        LocalError: a folder is not known, or its library cannot be reached.
    """
    with connect(url) as conn:
        _accept_losses(conn, keys, now)
        purged = rows.purge(conn, before=before, now=now, keys=keys)
    for content_id in purged.contents:
        for size in SIZES:
            path = thumbnail_path(derived / "thumbnails", content_id, size)
            path.unlink(missing_ok=True)
    for content_id, frame in purged.key_frames:
        path = thumbnail_path(derived / "key_frames", content_id, frame)
        path.unlink(missing_ok=True)
    if instance.get_runs_count(dg.RunsFilter(statuses=UNFINISHED)) == 0:
        name = folders.name or ""
        for folder in purged.folders:
            instance.delete_dynamic_partition(name, folder)
    return purged


def _accept_losses(
    conn: psycopg.Connection, keys: Sequence[str], now: datetime
) -> None:
    locations = {
        location.folder: location for location in folder_rows.locations(conn, keys)
    }
    for key in keys:
        if key not in locations:
            raise LocalError(
                f"there is no folder {key!r}: `home-media status` lists them"
            )
        location = locations[key]
        if not location.root.is_dir() or not any(location.root.iterdir()):
            raise LocalError(
                f"{location.root} cannot be seen now: nothing is forgotten of {key!r}"
            )
        files.lose(
            conn,
            key,
            exists=lambda _, path, root=location.root: os.path.lexists(
                locate(root, path)
            ),
            now=now,
        )
        folder_rows.accept_losses(conn, key)
