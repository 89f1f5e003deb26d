"""What all networks have in common."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from home_media_pipelines.models.devices import Device
from home_media_pipelines.models.registry import Model

In_contra = TypeVar("In_contra", contravariant=True)
Out = TypeVar("Out")

Box = tuple[float, float, float, float]
"""Left, top, width and height as fractions of the picture's width and height."""


class Network(Protocol[In_contra, Out]):
    """A network: load it, then run it on batches. One thread at a time."""

    model: Model
    device: Device

    @property
    def first_batch(self) -> int:
        """How many items a first batch should have on its device."""
        ...

    def load(self) -> None:
        """Read the weights and build the network; once loaded, nothing happens."""
        ...

    def run(self, batch: Sequence[In_contra]) -> list[Out]:
        """Look at all items in one go; see `batching.in_batches` for many."""
        ...
