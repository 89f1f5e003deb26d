"""Light a picture: time of day, glow, vignette, grain."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageChops

from home_media_pipelines.sample.paint import Colour


@dataclass(frozen=True, slots=True)
class Light:
    """One time of day: sky from top to horizon, the tint of all else, the sun."""

    name: str
    sky: tuple[Colour, Colour, Colour]
    tint: tuple[float, float, float]
    sun: Colour
    sun_height: float
    clouds: Colour


LIGHTS: dict[str, Light] = {
    light.name: light
    for light in (
        Light(
            "noon",
            ((84, 156, 222), (142, 198, 236), (214, 234, 242)),
            (1.0, 1.0, 1.0),
            (255, 246, 214),
            0.2,
            (255, 255, 255),
        ),
        Light(
            "morning",
            ((126, 176, 220), (196, 212, 226), (252, 226, 204)),
            (1.0, 0.98, 0.95),
            (255, 236, 196),
            0.42,
            (255, 246, 238),
        ),
        Light(
            "sunset",
            ((92, 104, 168), (234, 142, 128), (255, 206, 128)),
            (1.0, 0.9, 0.8),
            (255, 224, 150),
            0.72,
            (255, 196, 176),
        ),
        Light(
            "overcast",
            ((160, 174, 188), (190, 202, 212), (220, 226, 230)),
            (0.92, 0.95, 0.98),
            (240, 242, 244),
            0.1,
            (236, 240, 244),
        ),
        Light(
            "night",
            ((18, 26, 66), (40, 54, 112), (96, 98, 156)),
            (0.72, 0.76, 0.98),
            (250, 246, 224),
            0.25,
            (70, 76, 118),
        ),
    )
}


def lit(colour: Colour, light: Light) -> Colour:
    """Return a colour as it looks in that light."""
    red, green, blue = (round(c * t) for c, t in zip(colour, light.tint, strict=True))
    return red, green, blue


def lit_layer(image: Image.Image, light: Light) -> Image.Image:
    """Return an RGB or RGBA image as it looks in that light; alpha stays."""
    if light.tint == (1.0, 1.0, 1.0):
        return image
    table = [round(v * t) for t in light.tint for v in range(256)]
    return image.point(table + list(range(256)) * (len(image.getbands()) - 3))


def gradient(size: tuple[int, int], colours: tuple[Colour, ...]) -> Image.Image:
    """Return an RGB image that runs from the first colour at the top to the last."""
    stops = np.linspace(0, 1, len(colours))
    at = np.linspace(0, 1, 256)
    column = np.stack(
        [np.interp(at, stops, [c[k] for c in colours]) for k in range(3)], axis=-1
    )
    image = Image.fromarray(column.astype(np.uint8)[:, None, :])
    return image.resize(size, Image.Resampling.BILINEAR)


@cache
def halo() -> Image.Image:
    """A soft round spot, 255 in the middle, 0 at the edge of 128 × 128 pixels."""
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    spot = np.clip(1 - np.hypot(x, y), 0, 1) ** 2
    return Image.fromarray((spot * 255).astype(np.uint8))


def glow(
    image: Image.Image, at: tuple[float, float], r: float, colour: Colour, power: float
) -> None:
    """Paint a glow of radius r pixels; power 0..1 is its strength in the middle."""
    size = max(2, round(2 * r))
    mask = halo().resize((size, size)).point([round(v * power) for v in range(256)])
    image.paste(colour, (round(at[0] - r), round(at[1] - r)), mask)


def texture(
    image: Image.Image,
    rng: np.random.Generator,
    box: tuple[int, int, int, int],
    cell: tuple[int, int],
    strength: float,
) -> None:
    """Mottle part of the image by ± strength (0..1) in blobs of cell pixels."""
    width, height = box[2] - box[0], box[3] - box[1]
    if width < 2 or height < 2:
        return
    shape = (max(2, height // cell[1]), max(2, width // cell[0]))
    coarse = Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8))
    noise = coarse.resize((width, height), Image.Resampling.BICUBIC)
    part = image.crop(box)
    swing = strength * 90
    bright = noise.point([round((v - 128) / 128 * swing + 100) for v in range(256)])
    merged = Image.merge("RGB", (bright, bright, bright))
    image.paste(ImageChops.add(part, merged, offset=-100), box)


def develop(image: Image.Image, rng: np.random.Generator, grain: float) -> Image.Image:
    """Return the picture with a darker rim and film grain of `grain` grey levels."""
    y, x = np.mgrid[-1:1:48j, -1:1:64j]
    rim = 255 - 46 * np.clip(np.hypot(x, y) - 0.62, 0, 1) ** 1.6
    mask = Image.fromarray(rim.astype(np.uint8)).resize(
        image.size, Image.Resampling.BICUBIC
    )
    image = ImageChops.multiply(image, Image.merge("RGB", (mask, mask, mask)))
    if grain <= 0:
        return image
    tile = Image.fromarray(
        np.clip(rng.normal(40, grain, (509, 523)), 0, 80).astype(np.uint8)
    )
    sheet = Image.new("L", image.size)
    for top in range(0, image.height, 509):
        for left in range(0, image.width, 523):
            sheet.paste(tile, (left, top))
    return ImageChops.add(image, Image.merge("RGB", (sheet, sheet, sheet)), offset=-40)
