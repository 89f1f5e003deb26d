"""What of a drawing one is asked to find: the same when teaching and testing."""

from collections.abc import Iterator

import numpy as np

from home_media_pipelines.sample.scenes import KINDS, Scene, SceneObject, draw
from home_media_pipelines.sample.things import LABELS, THINGS

HELD_OUT = 20_000_000
"""Seeds from here on are never trained on; training takes those below 10,000,000."""

LEAST_SIDE = 0.04
"""A thing counts when its visible box's short side is so much of the picture's."""

LEAST_AREA = 0.0015
"""And when it shows so much of the picture's area: slivers behind others do not."""

_THINGS = {
    label: [name for name, thing in THINGS.items() if thing.label == label]
    for label in LABELS
}
_SHAPES = ((4, 3), (4, 3), (3, 2), (3, 4), (1, 1))


def countable(scene: Scene) -> list[SceneObject]:
    """The objects of a scene one can fairly be asked to find."""
    width, height = scene.image.size
    short = LEAST_SIDE * min(width, height)
    return [
        thing
        for thing in scene.objects
        if min(thing.box[2] * width, thing.box[3] * height) >= short
        and thing.mask.mean() >= LEAST_AREA
    ]


def scenes(
    first: int, count: int, side: int, *, crowded: float = 0.0
) -> Iterator[Scene]:
    """Draw scenes of every kind, light and the usual shapes, in the order of seeds.

    Args:
        first: seed of the first; the next ones follow it.
        count: how many.
        side: pixels of the longer side.
        crowded: share of the scenes that show four to seven things, every label as
            often as another, for lessons. The others show what suits the place.
    """
    for seed in range(first, first + count):
        rng = np.random.default_rng((seed, 1))
        wide, tall = _SHAPES[int(rng.integers(len(_SHAPES)))]
        size = side * wide // max(wide, tall), side * tall // max(wide, tall)
        kind = KINDS[seed % len(KINDS)]
        cast = None
        if rng.random() < crowded:
            labels = rng.choice(LABELS, int(rng.integers(4, 8)))
            cast = [str(rng.choice(_THINGS[label])) for label in labels]
        yield draw(seed, kind, size, cast=cast)
