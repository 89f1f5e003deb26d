"""Paint the eight places things stand in: beach, meadow, snow, city and so on."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from home_media_pipelines.sample.light import (
    Light,
    glow,
    gradient,
    lit,
    texture,
)
from home_media_pipelines.sample.paint import mix, tint
from home_media_pipelines.sample.terrain import (
    blades,
    cloud,
    dots,
    far_hills,
    hills,
    ridge,
    sky,
    water,
)

Band = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where things may stand, as fractions of the height from the top."""

    ground: Band
    water: Band | None = None
    sky: Band | None = None
    sun_left: bool = True


def beach(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """Sea below the sky, a curved edge of foam, pale sand in front."""
    w, h = image.size
    horizon, shore = round(h * 0.38), h * 0.6
    left = sky(image, rng, light, horizon)
    water(
        image,
        rng,
        light,
        (horizon, round(h * 0.72)),
        ((70, 142, 178), (74, 168, 188), (148, 214, 206)),
    )
    x = np.linspace(0, 1, w)
    line = shore + h * 0.045 * np.sin(2 * math.pi * (x * 0.8 + rng.random()))
    line = line + h * 0.006 * np.sin(2 * math.pi * x * 5)
    hills(image, line - h * 0.016, ((236, 246, 244),) * 2, h)
    sand = lit((238, 214, 164), light)
    hills(image, line, (tint(lit((206, 176, 128), light), 0.05),) * 2, h)
    hills(image, line + h * 0.028, (sand, tint(sand, -0.12)), h)
    texture(image, rng, (0, round(h * 0.68), w, h), (26, 8), 0.22)
    pebbles = (tint(sand, -0.2), tint(sand, 0.35), lit((200, 150, 130), light))
    dots(image, rng, round(h * 0.68), 320, pebbles)
    return Stage((0.69, 0.97), (0.42, 0.56), (0.05, 0.3), left)


def meadow(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """Rolling green with grass and small blossoms, hills behind."""
    w, h = image.size
    horizon = round(h * 0.46)
    left = sky(image, rng, light, horizon)
    far_hills(image, rng, light, horizon, (94, 140, 110))
    green = lit((138, 186, 88), light)
    line = horizon - h * 0.015 + ridge(rng, w, 0.0) * h * 0.02
    hills(image, line, (tint(green, 0.16), green), h)
    line = h * 0.6 + ridge(rng, w, 0.0) * h * 0.04
    hills(image, line, (lit((122, 176, 76), light), lit((76, 134, 56), light)), h)
    texture(image, rng, (0, round(h * 0.48), w, h), (70, 22), 0.2)
    tufts = tuple(lit(c, light) for c in ((84, 140, 58), (150, 192, 92), (64, 118, 54)))
    blades(image, rng, round(h * 0.5), 700, tufts)
    blooms = ((250, 248, 240), (246, 206, 80), (236, 134, 150), (172, 140, 214))
    dots(image, rng, round(h * 0.52), 260, tuple(lit(c, light) for c in blooms))
    return Stage((0.53, 0.96), None, (0.05, 0.34), left)


def snow(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """White ground with blue shadows, mountains with snow on them, falling flakes."""
    w, h = image.size
    horizon = round(h * 0.48)
    left = sky(image, rng, light, horizon)
    tone = mix(lit((120, 142, 180), light), light.sky[2], 0.3)
    line = horizon - h * 0.16 + ridge(rng, w, 0.9) * h * 0.12
    white = lit((246, 249, 253), light)
    hills(image, line, (white, mix(white, tone, 0.45), tone), horizon + 3)
    line = horizon + ridge(rng, w, 0.0) * h * 0.02
    hills(image, line, (lit((226, 236, 248), light), white), h)
    line = h * 0.62 + ridge(rng, w, 0.0) * h * 0.05
    hills(image, line, (white, lit((206, 220, 240), light)), h)
    texture(image, rng, (0, round(h * 0.5), w, h), (160, 40), 0.09)
    pen = ImageDraw.Draw(image)
    for _ in range(190 if light.name != "noon" else 70):
        x, y = rng.random() * w, rng.random() * h
        r = float(rng.uniform(1, 4)) * h / 1200
        pen.ellipse((x - r, y - r, x + r, y + r), fill=white)
    return Stage((0.55, 0.96), None, (0.05, 0.3), left)


def city(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """A row of tall blocks with rows of windows, pavement, a road with markings."""
    w, h = image.size
    horizon, kerb = round(h * 0.52), round(h * 0.6)
    left = sky(image, rng, light, horizon)
    pen = ImageDraw.Draw(image)
    for far in (True, False):
        x = -h * 0.05
        while x < w:
            wide = h * float(rng.uniform(0.13, 0.24))
            tall = h * float(rng.uniform(0.2, 0.44)) * (1.0 if far else 0.8)
            walls = ((196, 166, 146), (178, 184, 192), (206, 196, 172), (166, 146, 150))
            wall = lit(walls[int(rng.integers(4))], light)
            if far:
                wall = mix(wall, light.sky[2], 0.6)
            top = horizon - tall
            pen.rectangle((x, top, x + wide, horizon + 2), fill=wall)
            pen.rectangle((x, top, x + wide, top + h * 0.012), fill=tint(wall, -0.18))
            if not far:
                pane = lit((150, 186, 206), light)
                cols, rows = 4, max(3, round(tall / (h * 0.055)))
                for c in range(cols):
                    for r in range(rows):
                        glass = tint(pane, float(rng.uniform(-0.25, 0.35)))
                        if light.name in ("night", "sunset") and rng.random() < 0.45:
                            glass = (255, 214, 122)
                        gx = x + wide * (0.1 + 0.21 * c)
                        gy = top + h * 0.028 + r * (tall - h * 0.04) / rows
                        box = (gx, gy, gx + wide * 0.14, gy + h * 0.03)
                        pen.rectangle(box, fill=glass)
            x += wide + h * float(rng.uniform(0, 0.015))
    stone = lit((196, 190, 184), light)
    image.paste(gradient((w, kerb - horizon), (tint(stone, -0.1), stone)), (0, horizon))
    road = lit((104, 106, 114), light)
    image.paste(
        gradient((w, h - kerb), (tint(road, 0.14), tint(road, -0.14))), (0, kerb)
    )
    texture(image, rng, (0, kerb, w, h), (6, 4), 0.12)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, kerb, w, kerb + h * 0.012), fill=tint(stone, 0.3))
    for x in range(0, w, max(1, round(h * 0.22))):
        y, tall, lean = h * 0.78, h * 0.018, h * 0.02
        pen.polygon(
            [
                (x, y),
                (x + h * 0.12, y),
                (x + h * 0.12 - lean, y + tall),
                (x - lean, y + tall),
            ],
            fill=lit((240, 236, 220), light),
        )
    for x in np.arange(h * 0.2, w, h * 0.62):
        pen.rectangle((x - h * 0.005, h * 0.27, x + h * 0.005, kerb), fill=(58, 62, 72))
        pen.rectangle((x, h * 0.27, x + h * 0.06, h * 0.28), fill=(58, 62, 72))
        if light.name in ("night", "sunset"):
            glow(image, (x + h * 0.055, h * 0.29), h * 0.09, (255, 226, 150), 0.9)
    return Stage((0.62, 0.96), None, (0.04, 0.2), left)


def forest(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """Misty trunks one behind the other, light between them, moss and ferns below."""
    w, h = image.size
    ground = round(h * 0.56)
    mist = lit((206, 226, 196), light)
    image.paste(gradient((w, h), (tint(mist, -0.22), mist, tint(mist, 0.25))), (0, 0))
    left = bool(rng.random() < 0.5)
    spot = (w * (0.28 if left else 0.72), h * 0.2)
    glow(image, spot, h * 0.75, lit((255, 252, 214), light), 0.85)
    for layer, share in enumerate((0.78, 0.6, 0.4)):
        tone = mix(lit((70, 96, 72), light), mist, share)
        mask = Image.new("L", (w, ground + 20), 0)
        pen = ImageDraw.Draw(mask)
        for _ in range(round((16 - 3 * layer) * w / h)):
            x, r = rng.random() * w, h * (0.007 + 0.005 * layer)
            lean = float(rng.normal(0, 0.012)) * h
            pen.polygon(
                [
                    (x - r * 0.7 + lean, 0),
                    (x + r * 0.7 + lean, 0),
                    (x + r, mask.height),
                    (x - r, mask.height),
                ],
                fill=255,
            )
        for _ in range(round(24 * w / h)):
            x, y = rng.random() * w, rng.random() ** 2 * h * 0.24
            r = h * float(rng.uniform(0.03, 0.085))
            pen.ellipse((x - r * 1.4, y - r, x + r * 1.4, y + r), fill=215)
        mask = mask.filter(ImageFilter.GaussianBlur((3 - layer) * h / 900 + 0.6))
        image.paste(tone, (0, 0), mask)
    moss = lit((104, 138, 72), light)
    line = ground + ridge(rng, w, 0.1) * h * 0.02
    hills(image, line, (mix(moss, mist, 0.4), moss, tint(moss, -0.3)), h)
    texture(image, rng, (0, ground, w, h), (46, 16), 0.3)
    ferns = tuple(lit(c, light) for c in ((74, 112, 56), (140, 166, 84), (98, 84, 52)))
    blades(image, rng, round(h * 0.58), 520, ferns)
    leaves = tuple(
        lit(c, light) for c in ((200, 120, 56), (170, 84, 48), (218, 176, 80))
    )
    dots(image, rng, round(h * 0.58), 180, leaves)
    shafts = Image.new("L", (w // 4 + 1, h // 4 + 1), 0)
    pen = ImageDraw.Draw(shafts)
    for k in range(5):
        x = spot[0] / 4 + (k - 2) * w / 30
        end = x + (k - 2 + (1.5 if left else -1.5)) * w / 18
        pen.polygon(
            [(x, 0), (x + w / 70, 0), (end + w / 26, h / 5), (end, h / 5)], fill=60
        )
    shafts = shafts.filter(ImageFilter.GaussianBlur(5)).resize((w, h))
    image.paste((255, 252, 220), (0, 0), shafts)
    return Stage((0.63, 0.96), None, (0.1, 0.34), left)


def lake(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """Mountains mirrored in a lake, a grassy bank in front."""
    w, h = image.size
    horizon = round(h * 0.42)
    left = sky(image, rng, light, horizon)
    far = mix(lit((104, 124, 160), light), light.sky[2], 0.4)
    line = horizon - h * 0.14 + ridge(rng, w, 0.75) * h * 0.1
    hills(image, line, (tint(far, 0.3), far, mix(far, light.sky[2], 0.3)), horizon + 2)
    near = mix(lit((66, 112, 92), light), light.sky[2], 0.15)
    line = horizon - h * 0.035 + ridge(rng, w, 0.6) * h * 0.03
    hills(image, line, (near, tint(near, -0.1)), horizon + 2)
    water(
        image,
        rng,
        light,
        (horizon, round(h * 0.82)),
        ((126, 178, 200), (72, 138, 172), (52, 112, 146)),
    )
    bank = lit((122, 166, 78), light)
    line = h * 0.74 + ridge(rng, w, 0.0) * h * 0.03
    hills(image, line + h * 0.0, (lit((186, 172, 126), light),) * 2, h)
    hills(image, line + h * 0.014, (bank, tint(bank, -0.28)), h)
    texture(image, rng, (0, round(h * 0.78), w, h), (40, 14), 0.24)
    tufts = tuple(
        lit(c, light) for c in ((78, 128, 54), (152, 186, 92), (170, 160, 92))
    )
    blades(image, rng, round(h * 0.78), 420, tufts)
    return Stage((0.82, 0.97), (0.47, 0.7), (0.05, 0.26), left)


def night(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """A dark meadow under stars, a moon, fireflies."""
    w, h = image.size
    horizon = round(h * 0.5)
    left = sky(image, rng, light, horizon)
    far_hills(image, rng, light, horizon, (70, 96, 104))
    green = lit((92, 128, 92), light)
    line = horizon + ridge(rng, w, 0.0) * h * 0.02
    hills(image, line, (mix(green, light.sky[2], 0.25), green, tint(green, -0.35)), h)
    texture(image, rng, (0, horizon, w, h), (70, 22), 0.16)
    blades(image, rng, round(h * 0.54), 500, (tint(green, -0.3), tint(green, 0.16)))
    for _ in range(22):
        at = (float(rng.random()) * w, h * float(rng.uniform(0.45, 0.95)))
        glow(image, at, h * float(rng.uniform(0.008, 0.02)), (236, 246, 140), 0.9)
    return Stage((0.56, 0.96), None, (0.05, 0.3), left)


def indoor(image: Image.Image, rng: np.random.Generator, light: Light) -> Stage:
    """A room: papered wall, window with curtains, framed picture, boards, a rug."""
    w, h = image.size
    floor = round(h * 0.58)
    papers = ((226, 208, 184), (184, 206, 200), (206, 196, 218), (230, 196, 180))
    wall = lit(papers[int(rng.integers(4))], light)
    image.paste(gradient((w, floor), (tint(wall, 0.12), tint(wall, -0.06))), (0, 0))
    pen = ImageDraw.Draw(image)
    for x in np.arange(0, w, h * 0.055):
        pen.rectangle((x, 0, x + h * 0.018, floor), fill=tint(wall, 0.1))
    left = bool(rng.random() < 0.5)
    wx, wy, ww, wh = w * (0.14 if left else 0.6), h * 0.07, h * 0.34, h * 0.34
    pen.rectangle(
        (wx - h * 0.015, wy - h * 0.015, wx + ww + h * 0.015, wy + wh + h * 0.02),
        fill=(250, 248, 242),
    )
    view = gradient((round(ww), round(wh)), light.sky)
    cloud(view, rng, (ww * 0.5, wh * 0.55), ww * 0.5, light.clouds)
    hills(
        view,
        wh * 0.75 + ridge(rng, view.width, 0.0) * wh * 0.1,
        (lit((120, 170, 92), light),) * 2,
        view.height,
    )
    image.paste(view, (round(wx), round(wy)))
    pen.rectangle(
        (wx + ww / 2 - h * 0.006, wy, wx + ww / 2 + h * 0.006, wy + wh),
        fill=(250, 248, 242),
    )
    pen.rectangle(
        (wx, wy + wh / 2 - h * 0.006, wx + ww, wy + wh / 2 + h * 0.006),
        fill=(250, 248, 242),
    )
    cloth = ((206, 92, 84), (92, 132, 168), (232, 184, 92))[int(rng.integers(3))]
    for side in (-1, 1):
        for fold in range(5):
            cx = (wx - h * 0.03 if side < 0 else wx + ww + h * 0.03) + (
                fold - 2
            ) * h * 0.02
            shade = tint(lit(cloth, light), -0.16 if fold % 2 else 0.06)
            pen.rectangle(
                (cx - h * 0.011, wy - h * 0.035, cx + h * 0.011, wy + wh + h * 0.1),
                fill=shade,
            )
    px = w * (0.68 if left else 0.16)
    pen.rectangle((px, h * 0.1, px + h * 0.26, h * 0.3), fill=(128, 92, 60))
    art = gradient(
        (round(h * 0.22), round(h * 0.16)), ((244, 202, 148), (214, 120, 112))
    )
    glow(
        art, (art.width * 0.6, art.height * 0.5), art.height * 0.5, (255, 240, 190), 0.9
    )
    image.paste(art, (round(px + h * 0.02), round(h * 0.12)))
    wood = lit((178, 128, 84), light)
    image.paste(
        gradient((w, h - floor), (tint(wood, -0.1), tint(wood, 0.08))), (0, floor)
    )
    texture(image, rng, (0, floor, w, h), (130, 6), 0.16)
    pen = ImageDraw.Draw(image)
    for k in range(-14, 15):
        start, end = w / 2 + k * w * 0.06, w / 2 + k * w * 0.15
        pen.line(
            [(start, floor), (end, h)], fill=tint(wood, -0.3), width=max(1, h // 500)
        )
    pen.rectangle((0, floor - h * 0.03, w, floor), fill=tint(wall, 0.55))
    pen.rectangle((0, floor, w, floor + h * 0.006), fill=tint(wood, -0.4))
    rug = lit(
        ((168, 74, 80), (74, 104, 138), (112, 130, 92))[int(rng.integers(3))], light
    )
    layer = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for step, share in enumerate((1.0, 0.86, 0.8, 0.5)):
        rx, ry = w * 0.36 * share, h * 0.13 * share
        tone = rug if step % 2 == 0 else tint(rug, 0.5)
        pen.ellipse(
            (w / 2 - rx, h * 0.82 - ry, w / 2 + rx, h * 0.82 + ry), fill=(*tone, 255)
        )
    image.paste(layer.convert("RGB"), (0, 0), layer.getchannel("A"))
    beam = Image.new("L", (w // 4 + 1, h // 4 + 1), 0)
    lean = h * 0.06 * (1 if left else -1)
    ImageDraw.Draw(beam).polygon(
        [
            ((wx + lean) / 4, floor / 4 + 3),
            ((wx + ww + lean) / 4, floor / 4 + 3),
            ((wx + ww + lean * 5) / 4, h / 4.3),
            ((wx + lean * 5) / 4, h / 4.3),
        ],
        fill=86,
    )
    beam = beam.filter(ImageFilter.GaussianBlur(4)).resize((w, h))
    image.paste(lit((255, 244, 206), light), (0, 0), beam)
    return Stage((0.66, 0.96), None, None, left)


BACKDROPS: dict[str, Callable[[Image.Image, np.random.Generator, Light], Stage]] = {
    "beach": beach,
    "meadow": meadow,
    "snow": snow,
    "city": city,
    "forest": forest,
    "lake": lake,
    "night": night,
    "indoor": indoor,
}
