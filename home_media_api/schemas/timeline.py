"""The timeline: buckets, and one bucket by column."""

from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import CONTENT, HASH, IMAGE, example
from home_media_api.schemas.values import (
    BucketKey,
    ContentId,
    Kind,
    LocalTime,
    Ratio,
    Thumbhash,
)


class TimelineMonth(BaseModel):
    """A bucket: at most 500 images of one month, or one of several such parts."""

    bucket: BucketKey
    month: str = Field(pattern=r"^\d{4}-\d\d$", examples=["2024-07"])
    count: int = Field(ge=1)
    ratio_sum: float = Field(description="sum of the images' ratios: a height estimate")


class Timeline(BaseModel):
    """Every bucket, newest first."""

    model_config = example(
        buckets=[
            {"bucket": "2024-07", "month": "2024-07", "count": 412, "ratio_sum": 571.3}
        ],
        count=412,
    )

    buckets: list[TimelineMonth]
    count: int = Field(ge=0, description="images in all buckets")


class TimelineBucket(BaseModel):
    """The images of one bucket by column, newest first, all arrays equally long."""

    model_config = example(
        bucket="2024-07",
        image_id=[IMAGE],
        ratio=[1.5],
        thumbhash=[HASH],
        content_id=[CONTENT],
        taken_at=["2024-07-03T12:01:22"],
        kind=["picture"],
        duration=[None],
        stack_size=[2],
    )

    bucket: BucketKey
    image_id: list[UUID]
    ratio: list[Ratio] = Field(description="1.5 while nothing is known")
    thumbhash: list[Thumbhash | None]
    content_id: list[ContentId]
    taken_at: list[LocalTime]
    kind: list[Kind]
    duration: list[float | None] = Field(description="seconds")
    stack_size: list[int] = Field(description="files of the image, sidecars apart")
