"""PNG, TIFF, WebP, GIF and CMYK JPEG by libvips, row by row."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyvips

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode.cicp import Cicp
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    fit,
    resize,
    sane,
)

_LOADERS: dict[str, Callable[..., Any]] = {
    "jpeg": pyvips.Image.jpegload_source,
    "png": pyvips.Image.pngload_source,
    "webp": pyvips.Image.webpload_source,
    "gif": pyvips.Image.gifload_source,
    "tiff": pyvips.Image.tiffload_source,
}


_PNG_HEAD = 1 << 16
"""Bytes within which a PNG names its colours, before any of its samples."""


def decode(request: Request) -> Picture:
    """Decode the first picture of a file; what libvips refuses, Pillow may read.

    libvips gets an open descriptor: a file's name could carry options, or not be
    UTF-8. See `decode.decode`.
    """
    with request.source.open("rb") as file:
        if not file.read(1):
            raise DecodeError(request.source, "the file is empty")
        file.seek(0)
        cicp = _cicp_of_png(file.read(_PNG_HEAD)) if request.format == "png" else None
        file.seek(0)
        opened = pyvips.Source.new_from_descriptor(file.fileno())
        try:
            return replace(decode_source(request, opened), cicp=cicp)
        except BombError:
            raise
        except DecodeError:
            from home_media_pipelines.core.pictures.decode import pillow

            return pillow.decode(request)


def decode_source(
    request: Request, opened: pyvips.Source, *, fail_on: str = "error"
) -> Picture:
    """Decode what libvips reads from a descriptor or from memory, reduced to fit.

    Args:
        request: what is asked for.
        opened: where the bytes come from.
        fail_on: the least fault that ends it: "none" shows what can be shown.

    Raises:
        DecodeError: libvips finds a fault, be it in the last row.
        BombError: the header announces too many pixels.
    """
    try:
        image: pyvips.Image = _LOADERS[request.format](
            opened, access="sequential", fail_on=fail_on
        )
        width, height = image.width, image.height
        check_pixels(request, width, height)
        small = fit(width, height, request.long_edge)
        reduced = resize(_plain(image), *small).copy_memory()
    except pyvips.Error as error:
        raise DecodeError(request.source, _first_line(error)) from error
    stored = _stored_orientation(image)
    turn = stored if request.orientation is None else request.orientation
    return Picture(reduced, width, height, "libvips", turn)


def _cicp_of_png(head: bytes) -> Cicp | None:
    """Return the code points of chunk `cICP`, PNG 3rd edition 11.3.2.6."""
    at = 8
    while at + 16 <= len(head):
        size, kind = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        if kind == b"cICP":
            return Cicp(head[at + 8], head[at + 9])
        if kind == b"IDAT":
            return None
        at += 12 + size
    return None


def _stored_orientation(image: pyvips.Image) -> int:
    if image.get_typeof("orientation") == 0:
        return 1
    return sane(image.get("orientation"))


def _plain(image: pyvips.Image) -> pyvips.Image:
    """Bring floats, signed and 32-bit samples to 8 bits, by their own range."""
    if image.format in {"uchar", "ushort"}:
        return image
    if image.interpretation in {"scrgb", "lab", "labs", "xyz"}:
        return image.colourspace("srgb")
    return image.copy_memory().scaleimage()


def _first_line(error: pyvips.Error) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[1] if len(lines) > 1 else lines[0] if lines else "libvips failed"
