"""The network that reads words and looks at uploaded pictures.

It must be the one whose vectors are searched, to the byte.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_api.queries.embedders import Embedder
from home_media_pipelines.models import embedder, registry, weights
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    MissingWeightsError,
    ModelError,
    NoGpuError,
    NotInstalledError,
    UnknownModelError,
)
from home_media_pipelines.models.open import missing_packages

Vector = NDArray[np.float32]
_REMEMBERED = 2048


class Network(Protocol):
    """What embeds pictures and words; any number of threads may ask it at a time."""

    def run(self, batch: Sequence[Image.Image], /) -> list[Vector]:
        """Unit vectors of RGB pictures."""
        ...

    def run_text(self, texts: Sequence[str], /) -> list[Vector]:
        """Unit vectors of words."""
        ...


class Open(Protocol):
    """Loads the network of a producer."""

    def __call__(self, active: Embedder, *, text_only: bool) -> Network:
        """All of it, or only the half that reads words."""
        ...


class OtherWeightsError(ModelError):
    """The weights on this machine are not those that embedded the pictures."""


class EncoderNetwork:
    """A loaded network and whose vectors its own can be compared with.

    Only the half that reads words is loaded: the other is for the few who ask with a
    picture, and the first of them waits for it.
    """

    def __init__(self, embedder: Embedder, open_network: Open) -> None:
        self.embedder = embedder
        self._open, self._turn = open_network, threading.Lock()
        self._texts = open_network(embedder, text_only=True)
        self._pictures: Network | None = None
        self.words = lru_cache(_REMEMBERED)(self._read)
        self.words("warm")

    def _read(self, text: str) -> Vector:
        return self._texts.run_text([text])[0]

    def picture(self, picture: Image.Image) -> Vector:
        """The unit vector of an RGB picture.

        Raises:
            ModelError: it cannot look at pictures here.
        """
        with self._turn:
            if self._pictures is None:
                self._pictures = self._open(self.embedder, text_only=False)
        return self._pictures.run([picture])[0]


def opener(directory: Path) -> Open:
    """What opens the network of a producer from weights below `directory`, on the CPU.

    Torch is imported when the first is opened; where it is not installed, a search by
    meaning says so, and all else works.

    Raises (when called):
        ModelError: its weights are missing or others, or torch is.
    """

    def open_network(active: Embedder, *, text_only: bool) -> Network:
        model = registry.get(active.model or "")
        if missing := missing_packages(model):
            raise NotInstalledError(missing)
        if weights.verify(model, directory) != active.weights_hash:
            raise OtherWeightsError(model.name)
        network = embedder.Embedder(model, directory, CPU, text_only=text_only)
        network.load()
        return network

    return open_network


_REASONS: dict[type[Exception], str] = {
    UnknownModelError: "This version does not know the model {0}.",
    MissingWeightsError: "The weights of {0} are not on this machine: "
    "run `home-media models fetch {0}`.",
    CorruptWeightsError: "The weights of {0} are damaged: "
    "run `home-media models verify {0}`.",
    OtherWeightsError: "The pictures were embedded with other weights of {0} than "
    "are here.",
    NotInstalledError: "Networks are not installed here: "
    "pip install 'home-media[vision]'.",
    NoGpuError: "{0} looks at pictures on a GPU only, and there is none here.",
}


def for_people(model: str | None, error: Exception) -> str:
    """Why a network cannot be used; without paths, for it is read elsewhere."""
    fits = (said for kind, said in _REASONS.items() if isinstance(error, kind))
    said = next(fits, "The model {0} could not be loaded; the log says why.")
    return said.format(model)
