"""Errors of the networks' room.

HomeMediaError
└── ModelError                 a network, its weights or its device
    ├── UnknownModelError      no model has this name
    ├── NotInstalledError      the packages that run networks are not installed
    ├── NoGpuError             a device that is wanted or needed is not there
    ├── DeviceMemoryError      one picture alone does not fit the device's memory
    ├── NotFiniteError         a network gave numbers that are none
    └── WeightsError           a file of weights
        ├── MissingWeightsError    is not there
        ├── CorruptWeightsError    is not what it should be
        └── FetchError             could not be fetched
"""

from collections.abc import Sequence
from pathlib import Path

from home_media_pipelines.core.errors import HomeMediaError


class ModelError(HomeMediaError):
    """Something about a network, its weights or its device."""


class UnknownModelError(ModelError):
    """No model has this name; `near` are those spelled like it."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        super().__init__(name, near)
        self.name, self.near = name, tuple(near)

    def __str__(self) -> str:
        hint = f" (did you mean {' or '.join(self.near)}?)" if self.near else ""
        return f"there is no model {self.name!r}{hint}; see `home-media models list`"


class NotInstalledError(ModelError):
    """The packages that run networks are not installed."""

    def __init__(self, packages: Sequence[str]) -> None:
        super().__init__(packages)
        self.packages = tuple(packages)

    def __str__(self) -> str:
        return (
            f"networks need {', '.join(self.packages)}, not installed here: "
            "pip install 'home-media[vision]'"
        )


class NoGpuError(ModelError):
    """A device that is wanted or needed is not there."""

    def __init__(self, wanted: str, reason: str) -> None:
        super().__init__(wanted, reason)
        self.wanted, self.reason = wanted, reason

    def __str__(self) -> str:
        return f"{self.wanted}: {self.reason}"


class DeviceMemoryError(ModelError):
    """One picture alone does not fit the device's memory."""

    def __init__(self, model: str, device: str) -> None:
        super().__init__(model, device)
        self.model, self.device = model, device

    def __str__(self) -> str:
        return (
            f"{self.model}: a single picture does not fit the memory of {self.device}"
        )


class NotFiniteError(ModelError):
    """A network gave NaN or infinity for the items at these places of a batch."""

    def __init__(self, model: str, items: Sequence[int]) -> None:
        super().__init__(model, items)
        self.model, self.items = model, tuple(items)

    def __str__(self) -> str:
        indices = ", ".join(map(str, self.items))
        return f"{self.model} gave numbers that are not finite for item {indices}"


class WeightsError(ModelError):
    """Something about a file of weights."""


class MissingWeightsError(WeightsError):
    """A file of weights is not there; the message says how to get it."""

    def __init__(self, model: str, path: Path, url: str | None) -> None:
        super().__init__(model, path, url)
        self.model, self.path, self.url = model, path, url

    def __str__(self) -> str:
        said = f"{self.model} has no weights: {self.path} is missing"
        if self.url is None:
            return said
        return (
            f"{said}. Run `home-media models fetch {self.model}`, "
            f"or put {self.url} there by hand"
        )


class CorruptWeightsError(WeightsError):
    """A file of weights is not what it should be.

    `expected` and `found` are SHA-256 (64 hex digits), or words where no checksum
    can say what is wrong.
    """

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.path, self.expected, self.found = path, expected, found

    def __str__(self) -> str:
        return f"{self.path} is damaged: expected {self.expected}, found {self.found}"


class FetchError(WeightsError):
    """A file of weights could not be fetched."""

    def __init__(self, model: str, url: str, path: Path, reason: str) -> None:
        super().__init__(model, url, path, reason)
        self.model, self.url, self.path, self.reason = model, url, path, reason

    def __str__(self) -> str:
        return (
            f"cannot fetch {self.url}: {self.reason}. Try again to go on where it "
            f"stopped, or put the file at {self.path} by hand and run "
            f"`home-media models verify {self.model}`"
        )
