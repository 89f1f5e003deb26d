"""How training pictures are drawn: which seeds, which shapes, who stands in them."""

from collections.abc import Iterator

import numpy as np

from home_media_pipelines.sample.plan import FAMILY, MIEZI, ZOEY
from home_media_pipelines.sample.scenes import KINDS, Figure, Scene, draw
from home_media_pipelines.sample.things import CAST

TRAINING = 0
"""Seeds below HELD_OUT / 2 are for training."""

HELD_OUT = 20_000_000
"""Seeds from here on are for measuring: no network was ever trained on one."""

SHAPES: tuple[tuple[int, int], ...] = ((4, 3), (4, 3), (3, 2), (3, 4), (2, 3), (1, 1))
"""Width to height, as cameras and telephones take pictures."""


def scenes(
    first: int, count: int, side: int, *, most: int = 5, kind: str | None = None
) -> Iterator[Scene]:
    """Draw scenes of every kind, in the order of their seeds.

    Args:
        first: seed of the first picture; the next ones follow.
        count: how many.
        side: pixels of the longer side.
        most: things that may stand in one.
        kind: only this kind of scene.
    """
    for seed in range(first, first + count):
        yield scene(seed, side, most=most, kind=kind)


def scene(seed: int, side: int, *, most: int = 5, kind: str | None = None) -> Scene:
    """Draw the one scene that belongs to a seed, of a size that fits into side²."""
    rng = np.random.default_rng((seed, 1))
    kind = kind or KINDS[seed % len(KINDS)]
    wide, tall = SHAPES[int(rng.integers(len(SHAPES)))]
    longer = max(wide, tall)
    size = (side * wide // longer, side * tall // longer)
    return draw(seed, kind, size, cast=_cast(kind, most, rng))


def _cast(kind: str, most: int, rng: np.random.Generator) -> list[Figure]:
    """Choose who stands there; the family, its dog and its cat as often as others."""
    names = list(CAST[kind])
    count = int(rng.integers(1, most + 1))
    family = [list(FAMILY.values())[i] for i in rng.permutation(len(FAMILY))]
    chosen = [_figure(names[i], family, rng) for i in rng.permutation(len(names))]
    if rng.random() < 0.12:
        chosen.insert(0, ZOEY)
    return chosen[:count]


def _figure(thing: str, family: list[Figure], rng: np.random.Generator) -> Figure:
    known = {"person": family[0], "dog": ZOEY, "cat": MIEZI}.get(thing)
    return known if known is not None and rng.random() < 0.35 else Figure(thing)
