"""Opens networks: each is loaded once a process, and stays."""

import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from home_media_pipelines.models.errors import ModelError, NotInstalledError
from home_media_pipelines.models.registry import Library, Model, Role

if TYPE_CHECKING:
    from home_media_pipelines.models.detector import Detector
    from home_media_pipelines.models.devices import Device
    from home_media_pipelines.models.embedder import Embedder
    from home_media_pipelines.models.segmenter import DetectorMasks, Segmenter

_NEEDED: dict[Library, tuple[str, ...]] = {
    "ultralytics": ("torch", "torchvision", "cv2", "safetensors", "ultralytics"),
    "sam2": ("torch", "torchvision", "hydra", "sam2"),
    "open_clip": ("torch", "torchvision", "open_clip", "transformers"),
}

_opened: dict[
    tuple[object, ...], "Embedder | Detector | Segmenter | DetectorMasks"
] = {}
_lock = threading.RLock()


def missing_packages(model: Model) -> tuple[str, ...]:
    """Return the packages a model needs that are not installed. Imports none."""
    return tuple(name for name in _NEEDED[model.library] if find_spec(name) is None)


@overload
def open_network(
    role: Literal["embedder"],
    model: Model,
    weights_dir: Path,
    device: "Device",
    *,
    text_only: bool = False,
) -> "Embedder": ...
@overload
def open_network(
    role: Literal["detector"], model: Model, weights_dir: Path, device: "Device"
) -> "Detector": ...
@overload
def open_network(
    role: Literal["segmenter"], model: Model, weights_dir: Path, device: "Device"
) -> "Segmenter | DetectorMasks": ...
def open_network(
    role: Role,
    model: Model,
    weights_dir: Path,
    device: "Device",
    *,
    text_only: bool = False,
) -> "Embedder | Detector | Segmenter | DetectorMasks":
    """Return this process's network of a model, loaded.

    Args:
        role: what it is for. A detector can also be a segmenter, by its own masks.
        model: of the registry, or like them.
        weights_dir: see `weights.locate`.
        device: see `devices.choose`.
        text_only: of an embedder, only the half that reads texts.

    Raises:
        NotInstalledError: packages are missing.
        MissingWeightsError, CorruptWeightsError, NoGpuError: as its `load`.
    """
    key = (role, model, weights_dir, device, text_only)
    with _lock:
        if key not in _opened:
            if missing := missing_packages(model):
                raise NotInstalledError(missing)
            network = _made(role, model, weights_dir, device, text_only)
            network.load()
            _opened[key] = network
        return _opened[key]


def _made(
    role: Role, model: Model, weights_dir: Path, device: "Device", text_only: bool
) -> "Embedder | Detector | Segmenter | DetectorMasks":
    """Return a network that is not loaded yet."""
    if role == model.role == "embedder":
        from home_media_pipelines.models.embedder import Embedder

        return Embedder(model, weights_dir, device, text_only=text_only)
    if role == model.role == "detector":
        from home_media_pipelines.models.detector import Detector

        return Detector(model, weights_dir, device)
    from home_media_pipelines.models.segmenter import DetectorMasks, Segmenter

    if role == model.role == "segmenter":
        return Segmenter(model, weights_dir, device)
    if role == "segmenter" and model.role == "detector":
        return DetectorMasks(open_network("detector", model, weights_dir, device))
    raise ModelError(f"{model.name} cannot be {role}: its role is {model.role}")
