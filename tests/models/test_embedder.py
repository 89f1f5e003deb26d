"""The embedder, as production opens it: vectors of pictures and of words."""

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.embedder import Embedder
from home_media_pipelines.models.errors import (
    ModelError,
    NotFiniteError,
)
from home_media_pipelines.models.open import open_network

pytestmark = pytest.mark.xdist_group("models")


def test_vectors_are_float32_of_length_one(embedder, beach):
    vectors = embedder.run([beach, beach.rotate(90)])
    vectors += embedder.run_text(["a dog at the beach", "", "x" * 10_000])
    for vector in vectors:
        assert vector.dtype == np.float32
        assert vector.shape == (embedder.model.dimension,)
        assert math.isclose(np.linalg.norm(vector), 1, abs_tol=1e-6)


def test_the_order_of_a_batch_is_kept(embedder, beach):
    views = [beach.rotate(angle) for angle in (0, 90, 180, 270)]
    together = embedder.run(views)
    for view, vector in zip(views, together, strict=True):
        np.testing.assert_allclose(embedder.run([view])[0], vector, atol=1e-5)


def test_only_what_is_not_a_number_is_refused(embedder, beach, monkeypatch):
    encode = embedder._network.encode_image

    def broken(pixels):
        found = encode(pixels).clone()
        found[1, 0] = float("nan")
        found[3] = float("inf")
        return found

    monkeypatch.setattr(embedder._network, "encode_image", broken)
    with pytest.raises(NotFiniteError) as caught:
        embedder.run([beach] * 5)
    assert caught.value.items == (1, 3)
    assert "item 1, 3" in str(caught.value)


def test_the_text_half_alone_says_the_same(embedder, beach):
    half = open_network(
        "embedder", embedder.model, Path("/nonexistent"), CPU, text_only=True
    )
    words = ["a red ball", "a house in the snow"]
    np.testing.assert_array_equal(half.run_text(words), embedder.run_text(words))
    with pytest.raises(ModelError, match="for texts only"):
        half.run([beach])
    count = sum(p.numel() for p in half._network.parameters())
    assert count < sum(p.numel() for p in embedder._network.parameters())


def test_the_ends_of_a_panorama_cost_nothing(embedder, beach, tmp_path):
    """Where a square is cut from the middle; scaled whole it would be gigabytes."""
    folder = tmp_path / "net"
    shutil.copytree(embedder.model.folder, folder)
    config = folder / "open_clip_config.json"
    config.write_text(config.read_text().replace("squash", "shortest"))
    network = Embedder(replace(embedder.model, folder=folder), tmp_path, CPU)
    wide = Image.new("RGB", (30_000, 100), "blue")
    wide.paste(beach.resize((133, 100)), (14_934, 0))
    middle = wide.crop((14_000, 0, 16_000, 100))
    [one, other] = network.run([wide, middle])
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert max(network._scaled(wide).shape) == embedder.model.input_size


def test_the_registry_knows_what_the_network_sees(embedder, beach):
    assert embedder._scaled(beach).shape == (3, *[embedder.model.input_size] * 2)
