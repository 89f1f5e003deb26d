"""HEIC by libheif, which turns a picture by `irot` itself and by EXIF never."""

from io import BytesIO
from typing import Any, cast

import numpy as np
import pillow_heif
from PIL import Image

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.pictures.decode.heif_boxes import read_boxes
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    from_pixels,
    read_bytes,
    sane,
    with_profile,
)


def decode(request: Request) -> Picture:
    """Decode the primary picture of a HEIC file; see `decode.decode`."""
    data = read_bytes(request)
    boxes = read_boxes(data)
    try:
        primary = _primary(data, hdr=boxes.cicp is not None and boxes.cicp.is_hdr)
        check_pixels(request, *primary.size)
        pixels = np.asarray(primary)
    except (ValueError, EOFError, SyntaxError, OSError, RuntimeError) as error:
        raise DecodeError(request.source, str(error) or type(error).__name__) from error
    height, width = pixels.shape[:2]
    info = cast("dict[str, Any]", primary.info)  # pyright: ignore[reportUnknownMemberType]
    turn = 1
    if not boxes.turned:
        turn = request.orientation or _exif_orientation(info)
    warning = None if boxes.complete else "damaged: the file ends too early"
    image = with_profile(from_pixels(pixels), info.get("icc_profile"))
    return Picture(image, width, height, "libheif", turn, warning, boxes.cicp)


def _primary(data: bytes, *, hdr: bool) -> pillow_heif.HeifImage:
    """Read the headers; the pixels follow when somebody looks at them.

    Samples of HDR come as 16 bits, all others as 8.
    """
    opened = pillow_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=not hdr)  # pyright: ignore[reportUnknownMemberType]
    return opened[cast("int", opened.primary_index)]  # pyright: ignore[reportUnknownMemberType]


def _exif_orientation(info: dict[str, Any]) -> int:
    block = info.get("exif")
    if not block:
        return 1
    exif = Image.Exif()
    try:
        exif.load(block)
        return sane(exif.get(0x0112))
    except (SyntaxError, ValueError, TypeError, OSError, KeyError):
        return 1
