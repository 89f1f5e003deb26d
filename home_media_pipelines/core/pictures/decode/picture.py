"""A decoded picture before it is turned upright: what every decoder hands over."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray
from pyvips import voperation

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode.cicp import Cicp

pyvips.cache_set_max(0)  # every picture is seen once
voperation.concurrency_set(1)  # one process per core decodes already
pyvips.block_untrusted_set(True)  # loaders nobody fuzzes never see a stranger's file


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost at most; beyond it is a bomb, whatever it shows.

    `pixels` lets a phone's 200 megapixels through. `bytes` holds for files that are
    read into memory, which is all but videos and what libvips streams.
    """

    pixels: int = 2**28
    bytes: int = 2**29


@dataclass(frozen=True, slots=True)
class Request:
    """A file to decode, and how large.

    `format` is its format by content, a name in `formats.FORMATS`. `orientation` is
    the EXIF orientation that its metadata give, None to ask the file; formats that
    turn by themselves (HEIC with `irot`, AVIF, JPEG XL, video) keep their own.
    `long_edge` is what the largest thumbnail needs, in pixels.
    """

    source: Path
    format: str
    orientation: int | None = None
    long_edge: int = 2048
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels as stored, in memory, not smaller than the largest thumbnail needs.

    `image` has its ICC profile, if any, attached. `width` and `height` are those of
    the file's full picture, in pixels, not yet turned. `orientation` is the EXIF value
    1–8 that still has to be applied to `image`. `warning` says what is wrong with a
    picture that can be shown all the same. `cicp` is what the file's code points say
    of its colours, None where it has none.
    """

    image: pyvips.Image
    width: int
    height: int
    decoder: str
    orientation: int = 1
    warning: str | None = None
    cicp: Cicp | None = None


def check_pixels(request: Request, width: int, height: int) -> None:
    """Refuse by its header alone a picture too large to decode.

    Raises:
        BombError: there are more pixels than its limits allow.
    """
    most = request.limits.pixels
    if width * height > most:
        reason = f"{width} × {height} pixels are more than {most:,}"
        raise BombError(request.source, reason)


def read_bytes(request: Request) -> bytes:
    """Return the whole file, unless it is larger than memory should hold.

    Raises:
        DecodeError: the file is empty.
        BombError: it has more bytes than its limits allow.
        OSError: it cannot be read now.
    """
    most = request.limits.bytes
    with request.source.open("rb") as file:
        expected = min(os.fstat(file.fileno()).st_size, most)
        data = file.read(expected + 1)  # its buffer is as large as what is asked for
    if not data:
        raise DecodeError(request.source, "the file is empty")
    if len(data) > most:
        raise BombError(request.source, f"more than {most:,} bytes")
    return data


def from_pixels(
    pixels: NDArray[np.uint8] | NDArray[np.uint16], *, cmyk: bool = False
) -> pyvips.Image:
    """Lend an array of shape (height, width[, bands]) to libvips without a copy.

    One or two bands are grey (and alpha), three or four RGB (and alpha), or CMYK with
    255 as full ink.
    """
    stored = np.ascontiguousarray(pixels)
    height, width = stored.shape[:2]
    bands = stored.shape[2] if stored.ndim == 3 else 1
    wide = stored.dtype == np.uint16
    image = pyvips.Image.new_from_memory(
        stored.reshape(-1).data, width, height, bands, "ushort" if wide else "uchar"
    )
    if cmyk:
        space = "cmyk"
    elif bands < 3:
        space = "grey16" if wide else "b-w"
    else:
        space = "rgb16" if wide else "srgb"
    return image.copy(interpretation=space)


def with_profile(image: pyvips.Image, profile: bytes | None) -> pyvips.Image:
    """Attach an ICC profile, if there is one."""
    if not profile:
        return image
    tagged = image.copy()
    blob = pyvips.GValue.blob_type
    tagged.set_type(blob, "icc-profile-data", profile)  # pyright: ignore[reportArgumentType]: bytes is what a blob is
    return tagged


def resize(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Reduce by Lanczos to exactly `width` × `height`, alpha weighing the colours."""
    if (image.width, image.height) == (width, height):
        return image
    across, down = width / image.width, height / image.height
    if not image.hasalpha():
        return image.resize(across, vscale=down)
    small = image.premultiply().resize(across, vscale=down)
    return small.unpremultiply().cast(image.format)


def fit(width: int, height: int, long_edge: int) -> tuple[int, int]:
    """Return the size with the same ratio and this long edge, never enlarged."""
    longest = max(width, height)
    if longest <= long_edge:
        return width, height
    scale = long_edge / longest
    return max(1, round(width * scale)), max(1, round(height * scale))


def sane(orientation: object) -> int:
    """Return an EXIF orientation, 1 for anything that is none."""
    if isinstance(orientation, int) and 1 <= orientation <= 8:
        return int(orientation)
    return 1
