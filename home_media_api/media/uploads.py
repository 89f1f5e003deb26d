"""A picture that someone asks with: decoded elsewhere, cropped here, kept nowhere."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated, BinaryIO

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from PIL import Image

from home_media_api.errors import (
    NotAPictureError,
    TooLargeError,
    UnavailableError,
    UnsupportedError,
)
from home_media_api.limits import LARGEST_PICTURE, largest_picture
from home_media_pipelines.core.errors import BombError
from home_media_pipelines.core.inventory.formats import FORMATS, HEAD_BYTES, sniff
from home_media_pipelines.core.pictures.decode.picture import Limits
from home_media_pipelines.io.decoder_pool import DecodeFailure, DecoderPool

PLACES = 6
"""Requests at a time, of those that are received, wait or are being answered.

Far fewer than the worker threads, which serve everything else."""

LIMITS = Limits(pixels=2**27, bytes=LARGEST_PICTURE)
_LONG_EDGE = 2048
_SECONDS = 20.0
_MEMORY = 800 * 2**20
_RASTER = frozenset(
    {"jpeg", "png", "webp", "gif", "tiff", "bmp", "heic", "avif", "jxl"}
)

Side = Annotated[
    float | None, Query(ge=0, le=1, description="of the part that is meant, a fraction")
]
Window = tuple[float, float, float, float]


def crop(
    x: Side = None, y: Side = None, width: Side = None, height: Side = None
) -> Window | None:
    """The part of the picture that is meant: all four numbers, or none for all of it.

    Raises:
        RequestValidationError: some are missing, or the part is not inside.
    """
    if x is None and y is None and width is None and height is None:
        return None
    if x is None or y is None or width is None or height is None:
        raise _refused("x, y, width and height come together")
    if width == 0 or height == 0 or x + width > 1.0001 or y + height > 1.0001:
        raise _refused("the part is not inside the picture")
    return x, y, width, height


def _refused(message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("query", "x"), "msg": message}])


@dataclass(frozen=True, slots=True)
class UploadJob:
    """A picture to decode, in another process; what it gives back is a JPEG."""

    data: bytes
    format: str
    content_id: str = "upload"

    def make(self) -> bytes | None:
        """The picture as JPEG, upright sRGB, at most 2048 pixels long.

        None if it would need more than it may. Decoders want a file: this one has no
        name, so nothing is left of it however this process ends.
        """
        from home_media_pipelines.core.pictures.render import render

        sizes = (_LONG_EDGE,)
        with tempfile.TemporaryFile() as file:
            file.write(self.data)
            file.seek(0)
            source = Path(f"/dev/fd/{file.fileno()}")
            try:
                made = render(source, self.format, limits=LIMITS, sizes=sizes)
            except BombError:
                return None
        return made.jpegs[_LONG_EDGE]


class Uploads:
    """Opens uploaded pictures, one at a time, in a process that may die of them."""

    def __init__(self, timeout: float = _SECONDS) -> None:
        self._timeout = timeout
        self._pool = DecoderPool(1, timeout=timeout, memory=_MEMORY)
        self._turn = threading.Lock()
        self._places = threading.Semaphore(PLACES)

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """One of the PLACES for as long as the block runs; never waits for it.

        Raises:
            UnavailableError: all are taken.
        """
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._places.release()

    def close(self) -> None:
        """End the process, busy or not."""
        self._pool.close()

    def open(self, file: BinaryIO, window: Window | None) -> Image.Image:
        """The picture, or the part of it in `window`: RGB, upright, at most 2048 long.

        Raises:
            TooLargeError: it has too many bytes or pixels.
            UnsupportedError: it is no picture, or of a format we do not search with.
            NotAPictureError: its bytes are damaged beyond showing.
            UnavailableError: others are in the way.
        """
        data = file.read(LARGEST_PICTURE + 1)
        if len(data) > LARGEST_PICTURE:
            raise TooLargeError(f"The picture has more than {largest_picture()}.")
        known = sniff(data[:HEAD_BYTES])
        if known is None or known.name not in _RASTER:
            names = ", ".join(FORMATS[name].mime for name in sorted(_RASTER))
            raise UnsupportedError("The file is none of: " + names + ".")
        picture = Image.open(BytesIO(self._decoded(UploadJob(data, known.name))))
        return _part(picture.convert("RGB"), window)

    def _decoded(self, job: UploadJob) -> bytes:
        if not self._turn.acquire(timeout=self._timeout):
            raise _busy()
        try:
            ((_, made),) = self._pool.map([job])
        finally:
            self._turn.release()
        if made is None:
            raise TooLargeError("The picture has too many pixels.")
        if isinstance(made, DecodeFailure):
            raise NotAPictureError("The picture cannot be read.")
        return made


def _busy() -> UnavailableError:
    return UnavailableError(
        "Too many searches by a picture at once; ask again in a moment.",
        {"Retry-After": "5"},
    )


def _part(picture: Image.Image, window: Window | None) -> Image.Image:
    if window is None:
        return picture
    x, y, width, height = window
    left, top = int(x * picture.width), int(y * picture.height)
    right = max(left + 1, round((x + width) * picture.width))
    bottom = max(top + 1, round((y + height) * picture.height))
    left, top = min(left, picture.width - 1), min(top, picture.height - 1)
    return picture.crop((left, top, right, bottom))
