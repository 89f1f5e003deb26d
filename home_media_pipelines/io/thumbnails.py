"""The thumbnails of one content: decoded once, written under their final name whole."""

from dataclasses import dataclass
from pathlib import Path

from home_media_pipelines.core.pictures.decode.picture import Limits
from home_media_pipelines.core.pictures.render import LIMITS, render
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES, thumbnail_path
from home_media_pipelines.io.thumbnail_store import (
    sync_directory,
    write_thumbnail,
)


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """What was made of one content.

    `width` and `height` are the upright pixels of the decoded source. `sizes` are
    those of `SIZES` that exist, `bytes` their sum on disk. `mean_color` is 0xRRGGBB.
    `warning` says what was wrong with a file that could be shown all the same.
    """

    width: int
    height: int
    sizes: tuple[int, ...]
    thumbhash: bytes
    bytes: int
    mean_color: int
    decoder: str
    warning: str | None


@dataclass(frozen=True, slots=True)
class ThumbnailJob:
    """One content to make thumbnails of, by a worker; see `make_thumbnails`."""

    source: Path
    content_id: str
    format: str
    orientation: int | None
    directory: Path
    limits: Limits = LIMITS

    def make(self) -> Thumbnails:
        """Make them."""
        return make_thumbnails(
            self.source,
            self.content_id,
            self.format,
            self.orientation,
            self.directory,
            limits=self.limits,
        )


def make_thumbnails(
    source: Path,
    content_id: str,
    format: str,
    orientation: int | None,
    directory: Path,
    *,
    limits: Limits = LIMITS,
) -> Thumbnails:
    """Decode a file once and write every thumbnail it is large enough for.

    Args:
        source: the file; only ever read.
        content_id: the BLAKE3 of its bytes; names the thumbnails.
        format: its format by content, a name in `formats.FORMATS`.
        orientation: the EXIF orientation by its metadata, None to ask the file.
        directory: where thumbnails live, see `thumbnail_path`.
        limits: what one file may cost.

    Raises:
        DecodeError: the file cannot be shown; `permanent` if never.
        BombError: it would need more than `limits`.
        StorageFullError: no space left below `directory`; nothing half-written stays.
    """
    rendered = render(source, format, orientation, limits=limits)
    for size, jpeg in rendered.jpegs.items():
        write_thumbnail(directory, content_id, size, jpeg)
    sync_directory(thumbnail_path(directory, content_id, SIZES[0]).parent)
    return Thumbnails(
        rendered.width,
        rendered.height,
        tuple(sorted(rendered.jpegs)),
        rendered.thumbhash,
        sum(map(len, rendered.jpegs.values())),
        rendered.mean_color,
        rendered.decoder,
        rendered.warning,
    )
