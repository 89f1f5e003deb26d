"""What networks found, for tests: rows under producers, quick to write."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray

from home_media_pipelines.core.vision.detections import (
    Detection,
    detection_id,
    detections_table,
)
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.core.vision.rle import CroppedMask
from home_media_pipelines.db.tables.vision import (
    crop_embeddings,
    detections,
    embeddings,
    masks,
)
from home_media_pipelines.db.tables.vision.crop_embeddings import (
    CropEmbedding,
    crop_embeddings_table,
)
from home_media_pipelines.db.tables.vision.embeddings import Embedding, embeddings_table
from home_media_pipelines.db.tables.vision.masks import Mask, masks_table

SQUARE = CroppedMask(1024, 768, 100, 100, 2, 2, "04", 4 / (1024 * 768))
"""Four pixels."""


def maker(asset: str, model: str = "a", **parameters: object) -> Producer:
    """A producer of the asset; what it builds on goes into `parameters`."""
    return Producer(asset, "1", model=model, weights_hash="0", parameters=parameters)


def unit(*values: float) -> NDArray[np.float32]:
    """These numbers as a vector of length 1."""
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def add_detections(
    conn: psycopg.Connection,
    producer_id: str,
    found: Mapping[str, list[str]],
    *,
    score: float = 0.5,
) -> dict[str, list[UUID]]:
    """Objects with these labels in each content; returns their ids by content."""
    rows = [
        Detection(
            detection_id(content, producer_id, 0, number),
            content,
            0,
            None,
            label,
            score,
            0.1,
            0.2,
            0.3,
            0.4,
        )
        for content, labels in found.items()
        for number, label in enumerate(labels)
    ]
    detections.store(
        conn, detections_table(rows), producer_id=producer_id, contents=found
    )
    stored = detections.of_contents(conn, producer_id, found)
    return {
        content: [it.detection_id for it in stored if it.content_id == content]
        for content in found
    }


def add_masks(
    conn: psycopg.Connection, producer_id: str, found: Mapping[str, list[UUID]]
) -> None:
    """A square of pixels for each detection."""
    rows = [
        Mask(detection, content, SQUARE, 0.9, 0.8)
        for content, ids in found.items()
        for detection in ids
    ]
    masks.store(conn, masks_table(rows), producer_id=producer_id, contents=found)


def add_embeddings(
    conn: psycopg.Connection,
    producer_id: str,
    found: Mapping[str, NDArray[np.floating]],
) -> None:
    """A vector for each content."""
    rows = [Embedding(content, vector) for content, vector in found.items()]
    embeddings.store(
        conn, embeddings_table(rows), producer_id=producer_id, contents=found
    )


def add_crops(
    conn: psycopg.Connection, producer_id: str, found: Mapping[str, list[UUID]]
) -> None:
    """A vector for each detection."""
    rows = [
        CropEmbedding(detection, content, unit(1, number))
        for content, ids in found.items()
        for number, detection in enumerate(ids)
    ]
    crop_embeddings.store(
        conn, crop_embeddings_table(rows), producer_id=producer_id, contents=found
    )
