"""A backup on disk: a directory of tables and a manifest that proves them whole.

Each table is a gzip of Postgres's COPY text, with its columns named in the manifest.
The manifest names the schema's revision and the BLAKE3 of every file, and is signed
by a BLAKE3 of its own, so that a backup that rotted is never taken for a good one.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from blake3 import blake3

from home_media_pipelines.core.errors import BackupError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"

Kind = Literal["irreplaceable", "full"]


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table: its columns in the order of the file, and what proves it whole."""

    table: str
    columns: list[str]
    file: str
    rows: int
    bytes: int
    blake3: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `tables`: in an order in which they can be loaded."""

    format: int
    kind: Kind
    made_at: str
    program: str
    revision: str
    tables: list[TableFile]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(it.rows for it in self.tables)

    @property
    def bytes(self) -> int:
        """Of all tables, compressed."""
        return sum(it.bytes for it in self.tables)


def name_of(kind: Kind, made_at: datetime) -> str:
    """Return the name of a backup's directory; sorted by name is sorted by time."""
    return f"home-media-{kind}-{made_at:%Y%m%dT%H%M%S%fZ}"


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write the manifest, readable by ourselves alone; it makes the backup whole."""
    held = asdict(manifest)
    text = json.dumps({"manifest": held, "blake3": _sign(held)}, indent=2)
    descriptor = os.open(
        directory / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
    )
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(directory: Path) -> Manifest:
    """Return what a backup says it holds.

    Raises:
        BackupError: no backup is there, it is damaged, or of another format.
    """
    try:
        found: Any = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        held = found["manifest"]
        if found["blake3"] != _sign(held):
            raise BackupError(directory, "its manifest is damaged")
        if held["format"] != FORMAT:
            raise BackupError(
                directory, f"it has format {held['format']}, and we read {FORMAT}"
            )
        held["tables"] = [TableFile(**it) for it in held["tables"]]
        return Manifest(**held)
    except FileNotFoundError:
        raise BackupError(directory, "there is no backup") from None
    except OSError as error:
        raise BackupError(directory, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(directory, "its manifest is damaged") from error


def check(directory: Path) -> Manifest:
    """Read a backup to the end; return its manifest when every byte is right.

    Raises:
        BackupError: names the first file that is missing or damaged.
    """
    manifest = read_manifest(directory)
    for it in manifest.tables:
        path = directory / it.file
        if path.parent != directory:
            raise BackupError(directory, f"{it.file} leads out of it")
        try:
            hasher = blake3()
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    hasher.update(block)
        except OSError as error:
            raise BackupError(directory, f"{it.file}: {error.strerror}") from error
        if hasher.hexdigest() != it.blake3:
            raise BackupError(directory, f"{it.file} is damaged")
    return manifest


def _sign(held: Any) -> str:
    text = json.dumps(held, sort_keys=True, separators=(",", ":"))
    return blake3(text.encode()).hexdigest()
