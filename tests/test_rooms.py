"""Each test has a kind, so that `script/test --quick` leaves out what it should."""

from pathlib import Path

import pytest

from tests.conftest import ROOMS, TESTS, kind_of


def test_every_room_and_file_has_one_kind():
    """A new room that nobody thought of would run never, or always."""
    files = [*TESTS.rglob("test_*.py")]
    assert files
    assert {kind_of(file) for file in files} == set(ROOMS)
    there = {file.relative_to(TESTS).parts[0] for file in files}
    assert set().union(*ROOMS.values()) == there


def test_this_test_is_marked(request: pytest.FixtureRequest):
    marks = {mark.name for mark in request.node.iter_markers()}
    assert marks & set(ROOMS) == {"integration"}


def test_what_may_take_long_is_slow_wherever_it_lies():
    assert kind_of(TESTS / "db" / "test_x.py", seconds=600) == "slow"


def test_a_room_without_a_kind_stops_the_run():
    with pytest.raises(pytest.UsageError, match="nowhere"):
        kind_of(TESTS / "nowhere" / Path("test_x.py"))
