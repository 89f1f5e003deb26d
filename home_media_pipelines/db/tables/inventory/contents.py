"""Contents that wait for an asset, and where their bytes can be read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from home_media_pipelines.core.inventory.paths import locate, unquote_path

MAX_ATTEMPTS: Final = 3
"""A content that failed so often is left alone until someone asks for a retry."""


@dataclass(frozen=True, slots=True)
class PendingContent:
    """A content to compute, at one present file that holds it.

    `root` is the library's, quoted and absolute; `path` quoted, relative to it.
    `orientation` is the Exif value still to be applied, if known and asked for.
    """

    content_id: str
    folder: str
    library: str
    root: str
    path: str
    name: str
    size: int
    format: str | None
    role: str
    orientation: int | None = None

    @property
    def source(self) -> Path:
        """Where the file lies on this machine."""
        return locate(Path(unquote_path(self.root)), self.path)
