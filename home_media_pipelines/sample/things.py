"""What can stand in a scene: its size, colours, where it belongs, who draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from home_media_pipelines.sample import animals, scenery, vehicles
from home_media_pipelines.sample.paint import Colour, Sketch
from home_media_pipelines.sample.palette import CAT_FUR, FUR, LEAVES, PAINT

Draw = Callable[[Sketch, Colour, np.random.Generator], None]


BLOSSOM = {name: paint for name, paint in PAINT.items() if name != "green"}


@dataclass(frozen=True, slots=True)
class Thing:
    """How to draw one kind of thing. `size` in units; `height` of the picture's."""

    label: str
    size: tuple[int, int]
    height: float
    draw: Draw
    colours: dict[str, Colour]
    place: str = "ground"
    flips: bool = True
    depth: tuple[float, float] = (0.1, 1.0)


THINGS: dict[str, Thing] = {
    "truck": Thing("truck", (220, 120), 0.34, vehicles.truck, PAINT, depth=(0.15, 0.9)),
    "car": Thing("car", (180, 84), 0.24, vehicles.car, PAINT, depth=(0.15, 1.0)),
    "bicycle": Thing("bicycle", (176, 112), 0.3, vehicles.bicycle, PAINT),
    "boat": Thing("boat", (160, 176), 0.4, vehicles.boat, PAINT, "water"),
    "balloon": Thing(
        "balloon", (120, 176), 0.34, vehicles.balloon, PAINT, "sky", flips=False
    ),
    "dog": Thing("dog", (168, 136), 0.3, animals.dog, FUR, depth=(0.35, 1.0)),
    "zoey": Thing(
        "dog", (168, 136), 0.36, animals.zoey, {"white": FUR["white"]}, depth=(0.6, 1.0)
    ),
    "cat": Thing("cat", (116, 136), 0.28, animals.cat, CAT_FUR, depth=(0.4, 1.0)),
    "bird": Thing("bird", (112, 92), 0.15, animals.bird, PAINT, depth=(0.5, 1.0)),
    "flying bird": Thing("bird", (128, 92), 0.15, animals.flying_bird, PAINT, "sky"),
    "person": Thing("person", (92, 196), 0.5, animals.person, PAINT, flips=False),
    "house": Thing(
        "house", (190, 176), 0.52, scenery.house, PAINT, flips=False, depth=(0.0, 0.3)
    ),
    "lit house": Thing(
        "house",
        (190, 176),
        0.52,
        partial(scenery.house, lit=True),
        PAINT,
        flips=False,
        depth=(0.0, 0.3),
    ),
    "tree": Thing("tree", (150, 196), 0.58, scenery.tree, LEAVES, depth=(0.0, 0.45)),
    "pine": Thing(
        "tree",
        (120, 200),
        0.62,
        scenery.pine,
        {"green": (58, 118, 82)},
        depth=(0.0, 0.5),
    ),
    "snowy pine": Thing(
        "tree",
        (120, 200),
        0.62,
        partial(scenery.pine, snow=True),
        {"green": (58, 112, 88)},
        depth=(0.0, 0.5),
    ),
    "palm": Thing(
        "tree",
        (160, 200),
        0.66,
        scenery.palm,
        {"green": (82, 150, 84)},
        depth=(0.2, 0.6),
    ),
    "flower": Thing(
        "flower", (84, 130), 0.26, scenery.flower, BLOSSOM, depth=(0.5, 1.0)
    ),
    "ball": Thing("ball", (64, 64), 0.14, scenery.ball, PAINT, depth=(0.4, 1.0)),
    "snowman": Thing(
        "snowman", (116, 176), 0.42, scenery.snowman, PAINT, depth=(0.2, 0.8)
    ),
}

CAST: dict[str, tuple[str, ...]] = {
    "beach": (
        "person",
        "ball",
        "dog",
        "boat",
        "palm",
        "bicycle",
        "balloon",
        "flying bird",
        "bird",
    ),
    "meadow": (
        "house",
        "tree",
        "dog",
        "cat",
        "flower",
        "ball",
        "person",
        "bicycle",
        "balloon",
        "bird",
        "flying bird",
        "car",
        "truck",
    ),
    "snow": ("house", "snowy pine", "snowman", "person", "dog", "car", "truck", "bird"),
    "city": ("car", "truck", "bicycle", "person", "dog", "cat", "tree", "balloon"),
    "forest": ("pine", "tree", "person", "dog", "bird", "bicycle", "flower", "cat"),
    "lake": (
        "boat",
        "boat",
        "person",
        "dog",
        "balloon",
        "flying bird",
        "tree",
        "bird",
        "bicycle",
    ),
    "night": (
        "lit house",
        "lit house",
        "car",
        "truck",
        "tree",
        "cat",
        "person",
        "pine",
        "dog",
    ),
    "indoor": ("cat", "dog", "ball", "person", "flower", "bird", "bicycle"),
}
LABELS: tuple[str, ...] = tuple(sorted({thing.label for thing in THINGS.values()}))
