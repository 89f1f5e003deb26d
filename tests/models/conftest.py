"""What tests of networks share: one thread of torch, and the tiny networks, loaded."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from home_media_pipelines.models import registry
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.open import open_network
from home_media_pipelines.sample.scenes import draw

if TYPE_CHECKING:
    from home_media_pipelines.models.detector import Detector
    from home_media_pipelines.models.embedder import Embedder
    from home_media_pipelines.models.segmenter import Segmenter

NOWHERE = Path("/nonexistent")
"""The tiny networks come with the package and need no directory of weights."""


@pytest.fixture(scope="session")
def one_thread() -> None:
    """Tests run beside each other: more threads than cores only wait for each other."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def detector(one_thread: None) -> "Detector":
    return open_network("detector", registry.get("tiny-yolo"), NOWHERE, CPU)


@pytest.fixture(scope="session")
def segmenter(one_thread: None) -> "Segmenter":
    network = open_network("segmenter", registry.get("tiny-sam2"), NOWHERE, CPU)
    from home_media_pipelines.models.segmenter import Segmenter

    assert isinstance(network, Segmenter)
    return network


@pytest.fixture(scope="session")
def embedder(one_thread: None) -> "Embedder":
    return open_network("embedder", registry.get("tiny-clip"), NOWHERE, CPU)


@pytest.fixture(scope="session")
def beach() -> Image.Image:
    return draw(20_000_005, "beach", (480, 360)).image
