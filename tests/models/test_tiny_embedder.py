"""The tiny embedder, on drawings it was not trained on, asked in words."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from home_media_pipelines.models.devices import choose
from home_media_pipelines.models.embedder import Embedder
from home_media_pipelines.models.registry import get
from training.drawings import HELD_OUT, scenes
from training.evaluate_embedder import Findings, evaluate

pytestmark = pytest.mark.xdist_group("models")


@pytest.fixture(scope="module")
def network() -> Embedder:
    return Embedder(get("tiny-clip"), Path("nowhere"), choose("cpu"))


@pytest.fixture(scope="module")
def findings(network: Embedder) -> Findings:
    return evaluate(list(scenes(HELD_OUT, 120, 384)), network.run, network.run_text)


@pytest.mark.parametrize(
    "asked", ["colour and label", "label and place", "everyday words", "captions"]
)
def test_the_best_picture_shows_what_was_asked(findings, asked):
    """Colours, places, synonyms, German, names, whole sentences: nine of ten."""
    assert findings.searches[asked] >= 0.9, findings.missed


def test_a_picture_is_told_where_it_was_taken(findings):
    """Among eight sentences, the one of its kind of scene is the closest."""
    assert findings.kinds >= 0.9


@pytest.mark.parametrize("cut", ["plain", "alone"])
def test_a_thing_cut_out_is_told_its_name(findings, cut):
    """With what is around it, and before a mean colour, as crops are embedded."""
    assert findings.labels[cut] >= 0.9


def test_a_search_in_unheard_words_can_end_empty(findings):
    """Half of the true pairs are above anything such a word finds."""
    median_true = findings.cosines["true"][3]
    most_unheard = findings.cosines["best of unheard"][-1]
    assert median_true > most_unheard


def test_false_pairs_lie_below_true_ones(findings):
    """There is a cosine that a quarter of true pairs and 1 % of false ones miss."""
    assert findings.cosines["true"][2] > findings.cosines["false"][-1]


def test_both_sides_are_unit_vectors_of_one_length(network):
    """The database compares them by their inner product."""
    vectors = [*network.run([Image.new("RGB", (60, 40))]), *network.run_text(["dog"])]
    assert {vector.shape for vector in vectors} == {(get("tiny-clip").dimension,)}
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, 1e-5)
