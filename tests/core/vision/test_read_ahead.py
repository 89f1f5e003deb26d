"""Reading ahead: in order, bounded, and one bad file does not end the rest."""

import threading
import time

import pytest
from PIL import Image

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.vision.read_ahead import read_ahead, read_jpeg
from tests.core.drawings import draw


def test_values_come_in_the_order_of_the_items():
    overtaken = threading.Event()

    def slow_first(number):
        assert number or overtaken.wait(30)
        overtaken.set()
        return number * 10

    found = list(read_ahead(range(5), slow_first, threads=3, ahead=4))
    assert found == [(n, n * 10) for n in range(5)]


def test_reading_goes_on_while_the_caller_works_but_only_so_far():
    """A library of a million pictures must not be read into memory."""
    read = []
    for number, _ in read_ahead(range(50), read.append, threads=2, ahead=4):
        time.sleep(0.005)  # noqa: TID251 - a slow caller
        assert len(read) <= number + 4 + 1
    assert len(read) == 50


def test_a_file_that_cannot_be_read_is_an_answer(tmp_path):
    draw().save(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:3000])
    (tmp_path / "c.jpg").write_bytes(b"no picture")
    names = ["a", "b", "c", "d", "a"]
    paths = [tmp_path / f"{name}.jpg" for name in names]
    found = [value for _, value in read_ahead(paths, read_jpeg, threads=2, ahead=3)]
    assert [isinstance(value, DecodeError) for value in found] == [0, 1, 1, 1, 0]
    assert [error.permanent for error in found[1:4]] == [False] * 3
    assert all(str(tmp_path) not in error.reason for error in found[1:4])


def test_a_bug_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(read_ahead([1, 0], lambda number: 1 / number, threads=1, ahead=2))


def test_a_caller_that_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    work = time.sleep  # noqa: TID251 - threads that are at work
    for _ in read_ahead(range(100), work, threads=2, ahead=4):
        break
    assert threading.active_count() == before


def test_a_picture_is_read_no_larger_than_needed(tmp_path):
    """The short edge keeps what the network needs."""
    draw(1024, 680).save(tmp_path / "a.jpg")
    assert read_jpeg(tmp_path / "a.jpg").size == (1024, 680)
    small = read_jpeg(tmp_path / "a.jpg", shortest=256)
    assert small.size == (512, 340)
    Image.new("L", (300, 200), 77).save(tmp_path / "grey.jpg")
    assert read_jpeg(tmp_path / "grey.jpg").mode == "RGB"
