"""Draw what breathes: dog, cat, bird, person."""

from dataclasses import dataclass

import numpy as np

from home_media_pipelines.sample.paint import (
    Colour,
    Sketch,
    ellipse,
    mix,
    rounded,
    smooth,
    tint,
)
from home_media_pipelines.sample.palette import DARK, FUR, HAIR, PAINT, SKIN


def dog(
    sketch: Sketch,
    colour: Colour,
    rng: np.random.Generator,
    *,
    ear: Colour | None = None,
    collar: Colour | None = None,
    patch: Colour | None = None,
) -> None:
    """A dog standing, facing right, 168 × 136: long muzzle, hanging ear, tail up."""
    back, ear = tint(colour, -0.14), ear or tint(colour, -0.3)
    wag = float(rng.uniform(-9, 9))
    tail = smooth(
        [(24, 66), (11, 48), (8 + wag * 0.5, 28), (15 + wag, 12)], closed=False
    )
    sketch.stroke(tail, 9, back)
    step = float(rng.uniform(-5, 5))
    for x, lift in ((40, step), (104, -step)):
        sketch.fill(
            smooth(
                [(x - 9, 78), (x + 9, 78), (x + 6 + lift, 128), (x - 7 + lift, 128)]
            ),
            tint(colour, -0.22),
        )
    sketch.fill(
        smooth(
            [
                (20, 68),
                (32, 52),
                (72, 51),
                (106, 48),
                (124, 60),
                (118, 88),
                (92, 94),
                (60, 92),
                (32, 94),
                (20, 84),
            ]
        ),
        colour,
    )
    if patch:
        sketch.fill(smooth([(42, 53), (70, 51), (74, 66), (56, 76), (40, 68)]), patch)
    for x, lift in ((30, -step), (112, step)):
        sketch.fill(
            smooth(
                [
                    (x - 11, 70),
                    (x + 11, 70),
                    (x + 7, 100),
                    (x + 8 + lift, 122),
                    (x + 12 + lift, 132),
                    (x - 5 + lift, 132),
                    (x - 6, 100),
                ]
            ),
            colour,
        )
    sketch.fill(smooth([(98, 66), (104, 34), (128, 26), (132, 52), (120, 76)]), colour)
    sketch.fill(ellipse(124, 30, 23, 21), colour)
    sketch.fill(
        smooth([(128, 24), (150, 27), (163, 33), (163, 44), (148, 50), (126, 49)]),
        mix(colour, (255, 250, 240), 0.18),
        shade=0.06,
    )
    sketch.fill(ellipse(161, 34, 5.6, 4.6), (34, 30, 34))
    sketch.stroke(
        smooth([(160, 42), (150, 46), (140, 44)], closed=False), 1.6, (80, 52, 46)
    )
    if rng.random() < 0.6:
        sketch.fill(
            smooth([(146, 46), (155, 45), (154, 57), (147, 57)]), (232, 112, 124)
        )
    sketch.fill(ellipse(135, 24, 3.9, 4.4), (34, 26, 26), shade=0)
    sketch.fill(ellipse(136.4, 22.6, 1.3, 1.3), (255, 255, 255), shade=0)
    sketch.fill(
        smooth([(108, 12), (120, 13), (122, 34), (115, 54), (103, 50), (101, 28)]), ear
    )
    neck = collar or PAINT["blue"]
    if collar or rng.random() < 0.5:
        sketch.stroke(
            smooth([(101, 56), (112, 64), (126, 62)], closed=False), 6.5, neck
        )
        sketch.fill(ellipse(120, 70, 4.4, 4.4), (244, 204, 84), shade=0.2)


def zoey(sketch: Sketch, _colour: Colour, rng: np.random.Generator) -> None:
    """The family's own dog: white, one brown ear, a brown patch, a red collar."""
    dog(
        sketch,
        FUR["white"],
        rng,
        ear=FUR["brown"],
        collar=PAINT["red"],
        patch=FUR["brown"],
    )


