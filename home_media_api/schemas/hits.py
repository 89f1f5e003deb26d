"""What a search finds: images, and objects in them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import CONTENT, DETECTION, HASH, IMAGE, example
from home_media_api.schemas.values import (
    Box,
    ContentId,
    Kind,
    LocalTime,
    Ratio,
    Thumbhash,
    TimeOffset,
)

Source = Annotated[
    Literal["taxon", "words", "meaning"],
    Field(description="how we know: by the taxonomy, its words, or what it shows"),
]
HIT: dict[str, Any] = {
    "image_id": IMAGE,
    "content_id": CONTENT,
    "kind": "picture",
    "ratio": 1.5,
    "thumbhash": HASH,
    "taken_at": "2024-07-03T12:01:22",
    "duration": None,
    "score": 0.31,
    "source": "meaning",
    "time_offset": None,
}


class Hit(BaseModel):
    """An image that was found."""

    image_id: UUID
    content_id: ContentId
    kind: Kind
    ratio: Ratio
    thumbhash: Thumbhash | None
    taken_at: LocalTime
    duration: float | None = Field(description="seconds")
    score: float | None = Field(
        description="of a taxon its detection's, 0 to 1; of a meaning the cosine, "
        "which only compares within one answer; null for words and keywords"
    )
    source: Source
    time_offset: TimeOffset


class DetectionHit(Hit):
    """An object that was found, with the image it is in."""

    detection_id: UUID
    label: str = Field(description="the model's raw word", examples=["truck"])
    box: Box


class SimilarImages(BaseModel):
    """Images that look alike, the most similar first."""

    model_config = example(images=[HIT])

    images: list[Hit]


class SimilarDetections(BaseModel):
    """Objects that look alike, the most similar first."""

    model_config = example(
        detections=[
            HIT
            | {
                "detection_id": DETECTION,
                "label": "truck",
                "box": [0.25, 0.5, 0.25, 0.25],
            }
        ]
    )

    detections: list[DetectionHit]
