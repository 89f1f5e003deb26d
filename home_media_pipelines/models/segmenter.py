"""The network that says which pixels belong to the thing in a box."""

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.models import weights
from home_media_pipelines.models.batching import is_out_of_memory
from home_media_pipelines.models.detector import Detector, Found
from home_media_pipelines.models.devices import Device, inference, require
from home_media_pipelines.models.errors import CorruptWeightsError, NotFiniteError
from home_media_pipelines.models.network import Box
from home_media_pipelines.models.quiet import quiet
from home_media_pipelines.models.registry import Model

LONGEST = 1024
"""Pixels of the long edge of a mask: the network decides on fewer."""

OFFSET = 1.0
"""By how much the threshold is moved up and down to see how stable a mask is."""

SAME = 0.5
"""IoU from which a box of the detector is the one that was asked for."""

_BOXES = 32
"""That are decoded at once: 128 MB of masks."""

Prompted = tuple[Image.Image, Sequence[Box]]
"""A picture (RGB, upright) and the boxes in it to look into."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The pixels of one thing.

    `mask` is bool, (height, width) of the whole picture, reduced to a long edge of
    `LONGEST` if it is larger; all False if nothing was found in the box. `score` is the
    IoU that the network expects, `stability` how little the mask changes with its
    threshold, both 0–1; a detector knows neither.
    """

    mask: NDArray[np.bool_]
    score: float | None
    stability: float | None


class Segmenter:
    """A SAM 2 network, prompted with boxes. One thread at a time."""

    def __init__(self, model: Model, weights_dir: Path, device: Device) -> None:
        self.model, self.device = model, device
        self._weights = weights_dir
        self._network: Any = None

    @property
    def first_batch(self) -> int:
        """Pictures of a first batch: the encoder is large."""
        return 1 if self.device.kind == "cpu" else 8

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
        weights.verify(self.model, self._weights)
        folder = weights.locate(self.model, self._weights)
        quiet()
        _import()
        try:
            self._network = _build(self.model, folder, self.device)
        except Exception as error:
            if is_out_of_memory(error):
                raise
            expected = f"weights of {self.model.architecture}"
            raise CorruptWeightsError(folder, expected, str(error)) from error

    def run(self, batch: Sequence[Prompted]) -> list[list[Segment]]:
        """Find the pixels of the things in boxes.

        Each picture is encoded once, however many boxes it has, and not at all when
        it has none.

        Returns:
            For each picture one segment a box, in the order of the boxes.

        Raises:
            NotFiniteError: a score came out as NaN or infinite.
        """
        self.load()
        asked = [i for i, (_, boxes) in enumerate(batch) if boxes]
        found: list[list[Segment]] = [[] for _ in batch]
        if not asked:
            return found
        with inference(self.device):
            self._network.set_image_batch([_pixels(batch[i][0]) for i in asked])
            try:
                for place, i in enumerate(asked):
                    boxes = batch[i][1]
                    for at in range(0, len(boxes), _BOXES):
                        found[i] += self._look(place, i, boxes[at : at + _BOXES])
            finally:
                self._network.reset_predictor()
        return found

    def _look(self, place: int, item: int, boxes: Sequence[Box]) -> list[Segment]:
        """Decode the masks of some boxes in the picture at a place of the batch."""
        import torch
        from sam2.utils.amg import calculate_stability_score

        side = float(self._network.model.image_size)
        corners = [
            (x * side, y * side, (x + w) * side, (y + h) * side) for x, y, w, h in boxes
        ]
        logits, predicted, _ = self._network._predict(
            None,
            None,
            torch.tensor(corners, device=self.device.torch_device),
            multimask_output=False,
            return_logits=True,
            img_idx=place,
        )
        stable = calculate_stability_score(logits[:, 0], 0.0, OFFSET)
        masks = (logits[:, 0] > 0).cpu().numpy()
        scores = predicted[:, 0].double().cpu().numpy()
        if not np.isfinite(scores).all():
            raise NotFiniteError(self.model.name, [item])
        steady = np.nan_to_num(stable.double().cpu().numpy())  # 0/0: no mask at all
        return [
            Segment(mask, float(score), float(stability))
            for mask, score, stability in zip(
                masks, scores.clip(0, 1), steady, strict=True
            )
        ]


