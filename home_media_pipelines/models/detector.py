"""The network that says what is in a picture, and where."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.models import weights
from home_media_pipelines.models.batching import is_out_of_memory
from home_media_pipelines.models.devices import Device, inference, require
from home_media_pipelines.models.errors import CorruptWeightsError, NotFiniteError
from home_media_pipelines.models.network import Box
from home_media_pipelines.models.quiet import quiet
from home_media_pipelines.models.registry import Model

OVERLAP = 0.7
"""IoU from which two boxes of one label are one thing, unless told otherwise."""

MOST = 300
"""Things in a picture, at most."""

THINNEST = 8
"""Pixels the network's view of a picture must be high and wide: less shows nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in a picture.

    `label` is the network's raw word, `score` 0–1, `box` fractions inside 0–1. `mask`
    is bool, (height, width) of the picture, if masks were asked for.
    """

    label: str
    score: float
    box: Box
    mask: NDArray[np.bool_] | None = None


class Detector:
    """An ultralytics network that segments. One thread at a time."""

    def __init__(self, model: Model, weights_dir: Path, device: Device) -> None:
        self.model, self.device = model, device
        self._weights = weights_dir
        self._network: Any = None

    @property
    def first_batch(self) -> int:
        """Pictures of a first batch."""
        return 4 if self.device.kind == "cpu" else 16

    @property
    def labels(self) -> tuple[str, ...]:
        """Every word the network knows."""
        self.load()
        return tuple(self._network.names.values())

    def load(self) -> None:
        """Read the weights and build the network; once loaded, nothing happens.

        Raises:
            MissingWeightsError, CorruptWeightsError: as `weights.verify`, or the
                library cannot make a network of them.
            NoGpuError: the model needs one.
        """
        if self._network is not None:
            return
        require(self.model, self.device)
        weights.verify(self.model, self._weights)  # the library fetches what is missing
        folder = weights.locate(self.model, self._weights)
        _import()
        try:
            self._network = _build([folder / file.name for file in self.model.files])
        except Exception as error:
            if is_out_of_memory(error):
                raise
            expected = f"weights of {self.model.architecture}"
            raise CorruptWeightsError(folder, expected, str(error)) from error

    def run(
        self,
        batch: Sequence[Image.Image],
        *,
        score: float | None = None,
        overlap: float = OVERLAP,
        most: int = MOST,
        with_masks: bool = False,
    ) -> list[list[Found]]:
        """Find things in pictures.

        Args:
            batch: RGB, upright, of any size and ratio.
            score: what counts, from 0 to 1; by default the score of the model.
            overlap: IoU from which the less sure of two with one label is dropped.
            most: things in a picture.
            with_masks: also say which pixels, which costs time and memory.

        Returns:
            What is in each picture, the surest first.

        Raises:
            NotFiniteError: a box or score came out as NaN or infinite.
        """
        self.load()
        import torch

        side = self.model.input_size
        shown = [i for i, picture in enumerate(batch) if _shows(picture, side)]
        found: list[list[Found]] = [[] for _ in batch]
        if not shown:
            return found
        results = self._network.predict(
            [_bgr(batch[i]) for i in shown],
            imgsz=side,
            conf=self.model.score if score is None else score,
            iou=overlap,
            max_det=most,
            device=torch.device(self.device.torch_device),
            quantize=16 if self.device.kind == "cuda" else None,
            retina_masks=with_masks,
            rect=False,  # else a picture's boxes depend on its neighbours in the batch
            batch=len(shown),
            save=False,
            verbose=False,
        )
        for i, result in zip(shown, results, strict=True):
            found[i] = self._read(result, i, overlap, with_masks)
        return found

    def _read(
        self, result: Any, item: int, overlap: float, masked: bool
    ) -> list[Found]:
        """Read one picture's result; see `run`."""
        from torchvision.ops import batched_nms

        boxes = result.boxes
        if not len(boxes):
            return []
        with inference(self.device):
            corners, scores = boxes.xyxyn.float(), boxes.conf.float()
            keep = batched_nms(corners, scores, boxes.cls, overlap)
            rows = corners[keep].double().cpu().numpy()
            sure = scores[keep].double().cpu().numpy()
            classes = boxes.cls[keep].int().cpu().numpy()
            masks = result.masks.data[keep].bool().cpu().numpy() if masked else None
        if not (np.isfinite(rows).all() and np.isfinite(sure).all()):
            raise NotFiniteError(self.model.name, [item])
        rows = rows.clip(0, 1)
        return [
            Found(
                result.names[int(classes[i])],
                min(1.0, max(0.0, float(sure[i]))),
                (left, top, right - left, bottom - top),
                None if masks is None else masks[i],
            )
            for i, (left, top, right, bottom) in enumerate(rows.tolist())
            if right > left and bottom > top
        ]


def _import() -> None:
    """Import ultralytics with its guards up, even if somebody imported it before us.

    A checkpoint is a pickle, and without the first of them it may run anything. With
    the last, Pillow opens files as before: ultralytics puts a function of its own there
    that asks for a package we lack whenever a file is no picture.
    """
    quiet()
    import ultralytics.nn.tasks
    import ultralytics.utils.checks
    import ultralytics.utils.patches

    library: Any = ultralytics  # these are its own copies of what the environment said
    library.nn.tasks.SAFE_LOAD = True
    library.utils.checks.AUTOINSTALL = False
    if Image.open is library.utils.patches.image_open:
        Image.open = library.utils.patches._image_open


def _build(paths: Sequence[Path]) -> Any:
    """Make an ultralytics network of its files: a checkpoint, or a yaml and tensors."""
    from ultralytics import YOLO

    if len(paths) == 1:
        return YOLO(paths[0], task="segment")
    from safetensors import safe_open
    from safetensors.torch import load_file

    architecture, tensors = paths
    network: Any = YOLO(architecture, task="segment")
    network.model.load_state_dict(load_file(tensors))
    with safe_open(tensors, "pt") as file:
        names = json.loads(file.metadata()["names"])
    network.model.names = {int(number): name for number, name in names.items()}
    return network


def _bgr(picture: Image.Image) -> NDArray[np.uint8]:
    """Return a picture as the library takes arrays: (height, width, 3), blue first.

    Given as an image it would be turned by its EXIF once more.
    """
    import cv2

    pixels: Any = np.asarray(picture.convert("RGB"))
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)  # numpy's own copy takes ten times


def _shows(picture: Image.Image, side: int) -> bool:
    """Whether anything is left to see of a picture in the network's square."""
    short, long = sorted(picture.size)
    return short * side / long >= THINNEST
