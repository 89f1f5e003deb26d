"""A poster of a video by FFmpeg: the first frame that shows something."""

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
from home_media_pipelines.core.pictures.decode.cicp import (
    HLG,
    PQ,
    UNSPECIFIED,
    Cicp,
)
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
_SHARES = (0.1, 0.3, 0.5)
"""Where to look when the beginning shows nothing, as shares of the duration."""
_FRAMES_AT_START = 90
_FRAMES_PER_SHARE = 3
_CONTRAST = 24
"""A frame is blank when 96 % of its samples differ by less than this of 255."""
_GROWTH = 1.02
"""A picture that fades in has not arrived while its contrast still grows so."""
_ORIENTATION_OF_ROTATION = {0: 1, 90: 8, 180: 3, 270: 6}
_HD_HEIGHT = 720
_BT709, _BT2020 = 1, 9


def decode(request: Request) -> Picture:
    """Decode one frame, turned by the display matrix alone; see `decode.decode`."""
    with opened(request) as (container, stream):
        frame = _poster(request, container, stream)
        if frame is not None:
            return as_picture(frame, stream)
    raise DecodeError(request.source, "no frame can be decoded")


def _poster(
    request: Request, container: InputContainer, stream: VideoStream
) -> VideoFrame | None:
    """Return the first frame that shows something, or the one that shows most."""
    best: VideoFrame | None = None
    most = -1.0
    for frame, first in _candidates(container, stream):
        check_pixels(request, frame.width, frame.height)
        shown = contrast(frame)
        if most >= _CONTRAST and shown < most * _GROWTH:
            return best
        if shown > most:
            best, most = frame, shown
        if first and shown >= _CONTRAST:
            return frame
    return best


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
    cicp = _coded(frame)
    pixels = _rgb(frame, "rgb48le" if cicp else "rgb24")
    ratio = stream.sample_aspect_ratio or Fraction(1)
    height, width = pixels.shape[:2]
    image = from_pixels(pixels)
    if 0.2 < ratio < 5 and ratio != 1:
        width = round(width * ratio)
        image = image.resize(width / image.width, vscale=1).copy_memory()
    turn = _ORIENTATION_OF_ROTATION[round(frame.rotation / 90) % 4 * 90]
    return Picture(image, width, height, f"ffmpeg-{stream.codec.name}", turn, cicp=cicp)


def _candidates(
    container: InputContainer, stream: VideoStream
) -> Iterator[tuple[VideoFrame, bool]]:
    """Yield frames from the beginning, then at each share of the duration.

    With each goes whether it is the first of its stretch: nothing fades in before it.
    Stretches that cannot be reached or decoded are skipped.
    """
    yield from _stretch(container, stream, _FRAMES_AT_START)
    for share in _SHARES:
        try:
            container.seek(
                int((container.duration or 0) * share) + (container.start_time or 0)
            )
        except FFmpegError:
            continue
        yield from _stretch(container, stream, _FRAMES_PER_SHARE)


def _stretch(
    container: InputContainer, stream: VideoStream, most: int
) -> Iterator[tuple[VideoFrame, bool]]:
    try:
        frames = islice(container.decode(stream), most)
        yield from ((frame, number == 0) for number, frame in enumerate(frames))
    except FFmpegError:
        return


def contrast(frame: VideoFrame) -> float:
    """Return how far apart the samples of a frame are, 0–255, the extremes left out."""
    grey = frame.reformat(width=64, height=64, format="gray").to_ndarray()
    low, high = np.percentile(grey, (2, 98))
    return float(high - low)


def is_blank(frame: VideoFrame) -> bool:
    """Tell whether next to nothing can be seen, as while a film fades in."""
    return contrast(frame) < _CONTRAST


def _coded(frame: VideoFrame) -> Cicp | None:
    """Return what the frame says of its colours, None for ordinary television."""
    transfer, primaries = int(frame.color_trc), int(frame.color_primaries)
    if transfer in (PQ, HLG) and primaries == UNSPECIFIED:
        primaries = _BT2020
    cicp = Cicp(primaries, transfer)
    return None if cicp.is_srgb else cicp


def _rgb(frame: VideoFrame, form: str) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Convert to RGB; what does not say its matrix is BT.709 if high definition."""
    unsaid = frame.colorspace == UNSPECIFIED and frame.height >= _HD_HEIGHT
    matrix = _BT709 if unsaid else None
    rgb = frame.reformat(format=form, src_colorspace=matrix).to_ndarray()
    return rgb  # pyright: ignore[reportReturnType]: 8 or 16 bits, by the form
