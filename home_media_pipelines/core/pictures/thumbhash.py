"""ThumbHash: a picture's colours and rough shapes in about 25 bytes.

The algorithm is Evan Wallace's, https://evanw.github.io/thumbhash/, for pictures
without alpha: the low frequencies of a cosine transform of luminance, yellow–blue and
red–green, four bits each.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST = 100
"""Pixels a side may have; more would change nothing."""

Floats = NDArray[np.float64]


def thumbhash(pixels: NDArray[np.uint8]) -> bytes:
    """Return the hash of an opaque picture.

    Args:
        pixels: sRGB, uint8, shape (height, width, 3), no side above `LONGEST`.

    Raises:
        ValueError: `pixels` has another shape.
    """
    sides = pixels.shape[:2]
    if pixels.shape[2:] != (3,) or not 0 < min(sides) <= max(sides) <= LONGEST:
        raise ValueError(f"not a small RGB picture: shape {pixels.shape}")
    height, width = pixels.shape[:2]
    red, green, blue = np.moveaxis(pixels / 255, 2, 0)
    across = max(1, _round(7 * width / max(width, height)))
    down = max(1, _round(7 * height / max(width, height)))
    luminance = _encode((red + green + blue) / 3, max(3, across), max(3, down))
    yellow = _encode((red + green) / 2 - blue, 3, 3)
    redness = _encode(red - green, 3, 3)
    wide = width > height
    head = (
        _round(63 * luminance[0])
        | _round(31.5 + 31.5 * yellow[0]) << 6
        | _round(31.5 + 31.5 * redness[0]) << 12
        | _round(31 * luminance[2]) << 18
    )
    tail = (
        (down if wide else across)
        | _round(63 * yellow[2]) << 3
        | _round(63 * redness[2]) << 9
        | int(wide) << 15
    )
    waves = [wave for channel in (luminance, yellow, redness) for wave in channel[1]]
    waves += [0] * (len(waves) % 2)
    pairs = zip(waves[::2], waves[1::2], strict=True)
    packed = bytes(low | high << 4 for low, high in pairs)
    return head.to_bytes(3, "little") + tail.to_bytes(2, "little") + packed


def _encode(channel: Floats, across: int, down: int) -> tuple[float, list[int], float]:
    """Return a channel's mean, its waves as 0–15, and the greatest wave."""
    height, width = channel.shape
    waves = _cosines(height, down) @ channel @ _cosines(width, across).T
    waves /= width * height
    triangle = [
        float(waves[y, x])
        for y in range(down)
        for x in range(across)
        if x * down < across * (down - y)
    ]
    mean, rest = triangle[0], triangle[1:]
    scale = max(map(abs, rest), default=0.0)
    if scale:
        rest = [0.5 + 0.5 / scale * wave for wave in rest]
    return mean, [_round(15 * wave) for wave in rest], scale


@cache
def _cosines(length: int, count: int) -> Floats:
    """Cosine waves 0 … count-1 over `length` samples, shape (count, length)."""
    positions = np.arange(length) + 0.5
    return np.cos(np.pi / length * np.arange(count)[:, None] * positions)


def _round(value: float) -> int:
    """Round halves up, as the reference implementation's language does."""
    return int(np.floor(value + 0.5))
