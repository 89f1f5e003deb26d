"""Draw what stays where it is: house, tree, flower, ball, snowman."""

import math

import numpy as np

from home_media_pipelines.sample.paint import (
    Colour,
    Sketch,
    ellipse,
    rounded,
    smooth,
    tint,
)
from home_media_pipelines.sample.palette import GLASS, PAINT, WOOD


def house(
    sketch: Sketch, colour: Colour, rng: np.random.Generator, *, lit: bool = False
) -> None:
    """A house with a pitched roof, 190 × 176: door, two windows, a chimney."""
    tiles = ((176, 76, 60), (112, 84, 84), (84, 98, 122))[int(rng.integers(3))]
    pane = (255, 218, 120) if lit else GLASS
    sketch.fill(rounded(134, 14, 20, 46, 1), (158, 104, 88))
    sketch.fill(rounded(131, 10, 26, 8, 2), (128, 80, 68))
    sketch.fill([(18, 76), (172, 76), (172, 174), (18, 174)], colour, shade=0.09)
    sketch.fill(
        [(18, 76), (172, 76), (172, 84), (18, 88)], tint(colour, -0.25), shade=0
    )
    for y in range(96, 160, 14):
        sketch.stroke([(20, y), (170, y)], 0.8, tint(colour, -0.1), shade=0)
    sketch.fill(rounded(18, 162, 154, 13, 1), (150, 146, 142))
    sketch.fill([(2, 80), (60, 14), (130, 14), (188, 80)], tiles, shade=0.12)
    for row in range(5):
        y = 24 + row * 12
        lean = (y - 14) * 58 / 66
        sketch.stroke(
            [(60 - lean + 3, y), (130 + lean - 3, y)], 1.1, tint(tiles, -0.22), shade=0
        )
    sketch.stroke([(3, 80), (187, 80)], 4, tint(tiles, -0.35))
    sketch.fill(rounded(80, 112, 32, 62, 4), tint(WOOD, -0.05))
    sketch.fill(rounded(86, 119, 20, 18, 3), pane, shade=0.1)
    sketch.fill(ellipse(106, 148, 2.4, 2.4), (240, 206, 110))
    for x in (32, 124):
        sketch.fill(rounded(x - 3, 99, 40, 38, 2), (248, 246, 240), shade=0.04)
        sketch.fill(rounded(x, 102, 34, 32, 1), pane, shade=0.14)
        sketch.stroke([(x + 17, 102), (x + 17, 134)], 2.2, (248, 246, 240), shade=0)
        sketch.stroke([(x, 118), (x + 34, 118)], 2.2, (248, 246, 240), shade=0)
        sketch.fill(rounded(x - 4, 136, 42, 8, 2), (146, 100, 64))
        for dot in range(5):
            bloom = (PAINT["red"], PAINT["pink"], PAINT["yellow"])[int(rng.integers(3))]
            sketch.fill(ellipse(x + 1 + dot * 8, 134, 4, 4), bloom)


