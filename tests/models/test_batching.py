"""Batches that fit: halved when memory runs out, remembered, never a result lost."""

import gc
import weakref

import pytest

from home_media_pipelines.models import batching
from home_media_pipelines.models.batching import batch_size, in_batches
from home_media_pipelines.models.devices import CPU, Device
from home_media_pipelines.models.errors import DeviceMemoryError

pytestmark = pytest.mark.xdist_group("models")

GPU = Device("cuda", "a GPU", "cuda:0")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(batching, "_fitting", {})
    monkeypatch.setattr(batching, "_free", lambda device: gc.collect())


def memory_for(most: int, sizes: list[int]):
    """A network that doubles numbers, as many at a time as fit."""

    def run(batch):
        sizes.append(len(batch))
        if len(batch) > most:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return [2 * number for number in batch]

    return run


def test_a_batch_that_does_not_fit_is_halved_until_it_does():
    sizes = []
    found = list(in_batches(range(13), memory_for(5, sizes), GPU, "net", 16))
    assert found == [2 * number for number in range(13)]
    assert sizes == [13, 6, 3, 3, 3, 3, 1]


def test_what_fitted_is_remembered_by_network_and_device():
    list(in_batches(range(8), memory_for(2, []), GPU, "net", 8))
    sizes = []
    list(in_batches(range(4), memory_for(2, sizes), GPU, "net", 8))
    assert sizes == [2, 2]
    assert batch_size("net", GPU, 8) == 2
    assert batch_size("net", CPU, 8) == 8
    assert batch_size("another", GPU, 8) == 8


def test_torch_s_own_error_counts():
    torch = pytest.importorskip("torch")
    sizes = []

    def run(batch):
        sizes.append(len(batch))
        if len(batch) > 1:
            raise torch.OutOfMemoryError("forced")
        return batch

    assert list(in_batches("abcd", run, GPU, "net", 4)) == list("abcd")
    assert sizes == [4, 2, 1, 1, 1, 1]


def test_a_single_item_that_does_not_fit_is_an_error_with_names():
    with pytest.raises(DeviceMemoryError, match="net: a single picture"):
        list(in_batches([1], memory_for(0, []), GPU, "net"))


def test_any_other_error_is_not_about_memory():
    with pytest.raises(ZeroDivisionError):
        list(in_batches([1, 2], lambda batch: [1 / 0], GPU, "net"))


def test_a_network_that_loses_an_item_is_found_out():
    with pytest.raises(ValueError, match="1 results for 2 items"):
        list(in_batches([1, 2], lambda batch: batch[:1], GPU, "net"))


def test_items_are_taken_as_they_are_needed():
    """They are pictures: a folder of them does not fit in memory."""
    taken = []

    def pictures():
        for number in range(100):
            taken.append(number)
            yield number

    results = in_batches(pictures(), lambda batch: batch, GPU, "net", 4)
    next(results)
    assert len(taken) == 4


def test_what_filled_the_memory_is_gone_before_the_next_try():
    """An exception's traceback keeps every tensor of the failed call alive."""

    class Tensor:
        pass

    alive: list[weakref.ref[Tensor]] = []

    def run(batch):
        assert all(tensor() is None for tensor in alive)
        tensor = Tensor()
        alive.append(weakref.ref(tensor))
        if len(batch) > 1:
            raise RuntimeError("out of memory")
        return batch

    assert list(in_batches([1, 2], run, GPU, "net", 2)) == [1, 2]
