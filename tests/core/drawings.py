"""Drawn pictures for the tests of decoders, and how alike two pictures are."""

import numpy as np
from PIL import Image, ImageDraw


def draw(width: int = 900, height: int = 600) -> Image.Image:
    """A scene without symmetry: every turn of it looks different."""
    picture = Image.new("RGB", (width, height), (90, 140, 200))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height * 0.7, width, height), fill=(60, 120, 50))
    pen.ellipse(
        (width // 20, height // 20, width // 4, height // 3), fill=(250, 220, 80)
    )
    pen.rectangle((width // 2, height // 3, width, height * 0.8), fill=(150, 50, 40))
    return picture


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Texture at many scales, as photographs have."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for step, strength in ((256, 60), (64, 40), (16, 25), (4, 12), (1, 4)):
        grid = random.standard_normal((height // step + 2, width // step + 2, 3))
        for band in range(3):
            layer = Image.fromarray(grid[..., band].astype(np.float32))
            layer = layer.resize((width, height), Image.Resampling.BICUBIC)
            total[..., band] += strength * np.asarray(layer)
    return Image.fromarray(np.clip(total + 118, 0, 255).astype(np.uint8))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the samples, of 255, at a size where noise is gone."""
    small = [np.asarray(p.convert("RGB").resize((48, 32)), float) for p in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity of two pictures' luma, by 8 × 8 windows.

    Wang et al. 2004, with a uniform window.
    """

    def windows(values):
        view = np.lib.stride_tricks.sliding_window_view(values, (8, 8))
        return view.mean((2, 3))

    x, y = (np.asarray(picture.convert("L"), float) for picture in (one, other))
    mean_x, mean_y = windows(x), windows(y)
    var_x, var_y = windows(x * x) - mean_x**2, windows(y * y) - mean_y**2
    both = windows(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float((top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))).mean())
