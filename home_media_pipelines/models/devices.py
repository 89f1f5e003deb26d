"""What networks run on: an NVIDIA GPU, an Apple one, or the processor."""

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from home_media_pipelines.models.errors import NoGpuError
from home_media_pipelines.models.registry import Model

Kind = Literal["cpu", "cuda", "mps"]

_NVIDIA = (Path("/dev/nvidiactl"), Path("/dev/dxg"))
"""Nodes of NVIDIA's driver: of Linux, and of Linux inside Windows."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where networks run.

    `name` is for people, `torch_device` as torch spells it. `memory` is a GPU's own,
    in bytes; None where it is the machine's.
    """

    kind: Kind
    name: str
    torch_device: str
    memory: int | None = None


CPU = Device("cpu", "cpu", "cpu")


def gpu_is_likely() -> bool:
    """Whether this machine has a GPU for networks, by a look that costs nothing.

    `choose` knows for certain, but imports torch.
    """
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    return apple or any(node.exists() for node in _NVIDIA)


def choose(setting: Literal["auto"] | Kind = "auto") -> Device:
    """Return the device that a setting means; `auto` takes the fastest there is.

    Raises:
        NoGpuError: the one that is set is not there, or the driver is too old.
    """
    import torch

    if setting in ("auto", "cuda") and torch.cuda.is_available():
        found = torch.cuda.get_device_properties(0)
        return Device("cuda", found.name, "cuda:0", found.total_memory)
    if setting == "cuda":
        built = torch.version.cuda
        reason = f"torch {torch.__version__} for CUDA {built} finds no NVIDIA GPU"
        raise NoGpuError("HOME_MEDIA_DEVICE is cuda", reason)
    if setting in ("auto", "mps") and torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", "mps")
    if setting == "mps":
        raise NoGpuError("HOME_MEDIA_DEVICE is mps", "torch finds no Apple GPU")
    return CPU


def require(model: Model, device: Device) -> None:
    """Refuse to run a model where a picture would take it many seconds.

    Raises:
        NoGpuError: it needs a GPU, and the device is none.
    """
    if model.needs_gpu and device.kind == "cpu":
        raise NoGpuError(model.name, "it needs a GPU, and there is none here")


@contextmanager
def inference(device: Device) -> Iterator[None]:
    """Run the block without gradients; on CUDA in half precision where that is safe.

    On the processor everything stays float32, so the same input gives the same bits.
    """
    import torch

    with torch.inference_mode():
        if device.kind != "cuda":
            yield
            return
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        half = torch.bfloat16 if native else torch.float16
        with torch.autocast("cuda", dtype=half):
            yield


def peak_memory(device: Device) -> int | None:
    """Return the most bytes of GPU memory this process has held; None without one."""
    import torch

    if device.kind == "cuda":
        return int(torch.cuda.max_memory_reserved(device.torch_device))
    if device.kind == "mps":
        return int(torch.mps.driver_allocated_memory())
    return None
