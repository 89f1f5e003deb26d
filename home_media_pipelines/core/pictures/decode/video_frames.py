"""A few frames of a video, spread over its length, that together show what is in it."""

from collections.abc import Iterator

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
)
from home_media_pipelines.core.pictures.decode.video import as_picture, is_blank, opened

_SECONDS_PER_FRAME = 1.0
"""A shorter video has fewer frames: its neighbours would look alike."""

_FRAMES_TO_DECODE = 600
"""Spent on reaching places between a codec's own key frames; then only those count."""


def decode_frames(request: Request, most: int) -> Iterator[tuple[float, Picture]]:
    """Yield up to `most` frames, each with its time in seconds from the start.

    The video is cut into equal parts. Of each the first frame that is cheap to reach
    is taken: a key frame of the codec, if the part has one in its first half. Blank
    frames are left out, unless there is nothing else; so are parts that are damaged.

    Raises:
        DecodeError, BombError, OSError: as `decode.decode`.
    """
    found = False
    blank: tuple[float, Picture] | None = None
    for read in (_by_seeking, _from_the_start):
        with opened(request) as (container, stream):
            for seconds, frame in read(container, stream, most):
                check_pixels(request, frame.width, frame.height)
                if not is_blank(frame):
                    found = True
                    yield seconds, as_picture(frame, stream)
                elif blank is None:
                    blank = seconds, as_picture(frame, stream)
        if found:
            return
    if blank is None:
        raise DecodeError(request.source, "no frame can be decoded")
    yield blank


def _by_seeking(
    container: InputContainer, stream: VideoStream, most: int
) -> Iterator[tuple[float, VideoFrame]]:
    start = (container.start_time or 0) / 1_000_000
    duration = max(0.0, (container.duration or 0) / 1_000_000)
    count = min(most, max(1, int(duration / _SECONDS_PER_FRAME)))
    part = duration / count
    budget = _FRAMES_TO_DECODE
    last = -1.0
    stream.codec_context.skip_frame = "NONREF"
    for number in range(count):
        begin, middle = number * part, (number + 0.5) * part
        try:
            container.seek(int((start + middle) * 1_000_000))
            for frame in container.decode(stream):
                budget -= 1
                untimed = frame.pts is None
                seconds = middle if untimed else max(0.0, frame.time - start)
                if seconds > last and seconds >= begin:
                    last = seconds
                    yield seconds, frame
                    break
                if budget <= 0:
                    break
        except FFmpegError:
            continue


def _from_the_start(
    container: InputContainer, stream: VideoStream, most: int
) -> Iterator[tuple[float, VideoFrame]]:
    """Yield frames a second apart, for files in which no place can be reached."""
    due, found = 0.0, 0
    try:
        for number, frame in enumerate(container.decode(stream)):
            seconds = max(0.0, (frame.time or 0.0) - (container.start_time or 0) / 1e6)
            if number >= _FRAMES_TO_DECODE or found >= most:
                return
            if seconds >= due:
                due, found = seconds + _SECONDS_PER_FRAME, found + 1
                yield seconds, frame
    except FFmpegError:
        return
