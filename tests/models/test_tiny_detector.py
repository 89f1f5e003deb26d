"""The detector that ships with the package knows the things the sample draws."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from home_media_pipelines.models.detector import Detector
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.registry import get
from home_media_pipelines.sample.things import LABELS
from training.drawings import HELD_OUT, scenes
from training.evaluate_detector import average_precision
from training.ground_truth import countable

pytestmark = pytest.mark.xdist_group("models")


@pytest.fixture(scope="module")
def detector():
    return Detector(get("tiny-yolo"), Path("nowhere"), CPU)


@pytest.fixture(scope="module")
def pictures():
    """Drawings of seeds nobody trained on."""
    return list(scenes(HELD_OUT, 80, 480))


def test_it_knows_every_label_the_drawings_have(detector):
    assert detector.labels == LABELS


def test_it_finds_and_names_what_it_has_never_seen(detector, pictures):
    """COCO's measure, mean average precision at an IoU of 0.5, is at least 0.9."""
    found = [
        [(hit.label, hit.score, hit.box) for hit in hits]
        for at in range(0, len(pictures), 16)
        for hits in detector.run(
            [scene.image for scene in pictures[at : at + 16]], score=0.01
        )
    ]

    mean, of_label = average_precision(pictures, found)

    assert mean >= 0.9, of_label


def test_what_it_is_sure_of_is_mostly_what_is_there(detector, pictures):
    """A person sees the boxes above the usual score: few missing, few made up."""
    right = drawn = said = 0
    for scene in islice(pictures, 32):
        (hits,) = detector.run([scene.image])
        there = Counter(thing.label for thing in countable(scene))
        named = Counter(hit.label for hit in hits)
        right += (there & named).total()
        drawn, said = drawn + there.total(), said + named.total()

    assert right >= 0.85 * drawn, (right, drawn)
    assert right >= 0.85 * said, (right, said)
