"""The segmenter that ships with the package follows the edges of what is drawn."""

from pathlib import Path

import numpy as np
import pytest

from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.registry import get
from home_media_pipelines.models.segmenter import Segmenter
from training.drawings import HELD_OUT, scenes
from training.evaluate_segmenter import overlaps
from training.ground_truth import countable

pytestmark = pytest.mark.xdist_group("models")


@pytest.fixture(scope="module")
def pictures():
    """Drawings of seeds nobody trained on."""
    return list(scenes(HELD_OUT, 60, 480))


@pytest.fixture(scope="module")
def segments(pictures):
    """What the network says of each, prompted with the true boxes."""
    segmenter = Segmenter(get("tiny-sam2"), Path("nowhere"), CPU)
    prompts = [
        (scene.image, [thing.box for thing in countable(scene)]) for scene in pictures
    ]
    return segmenter.run(prompts)


@pytest.fixture(scope="module")
def shares(pictures, segments):
    """IoU of every thing, by its label."""
    return overlaps(pictures, [[one.mask for one in found] for found in segments])


def test_a_box_becomes_the_mask_of_the_thing_in_it(shares):
    """The mean IoU with what was drawn is at least 0.8."""
    of_label = {label: float(np.mean(each)) for label, each in shares.items()}

    assert np.mean(np.concatenate(list(shares.values()))) >= 0.8, of_label


def test_the_mask_is_not_the_box(pictures, shares):
    """Filling the box would be the cheapest answer, and a wrong one."""
    filled = overlaps(
        pictures,
        [[_filled(thing) for thing in countable(scene)] for scene in pictures],
    )

    for label, each in shares.items():
        assert np.mean(each) > np.mean(filled[label]), label


def test_it_knows_how_good_its_masks_are(segments, shares):
    """The score shown to people is the IoU the network expects."""
    expected = np.mean([one.score for found in segments for one in found])

    assert abs(expected - np.mean(np.concatenate(list(shares.values())))) < 0.1


def _filled(thing):
    rows = np.flatnonzero(thing.mask.any(axis=1))
    columns = np.flatnonzero(thing.mask.any(axis=0))
    filled = np.zeros_like(thing.mask)
    filled[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return filled
