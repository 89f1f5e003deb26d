"""Draw what moves people about: truck, car, bicycle, boat, balloon."""

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
from home_media_pipelines.sample.palette import DARK, GLASS, PAINT, STEEL, WOOD


def _wheel(sketch: Sketch, x: float, y: float, r: float) -> None:
    sketch.fill(ellipse(x, y, r, r), DARK, shade=0.1)
    sketch.fill(ellipse(x, y, r * 0.58, r * 0.58), STEEL, shade=0.2)
    sketch.fill(ellipse(x, y, r * 0.18, r * 0.18), (120, 124, 132))
    for turn in range(0, 360, 72):
        a = math.radians(turn)
        at = (x + r * 0.4 * math.cos(a), y + r * 0.4 * math.sin(a))
        sketch.fill(ellipse(*at, r * 0.1, r * 0.1), (130, 134, 142), shade=0)


def truck(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A delivery truck heading right, 220 × 120: tall box behind, cab in front."""
    pale = PAINT["white"] if sum(colour) < 640 else (196, 204, 214)
    sketch.fill(rounded(6, 88, 206, 12, 4), (70, 72, 80))
    sketch.fill(rounded(2, 4, 142, 88, 5), colour)
    sketch.fill(rounded(2, 58, 142, 14, 0), pale, shade=0.05)
    for x in range(16, 140, 18):
        sketch.stroke([(x, 8), (x, 54)], 1.1, tint(colour, -0.18), shade=0)
    badge = int(rng.integers(3))
    if badge == 0:
        sketch.fill(ellipse(73, 32, 18, 18), pale, shade=0.04)
        sketch.fill(ellipse(73, 32, 10, 10), PAINT["yellow"])
    elif badge == 1:
        star = [
            (
                73 + (18 if i % 2 else 8) * math.sin(i * math.pi / 5),
                32 + (18 if i % 2 else 8) * math.cos(i * math.pi / 5),
            )
            for i in range(10)
        ]
        sketch.fill(star, pale, shade=0.04)
    cab = tint(colour, 0.1) if sum(colour) < 640 else (226, 86, 64)
    sketch.fill(
        smooth(
            [
                (148, 30),
                (152, 26),
                (190, 26),
                (198, 32),
                (208, 58),
                (216, 64),
                (217, 90),
                (212, 96),
                (150, 96),
                (147, 92),
            ]
        ),
        cab,
    )
    sketch.fill([(160, 34), (188, 34), (200, 60), (160, 60)], GLASS, shade=0.18)
    sketch.fill([(164, 34), (172, 34), (168, 60), (160, 60)], (226, 240, 246), shade=0)
    sketch.stroke([(158, 34), (158, 92)], 1.4, tint(cab, -0.25), shade=0)
    sketch.stroke([(164, 70), (172, 70)], 2.4, STEEL)
    sketch.fill(rounded(208, 70, 9, 10, 3), (255, 238, 168), shade=0.05)
    sketch.fill(rounded(202, 90, 17, 8, 3), STEEL)
    for x in (34, 66, 182):
        sketch.fill(ellipse(x, 97, 21, 21), tint(DARK, -0.3), shade=0)
        _wheel(sketch, x, 100, 18)


def car(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A small round car heading right, 180 × 84."""
    sketch.fill(
        smooth(
            [
                (34, 40),
                (52, 10),
                (64, 4),
                (104, 4),
                (118, 9),
                (142, 38),
                (120, 46),
                (60, 46),
            ]
        ),
        tint(colour, 0.08),
    )
    sketch.fill(
        smooth([(46, 38), (58, 15), (66, 11), (84, 11), (84, 38)]), GLASS, shade=0.18
    )
    sketch.fill(
        smooth([(91, 11), (102, 11), (110, 15), (128, 38), (91, 38)]), GLASS, shade=0.18
    )
    sketch.fill([(68, 13), (76, 13), (66, 37), (57, 37)], (228, 242, 248), shade=0)
    sketch.fill(
        smooth(
            [
                (4, 50),
                (10, 40),
                (34, 36),
                (140, 36),
                (164, 42),
                (176, 54),
                (177, 66),
                (170, 71),
                (10, 71),
                (3, 66),
            ]
        ),
        colour,
    )
    sketch.stroke([(87, 40), (87, 68)], 1.2, tint(colour, -0.25), shade=0)
    sketch.stroke([(70, 46), (80, 46)], 2.6, STEEL)
    sketch.fill(rounded(160, 47, 13, 9, 4), (255, 244, 190), shade=0.05)
    sketch.fill(rounded(4, 48, 8, 10, 3), (214, 48, 44))
    sketch.fill(rounded(1, 62, 22, 7, 3), STEEL)
    sketch.fill(rounded(156, 62, 22, 7, 3), STEEL)
    if rng.random() < 0.35:
        sketch.stroke([(58, 2), (112, 2)], 3, WOOD)
    for x in (42, 138):
        sketch.fill(ellipse(x, 65, 18.5, 18.5), tint(DARK, -0.3), shade=0)
        _wheel(sketch, x, 67, 16.5)


def bicycle(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """A bicycle heading right, 176 × 112, with thin wheels one can look through."""
    for x in (40, 136):
        for turn in range(0, 180, 20):
            a = math.radians(turn)
            dx, dy = 33 * math.cos(a), 33 * math.sin(a)
            sketch.stroke(
                [(x - dx, 74 - dy), (x + dx, 74 + dy)], 0.9, (190, 194, 200), shade=0
            )
        rim = [*ellipse(x, 74, 34, 34), (x + 34, 74)]
        sketch.stroke(rim, 5.4, DARK)
        sketch.stroke([*ellipse(x, 74, 30, 30), (x + 30, 74)], 1.6, STEEL, shade=0)
        sketch.fill(ellipse(x, 74, 4.4, 4.4), STEEL)
    for line in (
        [(40, 74), (80, 76)],
        [(40, 74), (66, 34)],
        [(66, 34), (80, 76)],
        [(66, 34), (120, 32)],
        [(80, 76), (120, 32)],
        [(117, 20), (136, 74)],
    ):
        sketch.stroke(line, 6, colour, shade=0.16)
    sketch.stroke([(66, 34), (62, 22)], 4.4, STEEL)
    sketch.fill(smooth([(46, 18), (66, 15), (80, 20), (64, 26), (48, 25)]), DARK)
    sketch.stroke(
        smooth([(114, 18), (124, 10), (136, 14), (138, 22)], closed=False), 4.4, DARK
    )
    sketch.fill(ellipse(80, 76, 10, 10), STEEL)
    sketch.fill(ellipse(80, 76, 5, 5), tint(colour, -0.3))
    sketch.stroke([(80, 76), (92, 94)], 3, DARK)
    sketch.stroke([(86, 95), (99, 95)], 4, DARK)
    basket = [(128, 24), (160, 24), (155, 46), (133, 46)]
    sketch.fill(basket, (196, 150, 92), shade=0.14)
    for x in (136, 144, 152):
        sketch.stroke([(x, 26), (x, 44)], 1, (150, 106, 60), shade=0)
    sketch.stroke([(131, 34), (158, 34)], 1, (150, 106, 60), shade=0)


def boat(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """A sailing boat, 160 × 176: coloured hull, wooden mast, two sails, a pennant."""
    sketch.fill(
        smooth([(76, 26), (73, 60), (74, 122), (14, 122), (44, 78), (66, 44)]),
        tint(colour, 0.42) if sum(colour) < 640 else (236, 150, 120),
        shade=0.08,
    )
    sketch.fill(
        smooth([(86, 14), (112, 54), (140, 96), (148, 124), (86, 124), (85, 70)]),
        (250, 247, 238),
        shade=0.08,
    )
    sketch.stroke([(90, 72), (124, 72)], 1, (206, 202, 190), shade=0)
    sketch.stroke([(89, 98), (140, 98)], 1, (206, 202, 190), shade=0)
    sketch.stroke([(80, 8), (80, 138)], 5, WOOD)
    sketch.fill([(81, 4), (106, 11), (81, 18)], (214, 60, 52))
    sketch.stroke([(80, 128), (148, 127)], 3.4, WOOD)
    sketch.fill(
        smooth(
            [
                (3, 134),
                (30, 137),
                (124, 137),
                (157, 131),
                (150, 152),
                (134, 170),
                (34, 171),
                (14, 158),
            ]
        ),
        colour,
    )
    band = PAINT["white"] if sum(colour) < 640 else PAINT["blue"]
    sketch.stroke(
        smooth([(9, 143), (40, 147), (120, 147), (152, 141)], closed=False),
        4,
        band,
        shade=0,
    )
    for x in (52, 80, 108):
        sketch.fill(ellipse(x, 158, 4.4, 4.4), (250, 240, 210), shade=0.05)
        sketch.fill(ellipse(x, 158, 2.8, 2.8), (70, 96, 130))


def balloon(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A hot-air balloon, 120 × 176, in stripes, with a basket."""
    other = PAINT["white"] if sum(colour) < 640 else PAINT["orange"]
    if rng.random() < 0.4:
        other = PAINT["yellow"] if colour != PAINT["yellow"] else PAINT["red"]
    for x in (48, 72):
        sketch.stroke(
            [(x - (60 - x) * 0.5, 112), (x, 150)], 1.4, (120, 96, 74), shade=0
        )
    for step, share in enumerate((1.0, 0.72, 0.42, 0.14)):
        sketch.fill(
            smooth(
                [
                    (60, 3),
                    (60 + 40 * share, 14),
                    (60 + 57 * share, 52),
                    (60 + 42 * share, 92),
                    (60 + 20 * share, 122),
                    (60 - 20 * share, 122),
                    (60 - 42 * share, 92),
                    (60 - 57 * share, 52),
                    (60 - 40 * share, 14),
                ]
            ),
            other if step % 2 else colour,
            shade=0.1,
        )
    sketch.fill(rounded(42, 118, 36, 7, 3), tint(colour, -0.3))
    sketch.fill(rounded(46, 148, 28, 24, 5), (176, 126, 74), shade=0.16)
    sketch.stroke([(46, 150), (74, 150)], 4, (122, 80, 46))
    for y in (158, 164):
        sketch.stroke([(48, y), (72, y)], 1, (140, 96, 54), shade=0)
