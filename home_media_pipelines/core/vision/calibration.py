"""Where a search by words ends: two cosines per embedder, told from its own library.

Cosines of one network mean nothing to another: true pairs lie at 0.3 here and at 0.1
there. But words for what no album shows find something too, if only the least unlike
picture: how like it is, is chance. What everyday words find beyond that is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 24
"""Vectors without which nothing can be told: in a small library all is ranked."""

STRANGE = (
    *("xyzzy", "qwertz", "zebra", "elephant", "submarine", "helicopter", "saxophone"),
    *("trumpet", "spreadsheet", "invoice", "barcode", "circuit", "microscope", "x-ray"),
    *("dinosaur", "guillotine", "igloo", "cactus", "octopus", "tank", "pyramid"),
    *("oil rig", "space station", "electron microscope", "tax return", "source code"),
    *("Schaltplan", "Röntgenbild", "Bohrinsel", "Trompete", "Pinguin", "Nashorn"),
)
"""What an album seldom shows, or nobody can: the odd one that does is outvoted."""

EVERYDAY = (
    *("dog", "cat", "bird", "child", "a group of people", "face", "baby", "horse"),
    *("car", "truck", "bicycle", "boat", "train", "house", "tree", "flower", "food"),
    *("beach", "snow", "mountain", "forest", "lake", "street", "city", "garden"),
    *("room", "night", "sunset", "sky", "birthday cake", "Christmas tree", "holiday"),
    *("Hund", "Katze", "Strand", "Schnee", "Berge", "Wald", "Auto", "Lastwagen"),
)
"""What albums are full of, in the words one searches by."""

OUTVOTED = 0.9
"""Share of the strange words whose best picture is chance."""

POSSIBLE, LIKELY = 0.4, 0.7
"""How far from chance to the best of everyday words each cut lies."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cosines from which a picture may fit words, and from which it likely does."""

    possible: float
    likely: float


def cuts(
    pictures: NDArray[np.float32],
    strange: Sequence[NDArray[np.float32]],
    everyday: Sequence[NDArray[np.float32]],
) -> Cuts | None:
    """Tell the cuts of an embedder, None if there are too few vectors to tell.

    What may fit is more like the words than what most strange words find at best; what
    likely fits is nearer to the best that everyday words find than to that.

    Args:
        pictures: unit vectors of a sample of the library, (how many, dimension).
        strange: unit vectors of `STRANGE`.
        everyday: unit vectors of `EVERYDAY`.
    """
    if len(pictures) < FEWEST:
        return None
    by_chance = (pictures @ np.stack(strange).T).max(axis=0)
    found = (pictures @ np.stack(everyday).T).max(axis=0)
    floor = float(np.quantile(by_chance, OUTVOTED))
    meant = found[found > floor]
    if meant.size == 0:  # an album of nothing that we thought of
        return Cuts(floor, min(1.0, floor + float(by_chance.std()) + 1e-3))
    best = float(np.median(meant))
    step = best - floor
    return Cuts(floor + POSSIBLE * step, floor + LIKELY * step)
