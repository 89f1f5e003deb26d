"""The file inventory's values: what is recorded of a file, and the ids of rows."""

from dataclasses import dataclass
from uuid import UUID

from blake3 import blake3

from home_media_pipelines.core.inventory.formats import FileRole


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the last scan recorded it; damaged, if other bytes were `found`."""

    size: int
    mtime_ns: int
    content_id: str | None
    format: str | None
    claimed_format: str | None
    role: FileRole
    found: str | None = None


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file of the inventory; `path` quoted, relative to the root, `name` for people.

    `format` is by content, None when the bytes are nothing we know. `claimed_format`
    is what the extension says when it lies. An empty or unknown file with the
    extension of a medium keeps the claimed role and has a `content_id`, so that what
    is derived from it can say what is wrong. Role `other` is not media: only its head
    was read, and `content_id` is None.
    """

    path: str
    name: str
    size: int
    mtime_ns: int
    content_id: str | None
    format: str | None
    claimed_format: str | None
    role: FileRole


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What one scan of a folder told. Paths are quoted, relative to the root.

    A known path that is in none of the lists of paths is as it was recorded: it lies
    below a directory in `unreadable`. `signature` equals the walk's when nothing is
    unstable; while it differs, work is due.
    """

    files: list[ScannedFile]
    gone: list[str]
    unstable: list[str]
    unreadable: list[tuple[str, str]]
    bytes_read: int
    signature: str


def file_id(library: str, path: str) -> UUID:
    """Return the id of a file, derived from its library and quoted path."""
    return row_id(f"file\0{library}\0{path}")


def image_id(content_id: str) -> UUID:
    """Return the id of an image that is first seen with this primary content."""
    return row_id(f"image\0{content_id}")


def row_id(name: str) -> UUID:
    """Return a version 8 UUID (RFC 9562) for a name: 122 bits of its BLAKE3."""
    number = int.from_bytes(blake3(name.encode()).digest(16), "big")
    number = number & ~(0xF << 76) | 8 << 76
    return UUID(int=number & ~(0b11 << 62) | 0b10 << 62)
