"""Which models look at the pictures, and how far they are."""

from typing import Literal

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import PRODUCER, example
from home_media_api.schemas.search import ModelProducer


class Coverage(ModelProducer):
    """A producer with how many contents it has done."""

    contents: int = Field(ge=0, description="that there are to look at")
    done: int = Field(ge=0)
    failed: int = Field(ge=0, description="for good")


class ModelState(BaseModel):
    """An asset that a model makes: who is read, and who is being filled beside it."""

    model_config = example(
        asset="embeddings",
        role="embedder",
        active={
            "model": "clip-b32-256",
            "producer_id": PRODUCER,
            "contents": 412,
            "done": 412,
            "failed": 0,
        },
        filling=None,
        previous=None,
        reason=None,
    )

    asset: Literal["detections", "masks", "embeddings", "crop_embeddings"]
    role: Literal["detector", "segmenter", "embedder"]
    active: Coverage | None = Field(description="null before any has looked")
    filling: Coverage | None = Field(description="takes over once it has done all")
    previous: ModelProducer | None = Field(description="read before; the way back")
    reason: str | None = Field(
        description="why it cannot be used here now, for people",
        examples=["No model has looked at the pictures yet."],
    )
