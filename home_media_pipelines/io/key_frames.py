"""The key frames of one video: a few upright sRGB pictures with their times."""

from dataclasses import dataclass
from pathlib import Path

import pyvips

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode.picture import Limits, Request, fit
from home_media_pipelines.core.pictures.render import LIMITS, render_picture
from home_media_pipelines.core.pictures.thumbnail_paths import thumbnail_path
from home_media_pipelines.io.thumbnail_store import sync_directory, write_thumbnail

MOST = 8
"""Frames of one video, however long."""

SIZE = 1024
"""Long edge in pixels, at most."""


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A picture on disk: `time_offset` in seconds from the start, sides in pixels."""

    frame: int
    time_offset: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class KeyFramesJob:
    """One video to take key frames of, by a worker; see `make_key_frames`."""

    source: Path
    content_id: str
    format: str
    directory: Path
    limits: Limits = LIMITS

    def make(self) -> list[KeyFrame]:
        """Make them."""
        return make_key_frames(
            self.source,
            self.content_id,
            self.format,
            self.directory,
            limits=self.limits,
        )


def key_frame_path(directory: Path, content_id: str, frame: int) -> Path:
    """Return where a key frame of a video lies, or would."""
    return thumbnail_path(directory, content_id, frame)


def make_key_frames(
    source: Path,
    content_id: str,
    format: str,
    directory: Path,
    *,
    limits: Limits = LIMITS,
) -> list[KeyFrame]:
    """Take up to `MOST` frames of a video and write each under its number.

    Args:
        source: the file; only ever read.
        content_id: the BLAKE3 of its bytes; names the frames.
        format: its format by content, a name in `formats.FORMATS`.
        directory: where key frames live, see `key_frame_path`.
        limits: what one file may cost.

    Raises:
        DecodeError: no frame can be shown; `permanent` if never.
        BombError: it would need more than `limits`.
        StorageFullError: no space left below `directory`; nothing half-written stays.
    """
    from home_media_pipelines.core.pictures.decode.video_frames import decode_frames

    request = Request(source, format, None, SIZE, limits)
    made: list[KeyFrame] = []
    try:
        for frame, (seconds, picture) in enumerate(decode_frames(request, MOST)):
            rendered = render_picture(picture, [SIZE])
            write_thumbnail(directory, content_id, frame, rendered.jpegs[SIZE])
            width, height = fit(rendered.width, rendered.height, SIZE)
            made.append(KeyFrame(frame, seconds, width, height))
    except MemoryError as error:
        raise BombError(source, "it needs more memory than one file may") from error
    except pyvips.Error as error:
        raise DecodeError(source, str(error).strip() or "libvips failed") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DecodeError(source, reason, permanent=error.errno is None) from error
    sync_directory(key_frame_path(directory, content_id, 0).parent)
    return made
