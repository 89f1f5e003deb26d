"""Rows of what networks saw: producers, vectors, objects, masks, links."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import numpy as np
from pgvector import HalfVector
from psycopg import Connection

from home_media_pipelines.core.vision.rle import crop_and_encode

EMBEDDER = "e" * 16
DETECTOR = "d" * 16
SEGMENTER = "5" * 16
CROPS = "c" * 16
LINKER = "a" * 16

Vector = Sequence[float]


def add_producer(
    conn: Connection,
    asset: str,
    producer_id: str,
    *,
    model: str | None = None,
    weights_hash: str | None = None,
) -> str:
    """A producer that is read; the one before it, if any, is the previous one."""
    conn.execute(
        "insert into producers (producer_id, asset, code_version, model, weights_hash)"
        " values (%s, %s, '1', %s, %s) on conflict do nothing",
        [producer_id, asset, model, weights_hash],
    )
    conn.execute(
        "insert into active_producers (asset, producer_id) values (%s, %s)"
        " on conflict (asset) do update set previous = active_producers.producer_id,"
        " producer_id = excluded.producer_id"
        " where active_producers.producer_id <> excluded.producer_id",
        [asset, producer_id],
    )
    conn.commit()
    return producer_id


def add_embedding(
    conn: Connection,
    content_id: str,
    vector: Vector,
    *,
    producer_id: str = EMBEDDER,
    frame: int = 0,
    time_offset: float | None = None,
) -> None:
    """A vector of a content, made a unit vector."""
    unit = np.asarray(vector, float) / np.linalg.norm(vector)
    conn.execute(
        "insert into embeddings (producer_id, content_id, frame, time_offset,"
        " embedding) values (%s, %s, %s, %s, %s::halfvec)",
        [producer_id, content_id, frame, time_offset, HalfVector(unit).to_text()],
    )
    conn.commit()


def calibrate(
    conn: Connection, possible: float, likely: float, producer_id: str = EMBEDDER
) -> None:
    """The cuts of a producer for words."""
    conn.execute(
        "insert into calibrations (producer_id, possible, likely, sampled)"
        " values (%s, %s, %s, 1000)",
        [producer_id, possible, likely],
    )
    conn.commit()


def add_detection(
    conn: Connection,
    content_id: str,
    label: str,
    *,
    score: float = 0.9,
    box: tuple[float, float, float, float] = (0.25, 0.5, 0.25, 0.25),
    vector: Vector | None = None,
) -> UUID:
    """An object, with the vector of its crop where one is given."""
    add_producer(conn, "detections", DETECTOR, model="tiny-yolo")
    detection_id = uuid4()
    conn.execute(
        "insert into detections (detection_id, content_id, producer_id, label, score,"
        " x, y, width, height) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [detection_id, content_id, DETECTOR, label, score, *box],
    )
    if vector is not None:
        add_producer(conn, "crop_embeddings", CROPS, model="tiny-clip")
        unit = np.asarray(vector, float) / np.linalg.norm(vector)
        conn.execute(
            "insert into crop_embeddings (producer_id, detection_id, embedding)"
            " values (%s, %s, %s::halfvec)",
            [CROPS, detection_id, HalfVector(unit).to_text()],
        )
    conn.commit()
    return detection_id


def add_mask(
    conn: Connection,
    detection_id: UUID,
    mask: np.ndarray,
    *,
    producer_id: str = SEGMENTER,
) -> None:
    """The pixels of an object; `mask` is bool, of the whole picture."""
    add_producer(conn, "masks", producer_id, model="tiny-sam2")
    found = crop_and_encode(mask)
    assert found is not None
    conn.execute(
        "insert into masks (detection_id, producer_id, picture_width, picture_height,"
        " x, y, width, height, rle, area, score)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0.8)",
        [
            detection_id,
            producer_id,
            found.picture_width,
            found.picture_height,
            found.x,
            found.y,
            found.width,
            found.height,
            found.counts,
            found.area,
        ],
    )
    conn.commit()


def add_link(
    conn: Connection,
    image_id: UUID,
    taxon: str,
    *,
    detection_id: UUID | None = None,
    score: float | None = None,
) -> None:
    """That an image shows a taxon: a detection says so, or else a keyword."""
    add_producer(conn, "taxonomy_links", LINKER)
    conn.execute(
        "insert into taxonomy_links (image_id, taxon, source, detection_id, keyword,"
        " score, producer_id) values (%s, %s, %s, %s, %s, %s, %s)",
        [
            image_id,
            taxon,
            "keyword" if detection_id is None else "detection",
            detection_id,
            "said" if detection_id is None else None,
            score,
            LINKER,
        ],
    )
    conn.commit()
