"""Networks that find what a test expects, at once and without torch."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from home_media_pipelines.models.detector import Found
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.segmenter import Segment


class Fake:
    """A network that counts what it was shown."""

    device = CPU
    first_batch = 4

    def __init__(self) -> None:
        self.shown = 0
        self.batches: list[int] = []

    def run(self, batch: Sequence) -> list:
        self.shown += len(batch)
        self.batches.append(len(batch))
        return [self.look(item) for item in batch]

    def look(self, item):
        raise NotImplementedError


class OneDogPerPicture(Fake):
    """A detector that sees the same dog everywhere, in black pictures nothing."""

    def look(self, picture: Image.Image) -> list[Found]:
        if not np.asarray(picture).any():
            return []
        return [Found("dog", 0.9, (0.25, 0.25, 0.5, 0.5))]


class WholeBox(Fake):
    """A segmenter to which everything in the box belongs."""

    def look(self, prompted) -> list[Segment]:
        picture, boxes = prompted
        found = []
        for x, y, width, height in boxes:
            mask = np.zeros((picture.height, picture.width), bool)
            left, right = round(x * picture.width), round((x + width) * picture.width)
            top, bottom = (
                round(y * picture.height),
                round((y + height) * picture.height),
            )
            mask[top:bottom, left:right] = True
            found.append(Segment(mask, 0.8, 0.7))
        return found


class MeanColour(Fake):
    """An embedder whose vectors are the picture's mean colour; red ones are NaN."""

    def look(self, picture: Image.Image) -> np.ndarray:
        red, green, blue = np.asarray(picture, np.float32).mean((0, 1))
        if red > 200 and green < 60:
            raise ValueError("not finite")
        vector = np.array([red + 1, green + 1, blue + 1], np.float32)
        return vector / np.linalg.norm(vector)


class Roles(dict):
    """The fakes of a test by role; opened as `open_network` does."""

    def __init__(self) -> None:
        super().__init__(
            detector=OneDogPerPicture(), segmenter=WholeBox(), embedder=MeanColour()
        )

    def open(self, role: str, *_: object) -> Fake:
        return self[role]
