"""A whole directory of photographs as tables, without a database."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from home_media_pipelines.core.errors import FolderUnreachableError
from home_media_pipelines.core.exposures.build_images import build_images
from home_media_pipelines.core.exposures.tables import files_table, images_table
from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.core.inventory.walk import summarise, walk
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.io.exiftool import ExifTool
from home_media_pipelines.io.read_metadata import Readable, read_metadata


def scan_directory(
    path: str | os.PathLike[str],
    *,
    depth: int = 3,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    processes: int = 2,
    timezone: str = "UTC",
    now: datetime | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Inventory a directory of photographs and videos; nothing is written anywhere.

    >>> images, files = scan_directory("/mnt/nas/photos")
    >>> images.to_pandas().groupby("model").size()

    Args:
        path: the directory.
        depth: files of directories deeper than this are scanned with their ancestor.
        include: globs; when there are any, a file must match one.
        exclude: globs of files and directories to leave out.
        processes: how many ExifTool processes read metadata.
        timezone: name of the family's zone: of what only knows UTC, where no place
            tells better.
        now: aware; later dates are refused. Default: the clock's.

    Returns:
        `images`, one row per exposure, by `taken_at`: image_id, path (of the primary),
        content_id, kind (picture or video), taken_at (local wall time) and
        taken_at_source, taken_at_precision, utc_offset (minutes east), width and
        height (upright pixels), duration (seconds), make, model, lens, exposure_time
        (seconds), f_number, iso,
        focal_length and focal_length_35mm (millimetres), latitude, longitude, altitude
        (metres), rating, title, description, keywords, keyword_paths.

        `files`, one row per file, by path: path, name, size (bytes), mtime_ns,
        content_id (BLAKE3), format, claimed_format (what a lying extension says),
        role, image_id and part (null for what belongs to no image), problem (why it
        could not be read).

        Paths are quoted (`core.paths`) and relative: `locate(Path(path), row)` leads
        to the file.

    Raises:
        ExifToolMissingError: ExifTool is not installed.
        FolderUnreachableError: `path` cannot be listed.
    """
    root = Path(path)
    now = now or datetime.now(UTC)
    try:
        folders = summarise(walk(root, depth=depth, include=include, exclude=exclude))
    except OSError as error:
        raise FolderUnreachableError(f"{root}: {error.strerror or error}") from error
    scans = [
        scan_folder(
            root,
            folder,
            {},
            depth=depth,
            include=include,
            exclude=exclude,
            now_ns=int(now.timestamp() * 1e9),
            debounce_ns=0,
        )
        for folder in folders
    ]
    files = [it for scan in scans for it in scan.files]
    problems = {path: why for scan in scans for path, why in scan.unreadable}
    problems |= {
        path: "changed while it was read" for scan in scans for path in scan.unstable
    }
    problems |= {
        it.path: "not a format we know" if it.size else "empty"
        for it in files
        if it.content_id and not it.format
    }
    by_content = {it.content_id: it for it in files if it.content_id and it.format}
    readable = (
        Readable(key, it.format, locate(root, it.path))
        for key, it in by_content.items()
    )
    metadata: dict[str, Metadata] = {}
    with ExifTool(processes) as exiftool:
        for key, answer in read_metadata(readable, exiftool, now=now):
            if isinstance(answer, Metadata):
                metadata[key] = answer
            else:
                problems[by_content[key].path] = answer.reason
    images = build_images(files, metadata, timezone=timezone, now=now)
    return images_table(images), files_table(files, images, problems)
