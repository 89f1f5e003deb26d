"""Draw what teaches finding things: scenes of the library, and crowds between them."""

from collections.abc import Iterator

import numpy as np

from home_media_pipelines.sample.scenes import KINDS, Scene, draw
from home_media_pipelines.sample.things import LABELS, THINGS
from training.drawings import SHAPES, TRAINING, scene

_THINGS = {
    label: [name for name, thing in THINGS.items() if thing.label == label]
    for label in LABELS
}


def lessons(count: int, side: int) -> Iterator[Scene]:
    """Draw scenes of `side` pixels at most, every second one a crowd.

    Args:
        count: how many.
        side: pixels of the longer side.
    """
    for seed in range(TRAINING, TRAINING + count):
        yield crowd(seed, side) if seed // len(KINDS) % 2 else scene(seed, side)


def crowd(seed: int, side: int) -> Scene:
    """Draw four to seven things, any label as often as another, wherever it is.

    One learns more from it than from a scene of the library, where few things stand
    and some of them seldom.
    """
    rng = np.random.default_rng((seed, 2))
    wide, tall = SHAPES[int(rng.integers(len(SHAPES)))]
    size = side * wide // max(wide, tall), side * tall // max(wide, tall)
    labels = rng.choice(LABELS, int(rng.integers(4, 8)))
    cast = [str(rng.choice(_THINGS[label])) for label in labels]
    return draw(seed, KINDS[seed % len(KINDS)], size, cast=cast)
