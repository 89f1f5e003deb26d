"""Cuts of a search: chance is below them, what is meant above, whatever the network."""

import numpy as np
import pytest

from home_media_pipelines.core.vision.calibration import EVERYDAY, FEWEST, STRANGE, cuts

RANDOM = np.random.default_rng(0)
DIMENSION = 64


def units(number: int) -> np.ndarray:
    """Directions that have nothing to do with each other."""
    vectors = RANDOM.standard_normal((number, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def library(words: np.ndarray, share: float, number: int = 2000) -> np.ndarray:
    """Pictures, each of which shows one of the words as clearly as `share`."""
    shown = words[RANDOM.integers(len(words), size=number)]
    mixed = share * shown + units(number)
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


@pytest.mark.parametrize("share", [0.9, 1.5])
def test_words_for_what_is_not_there_find_nothing_likely(share):
    everyday, strange = units(len(EVERYDAY)), units(len(STRANGE))
    pictures = library(everyday, share)
    found = cuts(pictures, strange, everyday)
    absent = (pictures @ units(200).T).max(axis=0)
    assert (absent >= found.likely).mean() < 0.02
    assert (absent >= found.possible).mean() < 0.2


def test_words_for_what_is_there_find_it():
    everyday, strange = units(len(EVERYDAY)), units(len(STRANGE))
    pictures = library(everyday, 1.5)
    found = cuts(pictures, strange, everyday)
    scores = pictures @ everyday.T
    assert (scores.max(axis=0) >= found.likely).all()
    assert (scores >= found.possible).sum() > 0.8 * len(pictures)


def test_a_strange_word_that_an_album_does_show_is_outvoted():
    """Someone is a radiologist."""
    everyday, strange = units(len(EVERYDAY)), units(len(STRANGE))
    album = library(everyday, 1.5)
    odd = np.concatenate([album, library(strange[:1], 1.5, 50)])
    plain, found = cuts(album, strange, everyday), cuts(odd, strange, everyday)
    assert found.possible == pytest.approx(plain.possible, abs=0.05)


def test_a_network_that_says_one_thing_to_all_words_finds_nothing():
    """Words that a small network was never taught are all the same to it."""
    everyday = units(len(EVERYDAY))
    unknown = np.repeat(units(1), len(STRANGE), axis=0)
    pictures = library(everyday, 1.5)
    found = cuts(pictures, unknown, everyday)
    assert (pictures @ unknown[0]).max() < found.possible


def test_an_album_of_nothing_we_thought_of_still_has_cuts():
    pictures = units(500)
    strange = units(len(STRANGE))
    found = cuts(pictures, strange, strange * 0.5)
    assert found.possible < found.likely <= 1


def test_a_small_library_is_not_told_from():
    assert cuts(units(FEWEST - 1), units(3), units(3)) is None
