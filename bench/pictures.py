"""Photographs for the measurements: drawn, but as costly to decode as real ones."""

from pathlib import Path

import numpy as np
import pyvips
import simplejpeg
from numpy.typing import NDArray

from bench.rows import Bench
from home_media_pipelines.sample.library import draw_library

SEED = 7
SIDES = {24: (6000, 4000), 12: (4000, 3000)}
"""Width and height by megapixels."""

_OCTAVES = ((256, 55.0), (64, 30.0), (16, 16.0), (4, 9.0), (1, 3.5))
"""Pixels a wave of noise is wide, and how strong it is: coarse light, fine grain."""


def photograph(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Return band-limited noise behind hard-edged shapes, shape (height, width, 3)."""
    random = np.random.default_rng((SEED, seed))
    pixels = np.full((height, width, 3), 120.0, np.float32)
    for scale, strength in _OCTAVES:
        rows, columns = -(-height // scale) + 2, -(-width // scale) + 2
        grey = random.standard_normal((rows, columns, 1), np.float32)
        tint = random.standard_normal((rows, columns, 3), np.float32)
        wave = np.ascontiguousarray(strength * (grey + 0.3 * tint))
        image = pyvips.Image.new_from_array(wave)
        if scale > 1:
            image = image.resize(scale, kernel="cubic")
        pixels += image.crop(0, 0, width, height).numpy()
    down, across = np.ogrid[:height, :width]
    for _ in range(24):
        x, y = random.uniform(0, width), random.uniform(0, height)
        radius = random.uniform(0.02, 0.1) * width
        colour = random.uniform(-70, 70, 3).astype(np.float32)
        pixels[(across - x) ** 2 + (down - y) ** 2 < radius**2] += colour
    return np.clip(pixels, 0, 255).astype(np.uint8)


def jpegs(
    directory: Path, count: int, megapixels: int, *, small: bool = False
) -> list[Path]:
    """Return so many JPEGs (quality 92, 4:2:0), drawn unless they are there already.

    Args:
        directory: kept between measurements.
        count: how many.
        megapixels: a key of `SIDES`.
        small: an eighth of the width and height, for a quick try.
    """
    width, height = (side // (8 if small else 1) for side in SIDES[megapixels])
    directory.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for number in range(count):
        path = directory / f"{width}x{height}-{SEED}-{number}.jpg"
        if not path.exists():
            data = simplejpeg.encode_jpeg(
                photograph(width, height, number), quality=92, colorsubsampling="420"
            )
            path.with_suffix(".tmp").write_bytes(data)
            path.with_suffix(".tmp").rename(path)
        paths.append(path)
    return paths


def sample(bench: Bench) -> Path:
    """Return a sample library beside the peers, drawn when it is first asked for."""
    count = bench.size(150, 4)
    root = bench.peers / f"sample-{count}"
    draw_library(root, pictures=count)
    return root