def cat(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A cat sitting, facing us, 116 × 136: pointed ears, whiskers, a curled tail."""
    dark = tint(colour, -0.24) if sum(colour) > 250 else tint(colour, 0.2)
    pale = mix(colour, (255, 252, 244), 0.55)
    sketch.stroke(
        smooth([(74, 126), (98, 128), (109, 112), (102, 88), (107, 70)], closed=False),
        11,
        dark,
    )
    sketch.fill(
        smooth(
            [
                (34, 70),
                (52, 60),
                (72, 66),
                (86, 92),
                (91, 120),
                (82, 133),
                (26, 133),
                (17, 120),
                (22, 94),
            ]
        ),
        colour,
    )
    sketch.fill(ellipse(53, 96, 15, 22), pale, shade=0.05)
    for x in (42, 64):
        sketch.fill(rounded(x - 7, 98, 14, 36, 7), tint(colour, 0.05))
        sketch.fill(ellipse(x, 130, 9.5, 5.6), pale, shade=0.06)
    for side in (-1, 1):
        sketch.fill(
            [(53 + side * 36, 0), (53 + side * 39, 38), (53 + side * 8, 20)], colour
        )
        sketch.fill(
            [(53 + side * 32.5, 9), (53 + side * 34, 30), (53 + side * 15, 20)],
            (238, 168, 164),
            shade=0.05,
        )
    sketch.fill(
        smooth(
            [
                (16, 30),
                (36, 14),
                (70, 14),
                (90, 30),
                (90, 52),
                (72, 70),
                (34, 70),
                (16, 52),
            ]
        ),
        colour,
    )
    for x, y in ((44, 15), (53, 12), (62, 15)):
        sketch.stroke([(x, y + 2), (53 + (x - 53) * 0.7, y + 15)], 3.4, dark)
    for side in (-1, 1):
        for y in (40, 49):
            sketch.stroke(
                [(53 + side * 37, y), (53 + side * 26, y + 2)], 3, dark, shade=0
            )
    eye = (126, 186, 74) if rng.random() < 0.6 else (232, 184, 60)
    for x in (38, 68):
        sketch.fill(ellipse(x, 40, 8, 9), eye, shade=0.1)
        sketch.fill(ellipse(x, 40, 3.2, 7.6), (26, 24, 28), shade=0)
        sketch.fill(ellipse(x + 2.4, 36.4, 2, 2), (255, 255, 255), shade=0)
    sketch.fill(ellipse(53, 57, 13, 9), pale, shade=0.04)
    sketch.fill([(48.5, 50.5), (57.5, 50.5), (53, 56)], (226, 120, 128), shade=0.04)
    sketch.stroke(
        smooth([(45, 58), (49, 62), (53, 57), (57, 62), (61, 58)], closed=False),
        1.5,
        DARK,
    )
    for side in (-1, 1):
        for dy in (-3, 2, 7):
            sketch.stroke(
                [(53 + side * 10, 57), (53 + side * 45, 56 + dy)],
                0.8,
                (250, 248, 244),
                shade=0,
            )


def bird(sketch: Sketch, colour: Colour, _rng: np.random.Generator) -> None:
    """A songbird on two thin legs, facing right, 112 × 92."""
    for x in (54, 64):
        sketch.stroke([(x, 70), (x + 2, 89), (x + 9, 90)], 2.4, (204, 124, 50))
    sketch.fill([(2, 38), (30, 44), (30, 60), (6, 52)], tint(colour, -0.3))
    sketch.fill(
        smooth([(18, 50), (40, 30), (58, 22), (84, 40), (80, 66), (58, 77), (34, 70)]),
        colour,
    )
    sketch.fill(ellipse(76, 28, 20, 19), colour)
    sketch.fill(
        smooth([(60, 46), (82, 44), (80, 64), (62, 73), (48, 68)]),
        mix(colour, (255, 246, 224), 0.72),
        shade=0.05,
    )
    sketch.fill([(93, 22), (111, 31), (93, 36)], (244, 166, 48), shade=0.14)
    sketch.fill(
        smooth([(26, 50), (44, 38), (62, 44), (58, 60), (40, 63), (18, 62)]),
        tint(colour, -0.24),
        shade=0.16,
    )
    sketch.stroke([(30, 56), (50, 52)], 1.6, tint(colour, -0.42), shade=0)
    sketch.fill(ellipse(82, 24, 4.4, 4.6), (255, 255, 255), shade=0)
    sketch.fill(ellipse(83, 24, 3, 3.2), (28, 26, 30), shade=0)


def flying_bird(sketch: Sketch, colour: Colour, rng: np.random.Generator) -> None:
    """A bird on the wing, facing right, 128 × 92."""
    lift = float(rng.uniform(-6, 6))
    sketch.fill(
        smooth([(60, 52), (44, 20 - lift), (22, 4), (46, 10), (78, 44)]),
        tint(colour, -0.32),
    )
    sketch.fill([(2, 62), (34, 54), (36, 66), (8, 74)], tint(colour, -0.28))
    sketch.fill(
        smooth([(26, 60), (54, 46), (88, 42), (104, 50), (92, 64), (58, 72)]), colour
    )
    sketch.fill(ellipse(100, 48, 14, 13), colour)
    sketch.fill([(111, 44), (127, 51), (111, 55)], (244, 166, 48), shade=0.14)
    sketch.fill(
        smooth(
            [(50, 54), (52, 26), (66 + lift, 2), (74 + lift, 6), (78, 30), (80, 54)]
        ),
        tint(colour, -0.14),
        shade=0.18,
    )
    sketch.fill(ellipse(104, 45, 3, 3), (28, 26, 30), shade=0)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How one person looks: indices of skin and hair, colours of clothes."""

    skin: int
    hair: int
    long_hair: bool
    trousers: Colour
    hat: Colour | None = None


def person(
    sketch: Sketch,
    colour: Colour,
    rng: np.random.Generator,
    look: Appearance | None = None,
) -> None:
    """A person standing, facing us, 92 × 196, one arm perhaps waving."""
    if look is None:
        hats = (None, None, (214, 178, 110), PAINT["blue"], PAINT["red"])
        look = Appearance(
            int(rng.integers(len(SKIN))),
            int(rng.integers(len(HAIR))),
            bool(rng.random() < 0.5),
            ((58, 72, 112), (92, 82, 76), (54, 58, 66))[int(rng.integers(3))],
            hats[int(rng.integers(len(hats)))],
        )
    skin, hair = SKIN[look.skin], HAIR[look.hair]
    sleeve = tint(colour, -0.1)
    if look.long_hair:
        sketch.fill(
            smooth(
                [(28, 24), (46, 6), (64, 24), (67, 52), (60, 64), (32, 64), (25, 52)]
            ),
            tint(hair, -0.15),
        )
    for x in (37, 55):
        sketch.fill(rounded(x - 8, 118, 16, 70, 6), look.trousers)
        sketch.fill(
            smooth([(x - 9, 184), (x + 6, 182), (x + 11, 192), (x - 9, 195)]),
            (76, 52, 46),
        )
    wave = rng.random() < 0.5
    sketch.stroke(smooth([(25, 76), (16, 98), (17, 120)], closed=False), 13, sleeve)
    sketch.fill(ellipse(17, 126, 6.6, 7), skin)
    if wave:
        sketch.stroke(smooth([(67, 76), (82, 66), (83, 44)], closed=False), 13, sleeve)
        sketch.fill(ellipse(83, 34, 6.8, 7.4), skin)
    else:
        sketch.stroke(smooth([(67, 76), (76, 98), (75, 120)], closed=False), 13, sleeve)
        sketch.fill(ellipse(75, 126, 6.6, 7), skin)
    sketch.fill(rounded(39, 52, 14, 18, 5), tint(skin, -0.12))
    sketch.fill(
        smooth(
            [
                (24, 68),
                (36, 61),
                (56, 61),
                (68, 68),
                (67, 96),
                (66, 128),
                (26, 128),
                (25, 96),
            ]
        ),
        colour,
    )
    if rng.random() < 0.45:
        for y in (84, 98, 112):
            sketch.stroke(
                [(30, y), (62, y)], 4, mix(colour, (255, 255, 255), 0.6), shade=0
            )
    sketch.fill(ellipse(46, 34, 19, 22), skin, shade=0.08)
    sketch.fill(
        smooth([(26, 32), (27, 16), (46, 7), (65, 16), (66, 32), (58, 21), (40, 20)]),
        hair,
    )
    for x in (39, 53):
        sketch.fill(ellipse(x, 35, 2.7, 3.4), (38, 28, 30), shade=0)
        sketch.fill(ellipse(x + 0.9, 33.6, 1, 1), (255, 255, 255), shade=0)
        sketch.fill(ellipse(x * 1.12 - 5.5, 42, 3.4, 2.2), (238, 150, 140), opacity=0.5)
    sketch.stroke(
        smooth([(39, 44), (46, 49), (53, 44)], closed=False), 1.9, (176, 74, 72)
    )
    if look.hat:
        sketch.fill(smooth([(28, 18), (32, 4), (46, 1), (60, 4), (64, 18)]), look.hat)
        sketch.stroke([(22, 18), (70, 18)], 4.6, tint(look.hat, -0.2))
