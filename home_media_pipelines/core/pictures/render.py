"""A decoded picture as the JPEG bytes of its thumbnails; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
import simplejpeg  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from home_media_pipelines.core.errors import (
    BombError,
    DecodeError,
)
from home_media_pipelines.core.pictures.decode import decode
from home_media_pipelines.core.pictures.decode.picture import (
    Limits,
    Picture,
    Request,
    fit,
    from_pixels,
    resize,
)
from home_media_pipelines.core.pictures.decode.srgb import to_srgb, upright
from home_media_pipelines.core.pictures.thumbhash import LONGEST, thumbhash
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES, sizes_for

QUALITY = {256: 92, 512: 92, 1024: 86}
"""JPEG quality by size, `LARGE_QUALITY` above: small ones cost little and show most."""

LARGE_QUALITY = 82
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The same before it is written: JPEG bytes by size, nothing on disk yet."""

    width: int
    height: int
    jpegs: dict[int, bytes]
    thumbhash: bytes
    mean_color: int
    decoder: str
    warning: str | None


def render(
    source: Path,
    format: str,
    orientation: int | None = None,
    *,
    limits: Limits = LIMITS,
    sizes: Sequence[int] = SIZES,
) -> Rendered:
    """Decode a file and encode its thumbnails, without writing anything.

    Raises:
        DecodeError, BombError: as `make_thumbnails`.
    """
    try:
        request = Request(source, format, orientation, max(sizes), limits)
        return render_picture(decode(request), sizes)
    except MemoryError as error:
        raise BombError(source, "it needs more memory than one file may") from error
    except pyvips.Error as error:
        raise DecodeError(source, str(error).strip() or "libvips failed") from error
    except OSError as error:
        gone_or_barred = error.errno is not None
        reason = error.strerror or str(error)
        raise DecodeError(source, reason, permanent=not gone_or_barred) from error


def render_picture(picture: Picture, sizes: Sequence[int]) -> Rendered:
    """Encode the thumbnails of a decoded picture: upright, sRGB, largest first."""
    turned = picture.orientation >= 5
    width, height = (
        (picture.height, picture.width) if turned else (picture.width, picture.height)
    )
    wanted = sizes_for(max(width, height), sizes)
    largest = fit(picture.width, picture.height, wanted[-1])
    image, warning = to_srgb(resize(picture.image, *largest), picture.cicp)
    if picture.orientation != 1:
        image = upright(image.copy_memory(), picture.orientation)
    pixels = image.numpy()
    jpegs: dict[int, bytes] = {}
    for size in reversed(wanted):
        pixels = _reduced(pixels, fit(width, height, size))
        jpegs[size] = simplejpeg.encode_jpeg(
            pixels,
            quality=QUALITY.get(size, LARGE_QUALITY),
            colorsubsampling="420",
        )
    tiny = _reduced(pixels, fit(width, height, LONGEST))
    warnings = [text for text in (picture.warning, warning) if text]
    return Rendered(
        width,
        height,
        jpegs,
        thumbhash(tiny),
        _mean_color(tiny),
        picture.decoder,
        "; ".join(warnings) or None,
    )


def _reduced(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture at this width and height; the same array if it has them."""
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    return resize(from_pixels(pixels), *size).numpy()


def _mean_color(pixels: NDArray[np.uint8]) -> int:
    red, green, blue = (round(float(v)) for v in pixels.mean(axis=(0, 1)))
    return red << 16 | green << 8 | blue
