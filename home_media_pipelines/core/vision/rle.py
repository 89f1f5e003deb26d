"""Masks as COCO run lengths, cropped to the window that holds them.

The layout is that of pycocotools: runs go down the columns, background first, packed
into an ASCII text. Its own decoder trusts that they fill the array; ours looks first. https://github.com/cocodataset/cocoapi/blob/master/common/maskApi.c
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from home_media_pipelines.core.errors import MaskError


@dataclass(frozen=True, slots=True)
class CroppedMask:
    """A mask of a whole picture, stored as the window around its pixels.

    `x`, `y`, `width` and `height` are the window in pixels of the picture, which has
    `picture_width` × `picture_height`. `counts` are the run lengths of the window
    alone. `area` is the share of the picture's pixels that are set, 0–1.
    """

    picture_width: int
    picture_height: int
    x: int
    y: int
    width: int
    height: int
    counts: str
    area: float


def crop_and_encode(mask: NDArray[np.bool_]) -> CroppedMask | None:
    """Encode a mask, None if no pixel is set.

    Args:
        mask: bool, shape (height, width), in pixels of the picture.

    Raises:
        MaskError: `mask` is empty, not two-dimensional or not boolean.
    """
    _check(mask)
    columns = np.flatnonzero(mask.any(axis=0))
    if columns.size == 0:
        return None
    left, right = int(columns[0]), int(columns[-1]) + 1
    rows = np.flatnonzero(mask[:, left:right].any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    window = mask[top:bottom, left:right]
    picture_height, picture_width = mask.shape
    return CroppedMask(
        picture_width,
        picture_height,
        left,
        top,
        right - left,
        bottom - top,
        encode(window),
        float(np.count_nonzero(window)) / mask.size,
    )


def encode(mask: NDArray[np.bool_]) -> str:
    """Return the compressed run lengths of a mask.

    Args:
        mask: bool, shape (height, width).

    Raises:
        MaskError: `mask` is empty, not two-dimensional or not boolean.
    """
    _check(mask)
    counts = coco.encode(np.asfortranarray(mask, dtype=np.uint8))["counts"]
    return counts if isinstance(counts, str) else counts.decode("ascii")


def decode(counts: str, width: int, height: int) -> NDArray[np.bool_]:
    """Return the mask of these run lengths: bool, shape (height, width).

    Raises:
        MaskError: the runs do not fill width × height pixels.
    """
    runs = _runs(counts)
    if sum(runs) != width * height:
        raise MaskError(f"runs that do not fill {width} × {height} pixels")
    columns = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height)
    return np.ascontiguousarray(columns.T)


def area(counts: str) -> int:
    """Return how many pixels of a mask are set, from its run lengths alone.

    Raises:
        MaskError: the text is no run lengths.
    """
    return sum(_runs(counts)[1::2])


def paste(mask: CroppedMask) -> NDArray[np.bool_]:
    """Return the mask of the whole picture: bool, (picture_height, picture_width).

    Raises:
        MaskError: the window's runs do not fill it, or it lies outside the picture.
    """
    window = decode(mask.counts, mask.width, mask.height)
    whole = np.zeros((mask.picture_height, mask.picture_width), np.bool_)
    bottom, right = mask.y + mask.height, mask.x + mask.width
    if min(mask.x, mask.y) < 0 or bottom > whole.shape[0] or right > whole.shape[1]:
        raise MaskError("a window outside its picture")
    whole[mask.y : bottom, mask.x : right] = window
    return whole


def _runs(counts: str) -> list[int]:
    """Unpack run lengths: five bits a character, from the third on as differences."""
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        bits = ord(character) - 48
        if not 0 <= bits < 64:
            raise MaskError(f"no run lengths: {counts[:40]!r}")
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        run = value + (runs[-2] if len(runs) > 2 else 0)
        if run < 0:
            raise MaskError(f"a run of negative length: {counts[:40]!r}")
        runs.append(run)
        value = shift = 0
    if shift:
        raise MaskError(f"run lengths that break off: {counts[-40:]!r}")
    return runs


def _check(mask: NDArray[np.bool_]) -> None:
    if mask.ndim != 2 or mask.size == 0 or mask.dtype != np.bool_:
        raise MaskError(f"not a mask: {mask.dtype} of shape {mask.shape}")
