"""Search through a real network: the tiny one, read from its files."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.encoder.network import opener
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.embedder import Embedder
from home_media_pipelines.models.open import open_network
from tests.api.media.test_uploads import encoded
from tests.api.rows import add_image
from tests.api.seen import EMBEDDER, add_embedding, add_producer

pytestmark = pytest.mark.xdist_group("models")
WORDS = ("a dog on a beach", "ein Hund am Strand", "snow", "🐕", "x" * 300)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_network("embedder", registry.get("tiny-clip"), Path("none"), CPU)


@pytest.fixture
def pictures(conn, embedder) -> dict[str, tuple[Image.Image, np.ndarray]]:
    """Six plain pictures by image id, embedded."""
    model = registry.get("tiny-clip")
    add_producer(
        conn,
        "embeddings",
        EMBEDDER,
        model=model.name,
        weights_hash=weights.verify(model, Path("none")),
    )
    found = {}
    for n in range(6):
        noise = np.random.default_rng(n).integers(0, 255, (8, 8, 3), np.uint8)
        picture = Image.fromarray(noise).resize((96, 64))
        (vector,) = embedder.run([picture])
        added = add_image(conn)
        add_embedding(conn, added.content_id, vector)
        found[str(added.image_id)] = picture, vector
    return found


@pytest.fixture
def client(settings, pictures):
    app = create_app(settings)
    app.state.encoder = QueryEncoder(opener(settings.weights), patience=60)
    with TestClient(app, base_url="http://localhost") as browser:
        yield browser


def test_words_are_compared_as_the_network_reads_them(client, pictures, embedder):
    for words in WORDS:
        (text,) = embedder.run_text([words])
        found = client.get("/api/search", params={"q": words}).json()
        assert found["producer"]["model"] == "tiny-clip"
        cosines = {image: float(text @ it) for image, (_, it) in pictures.items()}
        hits = found["possible"]
        scores = [hit["score"] for hit in hits]
        assert scores == sorted(scores, reverse=True)
        assert scores == pytest.approx(
            [cosines[hit["image_id"]] for hit in hits], abs=0.002
        )
        assert len(hits) == 6


def test_a_picture_finds_itself(client, pictures):
    for image_id, (picture, _) in pictures.items():
        answer = client.post(
            "/api/search/image", files={"file": ("a.png", encoded(picture))}
        )
        best = answer.json()["possible"][0]
        assert best["image_id"] == image_id
        assert best["score"] > 0.98


def test_a_question_takes_a_moment(client):
    """Processor time of all of it, the network's included, once it is loaded."""
    client.get("/api/search", params={"q": "warm"})
    taken = []
    for n in range(9):
        start = time.process_time()
        assert client.get("/api/search", params={"q": f"dog {n}"}).json()["producer"]
        taken.append(time.process_time() - start)
    assert sorted(taken)[4] < 0.15