class DetectorMasks:
    """A detector's own masks, for whoever has no segmenter. One thread at a time."""

    def __init__(self, detector: Detector) -> None:
        self.model, self.device = detector.model, detector.device
        self._detector = detector

    @property
    def first_batch(self) -> int:
        """Pictures of a first batch: masks of all things in each need memory."""
        return max(1, self._detector.first_batch // 2)

    def load(self) -> None:
        """As `Detector.load`."""
        self._detector.load()

    def run(self, batch: Sequence[Prompted]) -> list[list[Segment]]:
        """Find the pixels of the things in boxes that the same detector gave.

        Returns:
            For each picture one segment a box, in the order of the boxes.
        """
        asked = [i for i, (_, boxes) in enumerate(batch) if boxes]
        pictures = [_reduced(batch[i][0]) for i in asked]
        seen = self._detector.run(pictures, score=0.05, overlap=0.9, with_masks=True)
        found: list[list[Segment]] = [[] for _ in batch]
        for i, picture, things in zip(asked, pictures, seen, strict=True):
            found[i] = [_nearest(box, things, picture) for box in batch[i][1]]
        return found


def _nearest(box: Box, things: Sequence[Found], picture: Image.Image) -> Segment:
    """Return the mask of the thing whose box is most like one, if any is."""
    same = max(things, key=lambda thing: overlap(box, thing.box), default=None)
    if same is None or same.mask is None or overlap(box, same.box) < SAME:
        return Segment(np.zeros((picture.height, picture.width), bool), None, None)
    return Segment(same.mask, None, None)


def overlap(one: Box, other: Box) -> float:
    """Return the IoU of two boxes, 0–1."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, high)
    either = one[2] * one[3] + other[2] * other[3] - both
    return both / either if either > 0 else 0.0


def _import() -> None:
    """Import sam2, with Hydra ready for it: Hydra 1.4 refuses its own way."""
    from hydra import initialize_config_module
    from hydra.core.global_hydra import GlobalHydra

    if not GlobalHydra.instance().is_initialized():
        initialize_config_module("sam2")
    import sam2  # noqa: F401  # pyright: ignore[reportUnusedImport]


def _build(model: Model, folder: Path, device: Device) -> Any:
    """Make a predictor of a model's files: weights, and perhaps how to build it."""
    import torch
    from sam2.build_sam import build_sam2
    from sam2.sam2_image_predictor import SAM2ImagePredictor

    config, overrides = model.architecture, model.overrides
    if config.endswith(".json"):
        described = json.loads((folder / config).read_text())
        config, overrides = described["config"], tuple(described["overrides"])
    checkpoint = folder / model.files[-1].name
    with warnings.catch_warnings():  # of what the library uses that will go away
        warnings.simplefilter("ignore")
        network = build_sam2(
            config,
            str(checkpoint),
            device=device.torch_device,
            hydra_overrides_extra=list(overrides),
        )
        predictor: Any = SAM2ImagePredictor(network)
    side = network.image_size
    predictor._bb_feat_sizes = [(side // k, side // k) for k in (4, 8, 16)]  # of 1024

    def to_tensor(pixels: NDArray[np.uint8]) -> torch.Tensor:
        """As torchvision's, but where the network is: (3, height, width), 0–1."""
        samples = torch.from_numpy(pixels).to(device.torch_device)
        return samples.permute(2, 0, 1).contiguous().float().div_(255)

    predictor._transforms.to_tensor = to_tensor
    return predictor


def _reduced(picture: Image.Image) -> Image.Image:
    """Return a picture whose long edge is at most `LONGEST`."""
    if max(picture.size) <= LONGEST:
        return picture
    share = LONGEST / max(picture.size)
    wide, high = (max(1, round(edge * share)) for edge in picture.size)
    return picture.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """Return a picture as (height, width, 3), red first, not too large."""
    return np.array(_reduced(picture.convert("RGB")))