def tree(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A broad-leaved tree, 150 × 196: a round crown of many leaves on a trunk."""
    sketch.fill(
        smooth([(68, 100), (84, 100), (84, 168), (94, 194), (56, 194), (67, 168)]), WOOD
    )
    sketch.stroke([(76, 120), (96, 92)], 6, WOOD)
    sketch.stroke([(74, 128), (52, 98)], 5, WOOD)
    spots = [
        (75, 46, 42),
        (42, 72, 36),
        (108, 72, 36),
        (75, 88, 38),
        (52, 42, 32),
        (100, 44, 32),
    ]
    for x, y, r in spots:
        sketch.fill(ellipse(x, y + 5, r, r * 0.95), tint(colour, -0.22), shade=0.05)
    for x, y, r in spots:
        sketch.fill(ellipse(x - 2, y, r * 0.92, r * 0.86), colour, shade=0.14)
    for _ in range(70):
        x, y, r = spots[int(rng.integers(len(spots)))]
        a, far = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.85)
        leaf = tint(colour, float(rng.uniform(-0.16, 0.26)))
        at = (x + r * far * math.cos(a), y + r * far * math.sin(a))
        sketch.fill(ellipse(*at, 6, 4, float(rng.uniform(0, 180))), leaf, shade=0)


def pine(
    sketch: Sketch, colour: Colour, rng: np.random.Generator, *, snow: bool = False
) -> None:
    """A fir, 120 × 200: four skirts of needles, white on top in winter."""
    sketch.fill(rounded(52, 164, 16, 34, 3), tint(WOOD, -0.2))
    for row in range(4):
        top, bottom = 106 - row * 34, 176 - row * 36
        half = 56 - row * 11
        edge = [
            (60 + half * k / 5, bottom + (6 if k % 2 else -3)) for k in range(5, -6, -1)
        ]
        outline = [(60, top), (60 + half * 0.45, (top + bottom) / 2), *edge]
        outline.append((60 - half * 0.45, (top + bottom) / 2))
        sketch.fill(outline, tint(colour, -0.1 + row * 0.05), shade=0.16)
        if snow:
            cap = [(60, top), (60 + half * 0.62, (top + bottom) / 2 + 16)]
            for k in range(5, -6, -1):
                dip = 20 if k % 2 else 6
                cap.append((60 + half * 0.11 * k, (top + bottom) / 2 + dip))
            cap.append((60 - half * 0.62, (top + bottom) / 2 + 16))
            sketch.fill(cap, (244, 248, 252), shade=0.04)
        else:
            for _ in range(8):
                x = 60 + float(rng.uniform(-0.5, 0.5)) * half
                y = float(rng.uniform((top + bottom) / 2, bottom - 4))
                sketch.stroke(
                    [(x, y), (x + 3, y + 7)], 1.6, tint(colour, 0.14), shade=0
                )


def palm(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """A palm, 160 × 200: a bent trunk, seven fronds, three coconuts."""
    trunk = smooth([(84, 194), (80, 150), (84, 100), (94, 58)], closed=False)
    sketch.stroke(trunk, 12, (166, 122, 78))
    for x, y in trunk[4::4]:
        sketch.stroke([(x - 5, y), (x + 5, y - 2)], 1.6, (128, 90, 56), shade=0)
    for turn in (-172, -140, -108, -72, -40, -8, 18):
        a = math.radians(turn)
        dx, dy = 66 * math.cos(a), 50 * math.sin(a)
        mid = (94 + dx * 0.6, 58 + dy * 0.8 - 10)
        tip = (94 + dx, 58 + dy + 16)
        spine = smooth([(94, 58), mid, tip], closed=False)
        leaf = [
            (x, y - 7 * math.sin(math.pi * i / 20)) for i, (x, y) in enumerate(spine)
        ]
        under = [
            (x, y + 9 * math.sin(math.pi * i / 20)) for i, (x, y) in enumerate(spine)
        ]
        sketch.fill(
            [*leaf, *reversed(under)], tint(colour, 0.12 if turn % 3 else -0.08)
        )
        sketch.stroke(spine, 1.4, tint(colour, -0.3), shade=0)
    for x, y in ((88, 64), (98, 66), (94, 59)):
        sketch.fill(ellipse(x, y, 6, 6.4), (112, 76, 50), shade=0.2)


def flower(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """One big flower, 84 × 130: eight petals about a yellow heart, two leaves."""
    green = (84, 148, 72)
    sketch.stroke(smooth([(42, 44), (45, 86), (41, 129)], closed=False), 5.4, green)
    sketch.fill(smooth([(43, 108), (20, 96), (6, 78), (30, 82)]), green, shade=0.16)
    sketch.fill(smooth([(43, 98), (60, 84), (78, 74), (64, 96)]), tint(green, -0.12))
    for turn in range(0, 360, 45):
        a = math.radians(turn)
        at = (42 + 25 * math.cos(a), 42 + 25 * math.sin(a))
        petal = tint(colour, -0.1 if turn % 90 else 0.06)
        sketch.fill(ellipse(*at, 17, 10.5, turn), petal, shade=0.1)
    heart = (246, 202, 66) if colour != PAINT["yellow"] else (124, 78, 44)
    sketch.fill(ellipse(42, 42, 14, 14), heart, shade=0.18)
    for turn in range(0, 360, 60):
        a = math.radians(turn)
        at = (42 + 8 * math.cos(a), 42 + 8 * math.sin(a))
        sketch.fill(ellipse(*at, 1.8, 1.8), tint(heart, -0.3), shade=0)


def ball(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A beach ball, 64 × 64, in six panels."""
    other = PAINT["white"] if sum(colour) < 640 else PAINT["red"]
    start = float(rng.uniform(0, 60))
    sketch.fill(ellipse(32, 32, 31, 31), other)
    hub = (27.0, 25.0)
    for k in range(0, 6, 2):
        outline = [hub]
        for step in range(13):
            a = math.radians(start + k * 60 + step * 5)
            outline.append((32 + 31 * math.cos(a), 32 + 31 * math.sin(a)))
        sketch.fill(outline, colour, shade=0.14)
    sketch.fill(ellipse(*hub, 5, 4.6), other, shade=0.04)
    sketch.fill(ellipse(19, 15, 7, 4.4, -38), (255, 255, 255), opacity=0.6)


def snowman(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """A snowman, 116 × 176: three balls, carrot, hat, a coloured scarf, stick arms."""
    snow = (242, 246, 252)
    sketch.stroke([(30, 92), (8, 70), (2, 76)], 3.4, WOOD)
    sketch.stroke([(8, 70), (5, 60)], 2.6, WOOD)
    sketch.stroke([(86, 92), (108, 70), (114, 77)], 3.4, WOOD)
    sketch.stroke([(108, 70), (110, 60)], 2.6, WOOD)
    sketch.fill(ellipse(58, 140, 42, 35), snow, shade=0.1)
    sketch.fill(ellipse(58, 92, 31, 28), snow, shade=0.1)
    sketch.fill(ellipse(58, 52, 23, 22), snow, shade=0.1)
    for y in (84, 97, 110):
        sketch.fill(ellipse(58, y, 3, 3), (52, 50, 58))
    sketch.stroke(smooth([(38, 68), (58, 75), (78, 68)], closed=False), 9, colour)
    sketch.fill(rounded(66, 70, 11, 34, 3), tint(colour, -0.12))
    for x in (50, 66):
        sketch.fill(ellipse(x, 47, 3, 3.4), (40, 38, 46), shade=0)
    sketch.fill([(56, 53), (86, 58), (57, 60)], (240, 140, 50), shade=0.16)
    sketch.fill(rounded(38, 4, 40, 28, 4), (62, 58, 70))
    sketch.fill(rounded(38, 22, 40, 8, 0), colour)
    sketch.stroke([(28, 32), (88, 32)], 5, (52, 48, 60))
