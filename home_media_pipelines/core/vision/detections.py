"""What a detector found, as rows, and the ids of those rows."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from uuid import UUID

import pyarrow as pa

from home_media_pipelines.core.inventory.scanned import row_id

DETECTIONS = pa.schema(
    {
        "detection_id": pa.uuid(),
        "content_id": pa.string(),
        "frame": pa.int16(),
        "time_offset": pa.float32(),
        "label": pa.string(),
        "score": pa.float32(),
        "x": pa.float32(),
        "y": pa.float32(),
        "width": pa.float32(),
        "height": pa.float32(),
    }
)
"""Columns of a detection without its producer; units as in `Detection`."""


@dataclass(frozen=True, slots=True)
class Detection:
    """An object in a content: `score` 0–1, the box in fractions of the upright picture.

    `frame` is the key frame of a video and `time_offset` its seconds from the start;
    in a picture they are 0 and None.
    """

    detection_id: UUID
    content_id: str
    frame: int
    time_offset: float | None
    label: str
    score: float
    x: float
    y: float
    width: float
    height: float


def detection_id(content_id: str, producer_id: str, frame: int, number: int) -> UUID:
    """Return the id of what a producer found as `number` in a frame of a content."""
    return row_id(f"detection\0{content_id}\0{producer_id}\0{frame}\0{number}")


def detections_table(found: Iterable[Detection]) -> pa.Table:
    """One row per detection; the columns of `DETECTIONS`."""
    rows = [dict(zip(DETECTIONS.names, astuple(it), strict=True)) for it in found]
    return pa.Table.from_pylist(rows, schema=DETECTIONS)
