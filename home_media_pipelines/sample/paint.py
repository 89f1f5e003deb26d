"""Paint smooth shapes on a transparent layer: the brushes every drawing uses.

Coordinates are the thing's own units, x right, y down, the same unit both ways; one
unit is `scale` pixels. Layers are drawn larger than needed and shrunk once, which is
what makes the edges soft.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Points = Sequence[Point]


def tint(colour: Colour, amount: float) -> Colour:
    """Return the colour moved to white (amount > 0) or black (< 0), amount in -1..1."""
    goal = 255 if amount > 0 else 0
    red, green, blue = (round(c + (goal - c) * abs(amount)) for c in colour)
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with `share` (0..1) of `other` mixed in."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> list[Point]:
    """Return the outline of an ellipse about (x, y), turned by degrees clockwise."""
    count = 48
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    around = [2 * math.pi * i / count for i in range(count)]
    flat = [(rx * math.cos(a), ry * math.sin(a)) for a in around]
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in flat]


def rounded(x: float, y: float, width: float, height: float, r: float) -> list[Point]:
    """Return the outline of a rectangle with round corners of radius r."""
    r = min(r, width / 2, height / 2)
    corners = [
        (x + width - r, y + height - r, 0),
        (x + r, y + height - r, 90),
        (x + r, y + r, 180),
        (x + width - r, y + r, 270),
    ]
    return [
        (
            cx + r * math.cos(math.radians(start + step)),
            cy + r * math.sin(math.radians(start + step)),
        )
        for cx, cy, start in corners
        for step in range(0, 91, 15)
    ]


def smooth(points: Points, *, closed: bool = True) -> list[Point]:
    """Return a Catmull-Rom curve through the points, ten steps a piece."""
    knots = np.asarray(points, dtype=float)
    if closed:
        knots = np.vstack([knots[-1:], knots, knots[:2]])
    else:
        knots = np.vstack([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, 1, 10, endpoint=False)[:, None]
    curve: list[Point] = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        piece = 0.5 * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - 3 * c + d - a) * t**3
        )
        curve += [(float(x), float(y)) for x, y in piece]
    return curve if closed else [*curve, (float(knots[-1, 0]), float(knots[-1, 1]))]


@cache
def _ramp() -> Image.Image:
    """A diagonal ramp from 0 at the upper left to 255 at the lower right."""
    y, x = np.mgrid[0:64, 0:64] / 63
    return Image.fromarray(((0.35 * x + 0.65 * y) * 255).astype(np.uint8))


class Sketch:
    """A transparent layer of width × height units, one unit being `scale` pixels."""

    def __init__(self, width: float, height: float, scale: float) -> None:
        self.scale = scale
        size = (max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale)))
        self.image = Image.new("RGBA", size, (0, 0, 0, 0))

    def fill(
        self,
        points: Points,
        colour: Colour,
        *,
        shade: float = 0.12,
        opacity: float = 1.0,
    ) -> None:
        """Fill an outline, lighter at its upper left and darker at its lower right."""
        pixels = [(x * self.scale, y * self.scale) for x, y in points]
        box, mask = self._mask_of(pixels, 0)
        if mask is not None:
            ImageDraw.Draw(mask).polygon(
                [(x - box[0], y - box[1]) for x, y in pixels], fill=255
            )
            self._paint(box, mask, colour, shade, opacity)

    def stroke(
        self,
        points: Points,
        width: float,
        colour: Colour,
        *,
        shade: float = 0.06,
        opacity: float = 1.0,
    ) -> None:
        """Draw a line of `width` units through the points, with round ends."""
        pixels = [(x * self.scale, y * self.scale) for x, y in points]
        thick = max(1.0, width * self.scale)
        box, mask = self._mask_of(pixels, thick)
        if mask is not None:
            pen = ImageDraw.Draw(mask)
            at = [(x - box[0], y - box[1]) for x, y in pixels]
            pen.line(at, fill=255, width=round(thick), joint="curve")
            for x, y in (at[0], at[-1]):
                r = thick / 2
                pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
            self._paint(box, mask, colour, shade, opacity)

    def _mask_of(
        self, pixels: Points, margin: float
    ) -> tuple[tuple[int, int, int, int], Image.Image | None]:
        """Return the part of the layer the points touch, and an empty mask of it."""
        xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
        box = (
            max(0, math.floor(min(xs) - margin)),
            max(0, math.floor(min(ys) - margin)),
            min(self.image.width, math.ceil(max(xs) + margin) + 1),
            min(self.image.height, math.ceil(max(ys) + margin) + 1),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            return box, None
        return box, Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)

    def _paint(
        self,
        box: tuple[int, int, int, int],
        mask: Image.Image,
        colour: Colour,
        shade: float,
        opacity: float,
    ) -> None:
        if opacity < 1:
            layer = Image.new("RGBA", mask.size, (*colour, 0))
            layer.putalpha(mask.point([round(v * opacity) for v in range(256)]))
            self.image.alpha_composite(layer, box[:2])
            return
        self.image.paste((*tint(colour, shade), 255), box, mask)
        if shade:
            dark = ImageChops.multiply(mask, _ramp().resize(mask.size))
            self.image.paste((*tint(colour, -shade * 1.3), 255), box, dark)

    def finish(self, shrink: int) -> Image.Image:
        """Return the layer shrunk `shrink` times, its rim lit from the upper left."""
        image = self.image.reduce(shrink) if shrink > 1 else self.image
        return _relief(image)


def _relief(image: Image.Image) -> Image.Image:
    """Give a flat layer volume: light on its upper left rim, shadow on the other."""
    alpha = image.getchannel("A")
    small = alpha.resize((max(1, alpha.width // 4), max(1, alpha.height // 4)))
    radius = max(1.0, min(small.size) / 18)
    soft = small.filter(ImageFilter.GaussianBlur(radius))
    reach = max(1, round(radius))
    lower = ImageChops.offset(soft, reach, reach)
    upper = ImageChops.offset(soft, -reach, -reach)
    slope = ImageChops.subtract(upper, lower, scale=1.0, offset=128)
    slope = slope.resize(image.size, Image.Resampling.BILINEAR)
    light = slope.point([max(0, min(70, round((v - 128) * 0.55))) for v in range(256)])
    shadow = slope.point([max(0, min(90, round((128 - v) * 0.7))) for v in range(256)])
    colour = image.convert("RGB")
    colour.paste((255, 250, 235), mask=light)
    colour.paste((20, 22, 50), mask=shadow)
    colour.putalpha(alpha)
    return colour
