"""Runs a network in batches, and in smaller ones when its device is out of memory."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from home_media_pipelines.models.devices import Device
from home_media_pipelines.models.errors import DeviceMemoryError

In = TypeVar("In")
Out = TypeVar("Out")

FIRST = 16
"""What a batch begins with where the network says nothing."""

_SIGNS = ("out of memory", "can't allocate memory", "ALLOC_FAILED")
"""What torch says when it runs out of memory without a type of its own for it."""

_fitting: dict[tuple[str, str], int] = {}


def batch_size(key: str, device: Device, first: int = FIRST) -> int:
    """Return the size of the next batch of a network: `first`, or what has fitted."""
    return min(first, _fitting.get((key, device.torch_device), first))


def in_batches(
    items: Iterable[In],
    run: Callable[[Sequence[In]], Sequence[Out]],
    device: Device,
    key: str,
    first: int = FIRST,
) -> Iterator[Out]:
    """Yield what `run` gives for each item, in order.

    When the device is out of memory the batch is halved and tried again; the size that
    fits is kept for all later calls of this process with this `key` and device. Items
    are taken as they are needed.

    Args:
        items: what to run on.
        run: gives as many results as it gets items.
        device: whose memory it is.
        key: of the network.
        first: size of the first batch.

    Raises:
        DeviceMemoryError: not even one item fits.
    """
    coming = iter(items)
    waiting: list[In] = []
    while True:
        size = batch_size(key, device, first)
        while len(waiting) < size:
            try:
                waiting.append(next(coming))
            except StopIteration:
                break
        if not waiting:
            return
        batch = waiting[:size]
        try:
            results = run(batch)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            results = None
        if results is None:  # only here: the traceback above keeps the tensors alive
            if len(batch) == 1:
                raise DeviceMemoryError(key, device.name)
            _fitting[key, device.torch_device] = len(batch) // 2
            _free(device)
            continue
        if len(results) != len(batch):
            raise ValueError(f"{key}: {len(results)} results for {len(batch)} items")
        del waiting[: len(batch)]
        yield from results


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, the device's or the machine's."""
    if isinstance(error, DeviceMemoryError | MemoryError):
        return True
    if not isinstance(error, RuntimeError):
        return False
    torch = sys.modules.get("torch")  # without it, the error is not of it either
    if torch is not None and isinstance(error, torch.OutOfMemoryError):
        return True
    return any(sign in str(error) for sign in _SIGNS)


def _free(device: Device) -> None:
    """Give back what torch keeps for later."""
    import torch

    gc.collect()
    if device.kind == "cuda":
        torch.cuda.empty_cache()
    elif device.kind == "mps":
        torch.mps.empty_cache()
