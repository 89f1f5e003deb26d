"""A poster of a video by FFmpeg: an early frame that is not black."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    from_pixels,
)

_DEMUXERS = {
    "avi": "avi",
    "mkv": "matroska",
    "webm": "matroska",
    "mts": "mpegts",
}
_DEMUXER_OF_OTHERS = "mov"
_PLACES = (0.1, 0.3, 0.5, 0.0)
"""Where to look for a poster, as shares of the duration, the best first."""
_FRAMES_PER_PLACE = 3
_BLACK = 24
"""A frame is black when 98 % of its samples are below this of 255."""
_ORIENTATION_OF_ROTATION = {0: 1, 90: 8, 180: 3, 270: 6}
_HD_HEIGHT = 720
_BT709, _UNSPECIFIED = 1, 2


def decode(request: Request) -> Picture:
    """Decode one frame, turned by the display matrix alone; see `decode.decode`."""
    with opened(request) as (container, stream):
        best: VideoFrame | None = None
        for frame in _candidates(container, stream):
            check_pixels(request, frame.width, frame.height)
            best = best or frame
            if not is_black(frame):
                best = frame
                break
        if best is None:
            raise DecodeError(request.source, "no frame can be decoded")
        return as_picture(best, stream)


@contextmanager
def opened(request: Request) -> Generator[tuple[InputContainer, VideoStream]]:
    """Lend a video's container and its first video track, decoded on one thread.

    FFmpeg gets an open file and is told the container, so neither a file's name nor a
    playlist in disguise makes it open anything else.

    Raises:
        DecodeError: it is no video we can read, or the block finds that out.
        BombError: its frames have more pixels than they may.
        OSError: it cannot be read now.
    """
    demuxer = _DEMUXERS.get(request.format, _DEMUXER_OF_OTHERS)
    with request.source.open("rb") as file:
        if not file.read(1):
            raise DecodeError(request.source, "the file is empty")
        file.seek(0)
        try:
            with av.open(
                file, mode="r", format=demuxer, metadata_errors="replace"
            ) as container:
                if not container.streams.video:
                    raise DecodeError(request.source, "no video track")
                stream = container.streams.video[0]
                check_pixels(request, stream.width, stream.height)
                stream.thread_count = 1
                yield container, stream
        except (FFmpegError, ValueError, RuntimeError) as error:
            if isinstance(error, OSError) and error.errno in {2, 5, 13, 116}:
                raise
            said = isinstance(error, FFmpegError) and error.strerror  # without our path
            raise DecodeError(request.source, said or str(error)) from error


def as_picture(frame: VideoFrame, stream: VideoStream) -> Picture:
    """Return a frame with square pixels, and how it still has to be turned."""
    pixels = _rgb(frame)
    ratio = stream.sample_aspect_ratio or Fraction(1)
    height, width = pixels.shape[:2]
    image = from_pixels(pixels)
    if 0.2 < ratio < 5 and ratio != 1:
        width = round(width * ratio)
        image = image.resize(width / image.width, vscale=1).copy_memory()
    turn = _ORIENTATION_OF_ROTATION[round(frame.rotation / 90) % 4 * 90]
    return Picture(image, width, height, f"ffmpeg-{stream.codec.name}", turn)


def _candidates(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield a few frames at each place; places that cannot be reached are skipped."""
    duration = container.duration or 0
    for place in _PLACES:
        try:
            container.seek(int(duration * place) + (container.start_time or 0))
            yield from islice(container.decode(stream), _FRAMES_PER_PLACE)
        except FFmpegError:
            continue


def is_black(frame: VideoFrame) -> bool:
    """Tell whether next to nothing can be seen, as while a film fades in."""
    grey = frame.reformat(width=64, height=64, format="gray").to_ndarray()
    return bool(np.percentile(grey, 98) < _BLACK)


def _rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """Convert to RGB; what does not say its matrix is BT.709 if high definition."""
    unsaid = frame.colorspace == _UNSPECIFIED and frame.height >= _HD_HEIGHT
    matrix = _BT709 if unsaid else None
    rgb = frame.reformat(format="rgb24", src_colorspace=matrix)
    return np.asarray(rgb.to_ndarray(), np.uint8)
