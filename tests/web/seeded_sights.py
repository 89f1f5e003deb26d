"""What networks saw of the seeded library: objects, outlines, vectors, links.

Every third picture shows a truck where its disc is, every fifth a dog on the ground
too. "beach" is likely in every tenth and possible in the one after; two show the sea.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
from numpy.typing import NDArray

from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.core.taxonomy import tree as taxonomy
from home_media_pipelines.core.vision.detections import (
    Detection,
    detection_id,
    detections_table,
)
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.core.vision.rle import crop_and_encode
from home_media_pipelines.db.tables.operations import agents
from home_media_pipelines.db.tables.taxonomy import taxa, taxonomy_links
from home_media_pipelines.db.tables.vision import (
    calibrations,
    crop_embeddings,
    detections,
    embeddings,
    masks,
    producers,
)
from home_media_pipelines.db.tables.vision.calibrations import Calibration
from tests.web.seeded import HOSTILE, SHAPES

DISC = (200, 150, 220)  # left, top, diameter, pixels of the drawing
GROUND = (0.1, 0.68, 0.3, 0.25)
SEA = (7, 8)
EMBEDDER = Producer("embeddings", "1", model="three-colours", weights_hash="0")


def seed_sights(conn: psycopg.Connection) -> None:
    """Rows of every network for the pictures and the film of `seeded.seed`."""
    rows = conn.execute("select content_id, name from files").fetchall()
    numbers = {content: _number(name) for content, name in rows}
    pictures = {content: at for content, at in numbers.items() if at is not None}
    (film,) = numbers.keys() - pictures.keys()
    detector = producers.activate(
        conn, Producer("detections", "1", model="yolo26n-seg", weights_hash="0")
    )
    found = [it for pair in pictures.items() for it in _objects(detector, *pair)]
    found += _in_film(detector, film)
    detections.store(
        conn,
        detections_table(found),
        producer_id=detector,
        contents=[*pictures, film],
    )
    _outline(conn, found, pictures)
    _embed(conn, found, pictures)
    _link(conn, detector)
    _fall_asleep(conn)
    conn.commit()


def _fall_asleep(conn: psycopg.Connection) -> None:
    """A laptop that was seen and fell asleep while work waits for it."""
    now = datetime.now(UTC)
    agents.configure(conn, [Agent("alienware", "ssh://me@alienware", "worker:1")])
    card = {"gpu_name": "RTX 4090", "gpu_memory": 16 << 30}
    before = Sighting("alienware", now - timedelta(hours=1), reachable=True, **card)
    asleep = Sighting("alienware", now, reachable=False, reason="unreachable")
    for look in (before, asleep):
        agents.record(conn, look)
    agents.set_queue(conn, agents.GpuQueue(now, 2, 0, 40, 1_204, now, 5_400.0))


def _objects(producer: str, content: str, at: int) -> Iterable[Detection]:
    width, height = SHAPES[at % 4]
    left, top, size = DISC
    disc = (left / width, top / height, size / width, size / height)
    seen = [("truck", 0.91, disc)] * (at % 3 == 0)
    seen += [("dog", 0.64, GROUND)] * (at % 5 == 0)
    for number, (label, score, box) in enumerate(seen):
        key = detection_id(content, producer, 0, number)
        yield Detection(key, content, 0, None, label, score, *box)


def _in_film(producer: str, film: str) -> Iterable[Detection]:
    for frame, (label, seconds) in enumerate((("dog", 0.5), ("person", 1.5))):
        key = detection_id(film, producer, frame, 0)
        yield Detection(key, film, frame, seconds, label, 0.8, *GROUND)


def _outline(
    conn: psycopg.Connection, found: Iterable[Detection], pictures: dict[str, int]
) -> None:
    producer = producers.activate(
        conn, Producer("masks", "1", model="sam2.1-tiny", weights_hash="0")
    )
    drawn = [
        masks.Mask(it.detection_id, it.content_id, outline, 0.88, 0.9)
        for it in found
        if it.label == "truck"
        and (outline := crop_and_encode(_disc(SHAPES[pictures[it.content_id] % 4])))
    ]
    masks.store(conn, masks.masks_table(drawn), producer_id=producer, contents=pictures)


def _disc(shape: tuple[int, int]) -> NDArray[np.bool_]:
    left, top, size = DISC
    y, x = np.mgrid[: shape[1], : shape[0]]
    radius = size / 2
    return (x - left - radius) ** 2 + (y - top - radius) ** 2 < radius**2


def _embed(
    conn: psycopg.Connection, found: Iterable[Detection], pictures: dict[str, int]
) -> None:
    producer = producers.activate(conn, EMBEDDER)
    rows = [
        embeddings.Embedding(content, _vector(at)) for content, at in pictures.items()
    ]
    embeddings.store(
        conn, embeddings.embeddings_table(rows), producer_id=producer, contents=pictures
    )
    calibrations.store(conn, producer, Calibration(0.4, 0.7, 1000))
    crops = producers.activate(
        conn, Producer("crop_embeddings", "1", model="three-colours", weights_hash="0")
    )
    looks = [
        crop_embeddings.CropEmbedding(
            it.detection_id, it.content_id, _between(0.95 if it.label == "dog" else 0.1)
        )
        for it in found
        if it.content_id in pictures
    ]
    crop_embeddings.store(
        conn,
        crop_embeddings.crop_embeddings_table(looks),
        producer_id=crops,
        contents=pictures,
    )


def _vector(at: int) -> NDArray[np.float32]:
    if at in SEA:
        return np.array((0.0, 0.0, 1.0, 0.0), np.float32)
    return _between({0: 0.9, 1: 0.5}.get(at % 10, 0.05) - at / 10_000)


def _between(cosine: float) -> NDArray[np.float32]:
    """A unit vector between a beach and a meadow, at this cosine from the beach."""
    return np.array((cosine, np.sqrt(1 - cosine**2), 0.0, 0.0), np.float32)


def _link(conn: psycopg.Connection, detector: str) -> None:
    shipped = taxonomy.shipped()
    taxa.bring_in(conn, shipped)
    producer = producers.activate(conn, Producer("taxonomy_links", "1"))
    for (folder,) in conn.execute("select folder from folders").fetchall():
        taxonomy_links.relink(
            conn,
            folder,
            producer_id=producer,
            detections=detector,
            vocabulary="coco80",
            threshold=shipped.threshold,
        )


def _number(name: str) -> int | None:
    """The number a picture was drawn with; the film has none."""
    if name == HOSTILE:
        return 75
    return int(name[4:8]) if name.startswith("IMG_") else None
