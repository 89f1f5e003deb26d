"""How well a segmenter follows the edges of what the drawings show."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from home_media_pipelines.sample.scenes import Scene
from training.ground_truth import countable


def overlaps(
    scenes: Sequence[Scene], masks: Sequence[Sequence[NDArray[np.bool_]]]
) -> dict[str, list[float]]:
    """IoU of each thing's mask with what is truly seen of it, by label.

    Args:
        scenes: what was drawn.
        masks: for each scene one mask of the whole picture for each of its
            `countable` things, in that order, bool (height, width).
    """
    found: dict[str, list[float]] = {}
    for scene, drawn in zip(scenes, masks, strict=True):
        for thing, mask in zip(countable(scene), drawn, strict=True):
            union = int((mask | thing.mask).sum())
            share = int((mask & thing.mask).sum()) / union
            found.setdefault(thing.label, []).append(share)
    return found
