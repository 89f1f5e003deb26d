"""What networks see in an image."""

from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import DETECTION, PRODUCER, example
from home_media_api.schemas.search import ModelProducer
from home_media_api.schemas.values import Box, Score, TaxonPath, TimeOffset


class Mask(BaseModel):
    """The pixels of an object: COCO run lengths of the window around them."""

    size: tuple[int, int] = Field(description="height and width of the window, pixels")
    counts: str = Field(
        description="compressed run lengths of the window, column by column",
        examples=["02201"],
    )
    box: Box = Field(description="the window")
    score: Score | None = Field(description="the overlap that the model predicts")


class Detection(BaseModel):
    """An object in an image."""

    detection_id: UUID
    label: str = Field(description="the model's raw word", examples=["truck"])
    taxon: TaxonPath | None = Field(description="what the label means; null: unmapped")
    name: str = Field(description="the taxon's name, else the label")
    score: Score
    box: Box
    frame: int = Field(ge=0, description="key frame of a video; 0 in a picture")
    time_offset: TimeOffset
    mask: Mask | None


class ImageDetections(BaseModel):
    """The objects in an image, the surest first."""

    model_config = example(
        producer={"model": "yolo26m-seg", "producer_id": PRODUCER},
        detections=[
            {
                "detection_id": DETECTION,
                "label": "truck",
                "taxon": "vehicle.truck",
                "name": "Truck",
                "score": 0.91,
                "box": [0.25, 0.5, 0.25, 0.25],
                "frame": 0,
                "time_offset": None,
                "mask": {
                    "size": [2, 2],
                    "counts": "02201",
                    "box": [0.25, 0.5, 0.25, 0.25],
                    "score": 0.87,
                },
            }
        ],
    )

    producer: ModelProducer | None = Field(description="null before any has looked")
    detections: list[Detection]


class Label(BaseModel):
    """A word of the detector."""

    model_config = example(label="truck", count=12)

    label: str
    count: int = Field(ge=1, description="images that have it")
