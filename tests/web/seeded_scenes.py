"""Drawn beaches and snow, embedded by the network that is shipped for drawings."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.vision import calibrations, embeddings, producers
from home_media_pipelines.db.tables.vision.calibrations import Calibration
from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.open import open_network
from home_media_pipelines.sample.scenes import draw
from tests import builders
from tests.web.seeded import ingest

YEARS = {"beach": 2023, "snow": 2022}
EACH = 8
FIRST_SEED = 30_000_000  # no network was trained on these


def seed_scenes(conn: psycopg.Connection, root: Path, derived: Path) -> None:
    """Eight beaches taken in 2023 and as many snowy places in 2022, named by number."""
    model = registry.get("tiny-clip")
    drawn = [
        draw(FIRST_SEED + 7 * at, kind, (480, 320), cast=[]).image
        for kind in YEARS
        for at in range(EACH)
    ]
    folder = root / "scenes"
    folder.mkdir(parents=True)
    for at, picture in enumerate(drawn):
        picture.save(folder / f"IMG_{at:04}.png")
    builders.add_library(conn, "photos", root)
    days = [
        datetime(year, 6, 1) + timedelta(days=at)
        for year in YEARS.values()
        for at in range(EACH)
    ]
    ingest(conn, root, derived, "scenes", iter(days))

    network = open_network("embedder", model, derived, CPU)
    vectors = network.run(drawn)
    hashed = weights.verify(model, derived)
    producer = producers.activate(
        conn, Producer("embeddings", "1", model=model.name, weights_hash=hashed)
    )
    contents = [
        content
        for (content,) in conn.execute("select content_id from files order by path")
    ]
    rows = [
        embeddings.Embedding(content, vector)
        for content, vector in zip(contents, vectors, strict=True)
    ]
    embeddings.store(
        conn, embeddings.embeddings_table(rows), producer_id=producer, contents=contents
    )
    calibrations.store(conn, producer, Calibration(0.1, 0.2, 1000))
    conn.commit()
