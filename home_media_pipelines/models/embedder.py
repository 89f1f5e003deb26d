"""The network that turns pictures and texts into vectors which can be compared."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.models import weights
from home_media_pipelines.models.batching import is_out_of_memory
from home_media_pipelines.models.devices import Device, inference, require
from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    ModelError,
    NotFiniteError,
)
from home_media_pipelines.models.quiet import quiet
from home_media_pipelines.models.registry import Model

Vector = NDArray[np.float32]

LONGEST_RATIO = 4.0
"""Where a network cuts a square from the middle, no more of a panorama is scaled."""

_CONFIG = "open_clip_config.json"
_THREADS = 4
"""That scale pictures for a GPU: one alone would keep it waiting."""


class Embedder:
    """An open_clip network; `text_only` keeps the half that reads texts.

    The text half runs anywhere, the picture half where the model may. Any number of
    threads may run it at a time.
    """

    def __init__(
        self,
        model: Model,
        weights_dir: Path,
        device: Device,
        *,
        text_only: bool = False,
    ) -> None:
        self.model, self.device, self.text_only = model, device, text_only
        self._weights = weights_dir
        self._network: Any = None
        self._tokenize: Callable[[list[str]], Any]
        self._prepare: Callable[[Image.Image], Any]
        self._cuts = False
        self._pool: ThreadPoolExecutor | None = None

    @property
    def first_batch(self) -> int:
        """Pictures of a first batch: many where there is memory for them."""
        return 16 if self.device.kind == "cpu" else 128

    def load(self) -> None:
        """Read the weights and build the network; once loaded, nothing happens.

        Raises:
            MissingWeightsError, CorruptWeightsError: as `weights.verify`, or the
                library cannot make a network of them.
            NoGpuError: the model needs one.
        """
        if self._network is not None:
            return
        if not self.text_only:
            require(self.model, self.device)
        weights.verify(self.model, self._weights)
        folder = weights.locate(self.model, self._weights)
        quiet()
        import open_clip

        name = f"local-dir:{folder}"
        try:
            resize = self._read_config(folder)
            built: Any = open_clip.create_model_and_transforms(
                name, device=self.device.torch_device, require_pretrained=True
            )
            tokenize: Any = open_clip.get_tokenizer(name)
        except ModelError:
            raise
        except Exception as error:
            if is_out_of_memory(error):
                raise
            expected = f"weights of {self.model.architecture}"
            raise CorruptWeightsError(folder, expected, str(error)) from error
        network, _, prepare = built
        network.eval()  # it comes in training mode, where it gives other vectors
        if self.text_only:
            network.visual = None
        self._prepare, self._tokenize = prepare, tokenize
        self._cuts = resize == "shortest"
        if self.device.kind != "cpu":
            self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="embedder")
        self._network = network

    def _read_config(self, folder: Path) -> str:
        """Check that a network is the registry's; return how it resizes pictures.

        Raises:
            CorruptWeightsError: its vectors have another length.
        """
        config = json.loads((folder / _CONFIG).read_text())
        dimension = config["model_cfg"]["embed_dim"]
        if dimension != self.model.dimension:
            raise CorruptWeightsError(
                folder / _CONFIG, f"dimension {self.model.dimension}", str(dimension)
            )
        return config.get("preprocess_cfg", {}).get("resize_mode", "shortest")

    def run(self, batch: Sequence[Image.Image]) -> list[Vector]:
        """Embed pictures.

        Args:
            batch: RGB, upright, of any size.

        Returns:
            One vector each: float32, (dimension,), of length 1. The same picture in
            another batch may differ in the last bits.

        Raises:
            NotFiniteError: some came out as NaN or infinite.
            ModelError: it was opened for texts only.
        """
        if self.text_only:
            raise ModelError(f"{self.model.name} was opened for texts only")
        if not batch:
            return []
        self.load()
        import torch

        scale = self._pool.map if self._pool else map
        tensors = list(scale(self._scaled, batch))
        with inference(self.device):
            pixels = torch.stack(tensors).to(self.device.torch_device)
            found = self._network.encode_image(pixels)
        return self._unit(found.float().cpu().numpy())

    def run_text(self, texts: Sequence[str]) -> list[Vector]:
        """Embed texts, into the same space as pictures.

        Returns:
            One vector each: float32, (dimension,), of length 1. What is longer than
            the network reads is cut off.

        Raises:
            NotFiniteError: some came out as NaN or infinite.
        """
        if not texts:
            return []
        self.load()
        with inference(self.device):
            tokens = self._tokenize(list(texts)).to(self.device.torch_device)
            found = self._network.encode_text(tokens)
        return self._unit(found.float().cpu().numpy())

    def _scaled(self, picture: Image.Image) -> Any:
        """Return a picture as the network's square, (3, side, side) float32."""
        rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
        return self._prepare(_middle(rgb) if self._cuts else rgb)

    def _unit(self, found: NDArray[np.float32]) -> list[Vector]:
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        bad = np.flatnonzero(~(np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 0)))
        if bad.size:
            raise NotFiniteError(self.model.name, bad.tolist())
        return list((found / lengths).astype(np.float32))


def _middle(picture: Image.Image) -> Image.Image:
    """Return the middle of a very long picture: its ends would be cut off anyway."""
    width, height = picture.size
    wide = round(min(width, height * LONGEST_RATIO))
    high = round(min(height, width * LONGEST_RATIO))
    if (wide, high) == picture.size:
        return picture
    left, top = (width - wide) // 2, (height - high) // 2
    return picture.crop((left, top, left + wide, top + high))
