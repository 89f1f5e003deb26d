"""Waiting ends with the answer, or says what never came."""

import pytest

from tests.waiting import until


def test_the_first_true_answer_ends_it():
    answers = iter([0, "", 7, 8])
    assert until(lambda: next(answers), 5, "a seven", every=0) == 7


def test_what_never_comes_is_named():
    with pytest.raises(AssertionError, match="a miracle"):
        until(lambda: None, 0, "a miracle", every=0)
