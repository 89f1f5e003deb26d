"""Everything about one image."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import (
    CONTENT,
    FILE,
    HASH,
    IMAGE,
    PRODUCER,
    example,
)
from home_media_api.schemas.integrity import Damage
from home_media_api.schemas.sourced import ImageValues
from home_media_api.schemas.taxa import ImageTaxon
from home_media_api.schemas.values import ContentId, Kind, Moment, Ratio, Thumbhash


class ImageFile(BaseModel):
    """A file of an image."""

    file_id: UUID
    name: str
    path: str = Field(description="quoted, below the library's root")
    folder: str
    library: str
    size: int = Field(description="bytes")
    mtime: Moment
    content_id: ContentId | None
    format: str | None
    claimed_format: str | None = Field(description="what a lying extension says")
    role: Literal["picture", "raw", "video", "sidecar", "other"]
    part: Literal["primary", "raw", "motion", "edited", "sidecar", "copy"]
    missing_since: Moment | None
    damage: Damage | None = Field(
        description="set while it has other bytes than it came with"
    )


class ImageThumbnail(BaseModel):
    """A thumbnail on disk."""

    size: int = Field(description="class of its long edge, pixels")
    url: str


class ImageMotion(BaseModel):
    """The film that was taken along with a picture."""

    url: str
    embedded: bool = Field(description="true: within the picture's own file")
    file_id: UUID = Field(description="the file that holds it")
    size: int = Field(description="bytes")


class ImageProducer(BaseModel):
    """Who derived something shown of this image."""

    asset: str
    producer_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    code_version: str
    model: str | None
    parameters: dict[str, Any]
    active: bool = Field(description="false: a newer producer will replace it")


class ImageProblem(BaseModel):
    """What went wrong with a content of this image."""

    asset: str
    reason: str
    permanent: bool
    attempts: int
    last_at: Moment


class ImageDetail(BaseModel):
    """Everything about one image, each value with its source."""

    model_config = example(
        image_id=IMAGE,
        kind="picture",
        content_id=CONTENT,
        folder="photos/2024/beach",
        library="photos",
        ratio=1.5,
        thumbhash=HASH,
        mean_color="#7f8a91",
        warning=None,
        values={
            "taken_at": {"value": "2024-07-03T12:01:22", "source": "exif"},
            "rating": {"value": 4, "source": "sidecar:DSC_0412.xmp"},
        },
        files=[
            {
                "file_id": FILE,
                "name": "DSC_0412.JPG",
                "path": "2024/beach/DSC_0412.JPG",
                "folder": "photos/2024/beach",
                "library": "photos",
                "size": 8123456,
                "mtime": "2024-07-03T10:01:22Z",
                "content_id": CONTENT,
                "format": "jpeg",
                "claimed_format": None,
                "role": "picture",
                "part": "primary",
                "missing_since": None,
                "damage": None,
            }
        ],
        thumbnails=[{"size": 256, "url": f"/api/thumbnails/{CONTENT}/256"}],
        motion={
            "url": f"/api/images/{IMAGE}/motion",
            "embedded": True,
            "file_id": FILE,
            "size": 2345678,
        },
        producers=[
            {
                "asset": "exif",
                "producer_id": PRODUCER,
                "code_version": "1",
                "model": None,
                "parameters": {},
                "active": True,
            }
        ],
        problems=[],
        taxa=[
            {
                "taxon": "vehicle.truck",
                "names": {"en": "Truck", "de": "Lastwagen"},
                "source": "detection",
                "score": 0.91,
            }
        ],
    )

    image_id: UUID
    kind: Kind
    content_id: ContentId
    folder: str
    library: str
    ratio: Ratio
    thumbhash: Thumbhash | None
    mean_color: str | None = Field(pattern=r"^#[0-9a-f]{6}$", examples=["#7f8a91"])
    warning: str | None = Field(description="what was wrong with a partly shown file")
    values: ImageValues
    files: list[ImageFile]
    thumbnails: list[ImageThumbnail]
    motion: ImageMotion | None = Field(description="null: a picture that stands still")
    producers: list[ImageProducer]
    problems: list[ImageProblem]
    taxa: list[ImageTaxon] = Field(description="what it shows, the surest first")
