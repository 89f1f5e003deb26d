"""Images in a list."""

from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import CONTENT, HASH, IMAGE, example
from home_media_api.schemas.values import ContentId, Kind, LocalTime, Ratio, Thumbhash


class ImageRow(BaseModel):
    """An image in a list."""

    image_id: UUID
    content_id: ContentId
    kind: Kind
    taken_at: LocalTime
    utc_offset: int | None = Field(description="minutes east")
    ratio: Ratio
    thumbhash: Thumbhash | None
    duration: float | None = Field(description="seconds")
    rating: int | None
    title: str | None
    name: str = Field(description="name of its primary file")


class ImagePage(BaseModel):
    """A page of images, newest first."""

    model_config = example(
        images=[
            {
                "image_id": IMAGE,
                "content_id": CONTENT,
                "kind": "picture",
                "taken_at": "2024-07-03T12:01:22",
                "utc_offset": 120,
                "ratio": 1.5,
                "thumbhash": HASH,
                "duration": None,
                "rating": 4,
                "title": None,
                "name": "DSC_0412.JPG",
            }
        ],
        next=None,
    )

    images: list[ImageRow]
    next: str | None = Field(description="`after` of the next page")
