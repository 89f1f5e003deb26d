"""A network that knows three words and three colours."""

from collections.abc import Sequence
from threading import Event

import numpy as np
from PIL import Image

from home_media_api.queries.embedders import Embedder

WORDS = {"beach": (1.0, 0.0, 0.0), "meadow": (0.0, 1.0, 0.0), "sea": (0.0, 0.0, 1.0)}


class ThreeColours:
    """Beaches are red, meadows green, the sea is blue; other words are the last of
    `dimension` directions.
    """

    def __init__(self, dimension: int = 4) -> None:
        self.dimension = dimension
        self.seen: list[Image.Image] = []
        self.read: list[str] = []

    def run(self, batch: Sequence[Image.Image], /) -> list[np.ndarray]:
        self.seen += batch
        return [self._unit(np.asarray(p, float).mean((0, 1))) for p in batch]

    def run_text(self, texts: Sequence[str], /) -> list[np.ndarray]:
        self.read += texts
        return [self._unit(WORDS.get(text, ())) for text in texts]

    def _unit(self, values) -> np.ndarray:
        vector = np.zeros(self.dimension, np.float32)
        vector[: len(values)] = values
        vector[-1] = float(not len(values))
        return vector / np.linalg.norm(vector)


class Opened:
    """Opens networks: the one given, or what the producer's model is given as."""

    def __init__(self, **by_model: ThreeColours | Exception) -> None:
        self.by_model = by_model
        self.may_load = Event()
        self.may_load.set()
        self.asked: list[tuple[str | None, bool]] = []

    def __call__(self, wanted: Embedder, *, text_only: bool) -> ThreeColours:
        self.asked.append((wanted.model, text_only))
        assert self.may_load.wait(60)
        found = self.by_model[wanted.model or ""]
        if isinstance(found, Exception):
            raise found
        return found
