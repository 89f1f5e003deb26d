"""Paint the parts of a landscape: sky, clouds, hills, water, grass."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from home_media_pipelines.sample.light import (
    Light,
    glow,
    gradient,
    lit,
)
from home_media_pipelines.sample.paint import Colour, mix, tint


def ridge(rng: np.random.Generator, width: int, rough: float) -> np.ndarray:
    """A mountain line of `width` heights in about -1..1; rough 0 is soft hills."""
    x = np.linspace(0, 1, width)
    line = np.zeros(width)
    for octave in range(1, 7):
        wave = np.sin(2 * math.pi * (x * octave * 1.3 + rng.random()))
        line += wave * rng.uniform(0.5, 1) / octave ** (2.2 - rough)
    return line / 1.6


def hills(
    image: Image.Image,
    line: np.ndarray,
    colours: tuple[Colour, ...],
    bottom: int,
) -> None:
    """Fill from a line of y positions down to `bottom` with a vertical gradient."""
    top = max(0, min(int(line.min()) - 1, image.height))
    if top >= bottom:
        return
    width = image.width
    mask = Image.new("L", (width, (bottom - top) * 2), 0)
    step = max(1, width // 400)
    xs = [*range(0, width, step), width - 1]
    outline = [(x, (float(line[x]) - top) * 2) for x in xs]
    ImageDraw.Draw(mask).polygon(
        [*outline, (width, mask.height), (0, mask.height)], fill=255
    )
    mask = mask.resize((width, bottom - top), Image.Resampling.BOX)
    image.paste(gradient(mask.size, colours), (0, top), mask)


def cloud(
    image: Image.Image,
    rng: np.random.Generator,
    at: tuple[float, float],
    w: float,
    c: Colour,
) -> None:
    """One heap cloud, w pixels wide, the middle of its flat foot at `at`."""
    size = (max(8, round(w)), max(6, round(w * 0.42)))
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    pen = ImageDraw.Draw(mask)
    for _ in range(9):
        u = float(rng.uniform(0.14, 0.86))
        r = size[1] * float(rng.uniform(0.35, 0.85)) * (1.15 - abs(u - 0.5) * 1.5)
        cx, cy = u * size[0] * 2, size[1] * 1.72 - r * 0.75
        pen.ellipse((cx - r * 1.2, cy - r, cx + r * 1.2, cy + r), fill=255)
    pen.rectangle((0, size[1] * 1.74, size[0] * 2, size[1] * 2), fill=0)
    mask = mask.reduce(2).filter(ImageFilter.GaussianBlur(max(1.0, w / 90)))
    mask = mask.point([round(v * 0.88) for v in range(256)])
    body = gradient(mask.size, (c, c, tint(mix(c, (120, 140, 180), 0.28), 0.0)))
    corner = (round(at[0] - w / 2), round(at[1] - mask.height))
    image.paste(body, corner, mask)


def sky(
    image: Image.Image, rng: np.random.Generator, light: Light, horizon: int
) -> bool:
    """Paint sky, sun or moon, stars and clouds; return whether the sun is left."""
    w, reach = image.width, horizon + 2
    image.paste(light.sky[2], (0, horizon, w, image.height))
    image.paste(gradient((w, reach), light.sky), (0, 0))
    left = bool(rng.random() < 0.5)
    span = min(w, image.height * 2)
    sun_x = w * (rng.uniform(0.1, 0.35) if left else rng.uniform(0.65, 0.9))
    at, r = (float(sun_x), horizon * light.sun_height), span * 0.035
    if light.name == "night":
        pen = ImageDraw.Draw(image)
        for _ in range(round(150 * w / 1600) + 40):
            x, y = rng.random() * w, rng.random() ** 1.4 * horizon
            s = float(rng.uniform(0.4, 1.7)) * span / 1600
            shine = int(rng.integers(150, 255))
            pen.ellipse((x - s, y - s, x + s, y + s), fill=(shine, shine, 235))
        glow(image, at, r * 6, (150, 160, 220), 0.5)
    elif light.name != "overcast":
        glow(image, at, r * 11, light.sun, 0.75)
    if light.name != "overcast":
        disc = Image.new("L", (256, 256), 0)
        ImageDraw.Draw(disc).ellipse((2, 2, 253, 253), fill=255)
        if light.name == "night":
            ImageDraw.Draw(disc).ellipse((70, -30, 300, 200), fill=0)
        disc = disc.resize((round(r * 2), round(r * 2)), Image.Resampling.LANCZOS)
        image.paste(light.sun, (round(at[0] - r), round(at[1] - r)), disc)
    count = {"overcast": 10, "noon": 5, "night": 2}.get(light.name, 4)
    for _ in range(round(count * max(1, w / image.height / 1.5))):
        y = horizon * float(rng.uniform(0.16, 0.82))
        size = span * float(rng.uniform(0.09, 0.22)) * (1.25 - y / max(1, horizon))
        cloud(image, rng, (float(rng.random()) * w, y), size + 20, light.clouds)
    return left


def blades(
    image: Image.Image,
    rng: np.random.Generator,
    top: int,
    count: int,
    colours: tuple[Colour, ...],
) -> None:
    """Scatter grass tufts, small far away and larger in front."""
    pen = ImageDraw.Draw(image)
    unit = image.height / 1200
    for depth in np.sort(rng.random(count)):
        y = top + depth**1.2 * (image.height - top)
        x, s = rng.random() * image.width, (4 + 17 * depth) * unit
        colour = colours[int(rng.integers(len(colours)))]
        for lean in (-0.5, 0.0, 0.45):
            tip = (x + lean * s, y - s * (1 - abs(lean) * 0.5))
            pen.line([(x + lean * 3, y), tip], fill=colour, width=max(1, round(s / 8)))


def dots(
    image: Image.Image,
    rng: np.random.Generator,
    top: int,
    count: int,
    colours: tuple[Colour, ...],
) -> None:
    """Scatter tiny blossoms or pebbles over the ground."""
    pen = ImageDraw.Draw(image)
    for depth in np.sort(rng.random(count)):
        y = top + depth * (image.height - top)
        x, r = rng.random() * image.width, (0.8 + 2.6 * depth) * image.height / 1200
        fill = colours[int(rng.integers(len(colours)))]
        pen.ellipse((x - r * 1.3, y - r, x + r * 1.3, y + r), fill=fill)


def water(
    image: Image.Image,
    rng: np.random.Generator,
    light: Light,
    box: tuple[int, int],
    colours: tuple[Colour, ...],
) -> None:
    """Paint water between two rows: a gradient, a faint mirror of the sky, ripples."""
    top, bottom = box
    w, h = image.width, bottom - top
    base = gradient((w, h), tuple(lit(c, light) for c in colours))
    mirror = image.crop((0, max(0, top - h), w, top)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = mirror.resize((max(1, w // 8), max(1, h // 3))).resize((w, h))
    image.paste(Image.blend(base, mirror, 0.42), (0, top))
    layer = Image.new("L", (w, h), 0)
    pen = ImageDraw.Draw(layer)
    for _ in range(round(260 * w / 1600)):
        depth = float(rng.random()) ** 1.5
        y, x = depth * h, float(rng.random()) * w
        length, thick = (12 + 95 * depth) * w / 1600, 1 + depth * 2.6 * w / 1600
        pen.ellipse(
            (x - length, y - thick, x + length, y + thick),
            fill=int(rng.integers(26, 96)),
        )
    shine = tint(lit(light.clouds, light), 0.2)
    image.paste(shine, (0, top), layer.filter(ImageFilter.GaussianBlur(1.2)))


def far_hills(
    image: Image.Image, rng: np.random.Generator, light: Light, horizon: int, c: Colour
) -> None:
    """Two rows of hills in the haze above the horizon."""
    w, h = image.size
    haze = light.sky[2]
    for step, share in enumerate((0.62, 0.36)):
        tone = mix(lit(c, light), haze, share)
        rise = h * (0.07 - 0.03 * step)
        line = horizon - rise + ridge(rng, w, 0.3 - 0.2 * step) * h * 0.045
        hills(image, line, (tone, mix(tone, haze, 0.35)), horizon + 3)
