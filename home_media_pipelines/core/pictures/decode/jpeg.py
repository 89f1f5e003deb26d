"""JPEG by libjpeg-turbo, which scales while it decodes; by others where it refuses."""

from dataclasses import replace
from functools import partial
from io import BytesIO

import numpy as np
import pyvips
import simplejpeg  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode import pillow, vips
from home_media_pipelines.core.pictures.decode.jpeg_repair import repaired
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    from_pixels,
    read_bytes,
    sane,
    with_profile,
)

SHARP = 1.4
"""Decode to at least so many times the largest thumbnail, or the reduced DCT shows."""


def decode(request: Request) -> Picture:
    """Decode a JPEG; see `decode.decode`."""
    return decode_bytes(request, read_bytes(request))


def decode_bytes(request: Request, data: bytes) -> Picture:
    """Decode a JPEG that was read already, or cut out of its file.

    A fault is final only when every reader failed: libjpeg-turbo, libvips, which
    forgives more, both with faulty headers mended, and Pillow for what is left.
    """
    try:
        return _decode(request, data)
    except BombError:
        raise
    except DecodeError as error:
        fault = error
    mended = repaired(data)
    for read, bytes_ in (
        (_forgiving, data),
        (_decode, mended),
        (_forgiving, mended),
        (_in_part, data),
    ):
        if bytes_ is None:
            continue
        try:
            picture = read(request, bytes_)
        except BombError:
            raise
        except DecodeError:
            continue
        return replace(picture, warning=f"damaged: {fault.reason}")
    raise fault


def _forgiving(request: Request, data: bytes) -> Picture:
    source = pyvips.Source.new_from_memory(data)
    return vips.decode_source(replace(request, format="jpeg"), source, fail_on="none")


def _in_part(request: Request, data: bytes) -> Picture:
    """Decode what Pillow can, the rest black.

    Raises:
        DecodeError: nothing could be, all of it is black.
    """
    picture = pillow.decode_bytes(request, data)
    if picture.image.max() == 0:
        raise DecodeError(request.source, "nothing of the picture can be read")
    return picture


def _decode(request: Request, data: bytes) -> Picture:
    try:
        header = simplejpeg.decode_jpeg_header(data, strict=False)
    except ValueError as error:
        raise DecodeError(request.source, f"not a JPEG: {error}") from error
    except KeyError as error:  # simplejpeg, of a header that names no colours
        raise DecodeError(request.source, "a JPEG without a picture") from error
    height, width, space = int(header[0]), int(header[1]), header[2]
    check_pixels(request, width, height)
    profile, stored = _profile_and_orientation(data)
    turn = stored if request.orientation is None else request.orientation
    if space in {"CMYK", "YCCK"}:
        opened = pyvips.Source.new_from_memory(data)
        turned = replace(request, format="jpeg", orientation=turn)
        return vips.decode_source(turned, opened)
    pixels, warning = _pixels(request, data, (width, height), space == "Gray")
    image = with_profile(from_pixels(pixels), profile)
    return Picture(image, width, height, "libjpeg-turbo", turn, warning)


def _pixels(
    request: Request, data: bytes, size: tuple[int, int], grey: bool
) -> tuple[NDArray[np.uint8], str | None]:
    """Decode at a half, a quarter or an eighth where that is still sharp enough.

    The other scales that libjpeg-turbo offers are slower than the full size.
    """
    wanted = 1
    for scale in (2, 4, 8):
        if max(size) >= SHARP * request.long_edge * scale:
            wanted = scale
    turbo = partial(
        simplejpeg.decode_jpeg,
        data,
        colorspace="GRAY" if grey else "RGB",
        min_width=-(-size[0] // wanted),
        min_height=-(-size[1] // wanted),
    )
    try:
        return turbo(), None
    except ValueError as error:
        warning = f"damaged: {error}"
    try:
        return turbo(strict=False), warning
    except ValueError as error:
        raise DecodeError(request.source, str(error)) from error


def _profile_and_orientation(data: bytes) -> tuple[bytes | None, int]:
    """Return the ICC profile and the EXIF orientation, 1 where there is none."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as opened:
            return opened.info.get("icc_profile"), sane(opened.getexif().get(0x0112))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError):
        return None, 1
