"""Rows and values for tests, quick to write: what is not said is ordinary."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from blake3 import blake3

from home_media_pipelines.core.inventory.paths import ROOT, display_name, folder_key
from home_media_pipelines.core.inventory.scanned import (
    FolderScan,
    ScannedFile,
    file_id,
    image_id,
)
from home_media_pipelines.core.inventory.walk import FolderSummary
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.exposures import exif, images, present_files
from home_media_pipelines.db.tables.inventory import files, folders, libraries
from home_media_pipelines.db.tables.pictures import thumbnails
from home_media_pipelines.db.tables.vision import producers

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TAKEN = datetime(2024, 7, 1, 12)  # local wall time


def content(word: str) -> str:
    """The content_id of a file that holds this word."""
    return blake3(word.encode()).hexdigest()


def producer(conn: psycopg.Connection, asset: str, version: str = "1") -> str:
    """The id of an active producer of the asset."""
    return producers.activate(conn, Producer(asset, version))


def add_library(
    conn: psycopg.Connection, library: str = "photos", root: Path | None = None
) -> str:
    """A reachable library."""
    libraries.add(conn, library, root or Path("/mnt") / library)
    libraries.set_reachable(conn, library, device=1, mounted=True, now=NOW)
    return library


def summary(path: str, signature: str = "1", *, file_count: int = 1) -> FolderSummary:
    """What a walk saw of a folder."""
    return FolderSummary(path, signature, file_count, ((path, 1),))


def add_folder(
    conn: psycopg.Connection, path: str = "beach", library: str = "photos"
) -> str:
    """A folder of a library (made too, when missing); returns its key."""
    if library not in {it.library for it in libraries.list_all(conn)}:
        add_library(conn, library)
    conn.execute(
        """
        insert into folders (folder, library, path, name, signature)
        values (%(folder)s, %(library)s, %(path)s, %(name)s, '1') on conflict do nothing
        """,
        {
            "folder": folder_key(library, path),
            "library": library,
            "path": path,
            "name": display_name(path),
        },
    )
    return folder_key(library, path)


def scanned(
    path: str, word: str | None = None, *, role: str | None = None
) -> ScannedFile:
    """A file whose bytes are a word (its own path by default)."""
    name = display_name(path)
    extension = name.rpartition(".")[2].lower()
    format_, usual = {
        "jpg": ("jpeg", "picture"),
        "nef": ("nef", "raw"),
        "mov": ("mov", "video"),
        "mp4": ("mp4", "video"),
        "xmp": ("xmp", "sidecar"),
    }.get(extension, ("jpeg", "picture"))
    held = content(path if word is None else word)
    return ScannedFile(path, name, 100, 1, held, format_, None, role or usual)  # pyright: ignore[reportArgumentType]


def scan(
    present: Mapping[str, str] | Iterable[str],
    *,
    gone: Iterable[str] = (),
    unreadable: Iterable[str] = (),
) -> FolderScan:
    """A scan that saw these paths; a mapping says which word each file holds."""
    words = present if isinstance(present, Mapping) else {it: it for it in present}
    seen = [scanned(path, word) for path, word in words.items()]
    unread = [(path, "permission denied") for path in unreadable]
    return FolderScan(seen, list(gone), [], unread, 0, "1")


def rescan(
    conn: psycopg.Connection,
    folder: str,
    present: Mapping[str, str],
    *,
    disk: Iterable[str] | None = None,
    now: datetime = NOW,
) -> files.FileCounts:
    """Merge what a folder holds now: word by file name.

    `disk`: every `library/path` that exists; by default what other folders' rows say.
    """
    library, _, relative = folder.partition("/")
    prefix = "" if relative == ROOT else f"{relative}/"
    paths = {f"{prefix}{name}": word for name, word in present.items()}
    gone = [path for path in files.known(conn, folder) if path not in paths]
    on_disk = None if disk is None else set(disk)

    def exists(owner: str, path: str) -> bool:
        return on_disk is None or f"{owner}/{path}" in on_disk

    return files.merge(
        conn, library, folder, scan(paths, gone=gone), exists=exists, now=now
    )


def grouped(
    file: present_files.PresentFile,
    parts: Mapping[UUID, str] | None = None,
    **values: object,
) -> images.GroupedImage:
    """An image of one file, taken when all are, unless said otherwise."""
    return images.GroupedImage(
        primary=file.file_id,
        parts={file.file_id: "primary"} | dict(parts or {}),
        kind="video" if file.role == "video" else "picture",
        values={"taken_at": TAKEN, "width": 4000, "height": 3000} | values,
        sources={"taken_at": "exif"},
    )


def regroup(
    conn: psycopg.Connection, folder: str, *, now: datetime = NOW, **values: object
) -> images.ImageCounts:
    """Assign images by stem: `a.jpg`, `a.nef`, `a.xmp` and copies are one."""
    by_stem: dict[str, list[present_files.PresentFile]] = {}
    stem_of: dict[str, str] = {}
    for file in present_files.in_folder(conn, folder):
        stem = file.path.rpartition(".")[0]
        stem = stem_of.setdefault(file.content_id, stem)
        by_stem.setdefault(stem, []).append(file)
    exposures: list[images.GroupedImage] = []
    order = ("picture", "raw", "video")
    for members in by_stem.values():
        shown = [it for it in members if it.role in order]
        if not shown:
            continue
        primary = min(shown, key=lambda it: (order.index(it.role), it.path))
        parts: dict[UUID, str] = {}
        for it in members:
            if it.file_id == primary.file_id:
                continue
            same = it.content_id == primary.content_id
            other = {"raw": "raw", "video": "motion", "sidecar": "sidecar"}
            parts[it.file_id] = "copy" if same else other.get(it.role, "edited")
        exposures.append(grouped(primary, parts, **values))
    return images.assign(
        conn, folder, exposures, producer_id=producer(conn, "images"), now=now
    )


def add_file(
    conn: psycopg.Connection,
    path: str,
    word: str | None = None,
    *,
    folder: str | None = None,
    library: str = "photos",
) -> UUID:
    """A present file, with its folder and library; returns its id."""
    relative = path.rpartition("/")[0] or ROOT
    key = folder or add_folder(conn, relative, library)
    seen = scanned(path, word)
    found = FolderScan([seen], [], [], [], 0, "1")
    files.merge(conn, library, key, found, exists=lambda *_: True, now=NOW)
    return file_id(library, path)


def add_exif(conn: psycopg.Connection, content_id: str, metadata: Metadata) -> None:
    """Metadata of a content under the active producer."""
    exif.upsert(conn, [(content_id, metadata)], producer(conn, "exif"))


def add_thumbnails(
    conn: psycopg.Connection, content_id: str, *, width: int = 4000, height: int = 3000
) -> None:
    """Thumbnails of a content under the active producer (rows only)."""
    row = thumbnails.ThumbnailRow(
        content_id, width, height, [256, 512], 1000, b"\1" * 20, 0x808080, "test", None
    )
    thumbnails.upsert(conn, [row], producer(conn, "thumbnails"))


def add_image(
    conn: psycopg.Connection, path: str, word: str | None = None, **values: object
) -> UUID:
    """An image of one file with thumbnails; `values` are columns. Returns its id."""
    added = add_file(conn, path, word)
    folder = folder_key("photos", path.rpartition("/")[0] or ROOT)
    present = present_files.in_folder(conn, folder)
    file = next(it for it in present if it.file_id == added)
    add_thumbnails(conn, file.content_id)
    everything = [grouped(file, **values)]
    everything += [_again(conn, it) for it in present if it.file_id != added]
    images.assign(
        conn, folder, everything, producer_id=producer(conn, "images"), now=NOW
    )
    return image_of(conn, path)


def _again(
    conn: psycopg.Connection, file: present_files.PresentFile
) -> images.GroupedImage:
    """An image as it is stored, so that adding another leaves it alone."""
    columns = ", ".join(images.VALUES)
    row = conn.execute(
        f"select {columns} from images join image_files using (image_id)"
        " where file_id = %s",  # pyright: ignore[reportArgumentType]
        [file.file_id],
    ).fetchone()
    return grouped(file, **dict(zip(images.VALUES, row or (), strict=False)))


def image_of(conn: psycopg.Connection, path: str, library: str = "photos") -> UUID:
    """The id of the image a file belongs to."""
    row = conn.execute(
        "select image_id from image_files where file_id = %s", [file_id(library, path)]
    ).fetchone()
    if row is None:
        raise LookupError(f"{path} belongs to no image")
    return row[0]


def mark_scanned(conn: psycopg.Connection, folder: str, signature: str = "1") -> None:
    """Note that the folder's inventory is up to date."""
    folders.mark_scanned(conn, folder, signature, walked=signature, now=NOW)


def first_image_id(word: str) -> UUID:
    """The id an image gets that is first seen with this word as its bytes."""
    return image_id(content(word))
