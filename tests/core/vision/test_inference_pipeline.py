"""A pass of a network: nothing lost, nothing mixed, and one bad picture costs one."""

import itertools
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from home_media_pipelines.core.errors import DecodeError, NetworkFailedError
from home_media_pipelines.core.vision import inference_pipeline
from home_media_pipelines.core.vision.inference_pipeline import (
    ContentFailure,
    InferencePipeline,
    one_by_one,
    run_pipeline,
)


@dataclass(frozen=True)
class Film:
    """A content of so many frames."""

    name: str
    folder: str
    frames: int = 1


class World:
    """Steps that note what happens; the network doubles what it is shown."""

    def __init__(self, batch=3):
        self.stored = []
        self.harmless = "grey"
        self.batch = batch

    def read(self, film):
        if "broken" in film.name:
            raise DecodeError(Path(film.name), "broken", permanent=False)
        return [(film.name, number) for number in range(film.frames)]

    def network(self, batch):
        if any("poison" in name for name, _ in batch):
            raise ValueError("poison")
        return [(name, 2 * number) for name, number in batch]

    def run(self, stream):
        careful = one_by_one(self.network, (self.harmless, 0), lambda _: False)
        batch = []
        for item in stream:
            batch.append(item)
            if len(batch) == self.batch:
                yield from careful(batch)
                batch = []
        yield from careful(batch)

    def finish(self, film, outputs):
        assert [name for name, _ in outputs] == [film.name] * film.frames
        return [number for _, number in outputs]

    def store(self, folder, rows):
        self.stored.append((folder, {film.name: found for film, found in rows}))

    def run_pipeline(self, films):
        steps = InferencePipeline(self.read, self.run, self.finish, self.store)
        run_pipeline(films, steps, threads=2, ahead=4)
        return self.stored


def test_each_content_gets_its_own_frames_and_each_folder_one_write():
    films = [Film("a", "x", 2), Film("b", "x"), Film("c", "y", 5), Film("d", "z", 0)]
    assert World().run_pipeline(films) == [
        ("x", {"a": [0, 2], "b": [0]}),
        ("y", {"c": [0, 2, 4, 6, 8]}),
        ("z", {"d": []}),
    ]


@pytest.mark.parametrize("batch", [1, 2, 7, 100])
def test_what_is_stored_does_not_depend_on_the_batch(batch):
    films = [Film(f"{n}", f"f{n // 7}", n % 4) for n in range(40)]
    found = World(batch).run_pipeline(films)
    assert [folder for folder, _ in found] == [f"f{n}" for n in range(6)]
    assert sum(len(rows) for _, rows in found) == 40


def test_a_bad_picture_costs_itself_alone():
    """One that cannot be read, and one on which the network fails."""
    films = [
        Film("a", "x"),
        Film("broken", "x"),
        Film("poison", "x", 2),
        Film("b", "x"),
    ]
    ((_, rows),) = World().run_pipeline(films)
    assert rows["a"] == rows["b"] == [0]
    assert rows["broken"] == ContentFailure("broken")
    assert rows["poison"] == ContentFailure("ValueError: poison")


def test_a_folder_of_nothing_but_broken_files_is_stored_too():
    ((folder, rows),) = World().run_pipeline([Film("broken", "x")])
    assert folder == "x"
    assert isinstance(rows["broken"], ContentFailure)


def test_a_network_that_always_fails_is_not_blamed_on_the_pictures():
    """Otherwise a bad driver would mark a whole library as unreadable."""
    world = World()
    world.harmless = "poison too"
    with pytest.raises(NetworkFailedError, match="poison"):
        world.run_pipeline([Film("a", "x"), Film("poison", "x")])
    assert world.stored == []


def test_a_pass_that_breaks_off_keeps_whole_folders_only():
    world = World(batch=1)

    def network(batch):
        if batch[0][0] == "5":
            raise MemoryError
        return batch

    world.run = lambda stream: (out for item in stream for out in network([item]))
    with pytest.raises(MemoryError):
        world.run_pipeline([Film(f"{n}", f"f{n // 2}") for n in range(9)])
    assert [folder for folder, _ in world.stored] == ["f0", "f1"]


def test_a_large_folder_is_stored_in_steps(monkeypatch):
    """A night's work on a folder of twenty thousand must not hang on its last one."""
    monkeypatch.setattr(inference_pipeline, "ROWS_PER_WRITE", 10)
    found = World().run_pipeline([Film(f"{n}", "x") for n in range(25)])
    assert [len(rows) for _, rows in found] == [10, 10, 5]


def test_what_waits_to_be_stored_is_bounded(monkeypatch):
    """Masks of a library must not pile up while the database is slow."""
    monkeypatch.setattr(inference_pipeline, "_UNSTORED", 5)
    world = World(batch=1)
    finished = []

    def finish(film, outputs):
        time.sleep(0.002)  # noqa: TID251 - a slow database
        finished.append(film)
        return []

    def run(stream):
        for number, item in enumerate(stream):
            assert number <= len(finished) + 5 + 2
            yield item

    world.finish, world.run = finish, run
    world.run_pipeline([Film(f"{n}", "x") for n in range(60)])
    assert len(finished) == 60


def test_an_error_while_storing_ends_the_pass():
    world = World()

    def store(folder, rows):
        raise OSError("the database is gone")

    world.store = store
    with pytest.raises(OSError, match="gone"):
        world.run_pipeline([Film(f"{n}", f"f{n}") for n in range(20)])


def test_reading_running_and_storing_happen_at_once():
    """The first pictures lead the way; then each step waits for the other two."""
    world = World(batch=1)
    at_work, together = set(), threading.Event()

    def until_all_work(step, alone):
        calls = itertools.count()

        def run(*arguments):
            at_work.add(step)
            if len(at_work) == 3:
                together.set()
            if next(calls) >= alone:
                together.wait(20)
            at_work.discard(step)
            return step(*arguments)

        return run

    world.read = until_all_work(world.read, 2)
    world.network = until_all_work(world.network, 1)
    world.finish = until_all_work(world.finish, 0)
    world.run_pipeline([Film(f"{n}", "x") for n in range(6)])
    assert together.is_set()
