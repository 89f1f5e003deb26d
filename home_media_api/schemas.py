"""The JSON shapes of the API, with one example each."""

from enum import IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

Kind = Literal["picture", "video"]
ContentId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="BLAKE3 of the bytes, 64 hex digits",
        examples=["af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"],
    ),
]
LocalTime = Annotated[
    str,
    Field(
        pattern=r"^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d$",
        description="local wall time where it was taken; never convert its zone",
        examples=["2024-07-03T12:01:22"],
    ),
]
Moment = Annotated[
    AwareDatetime,
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "examples": ["2024-07-05T08:00:00Z"],
        }
    ),
]
Thumbhash = Annotated[
    str,
    Field(description="ThumbHash, base64", examples=["1QcSHQRnh493V4dIh4eXh1h4kJUI"]),
]
Ratio = Annotated[float, Field(gt=0, description="width over height, upright")]
BucketKey = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d(\.[A-Za-z0-9_-]{64})?$",
        description="opaque; as listed by `/timeline`",
        examples=["2024-07"],
    ),
]


class ThumbnailSize(IntEnum):
    """The class of a thumbnail's long edge, pixels."""

    SMALL = 256
    MEDIUM = 512
    LARGE = 1024
    PREVIEW = 2048


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


_IMAGE = "0b9f4a52-6f0e-5d3b-9a36-3f2f6a1c8e10"
_FILE = "7d1f2c7e-55a1-5f5b-8a0e-5a8f0f1b2c3d"
_CONTENT = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
_PRODUCER = "91b3e0c2a4f5d687"
_HASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"


class FieldProblem(BaseModel):
    """One parameter that was refused."""

    field: str = Field(examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 500"])


class ProblemDetails(BaseModel):
    """Why a request got no answer (RFC 9457)."""

    model_config = _example(
        type="about:blank",
        title="Not Found",
        status=404,
        detail="There is no such image.",
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None


class TimelineMonth(BaseModel):
    """A bucket: at most 500 images of one month, or one of several such parts."""

    bucket: BucketKey
    month: str = Field(pattern=r"^\d{4}-\d\d$", examples=["2024-07"])
    count: int = Field(ge=1)
    ratio_sum: float = Field(description="sum of the images' ratios: a height estimate")


class Timeline(BaseModel):
    """Every bucket, newest first."""

    model_config = _example(
        buckets=[
            {"bucket": "2024-07", "month": "2024-07", "count": 412, "ratio_sum": 571.3}
        ],
        count=412,
    )

    buckets: list[TimelineMonth]
    count: int = Field(ge=0, description="images in all buckets")


class TimelineBucket(BaseModel):
    """The images of one bucket by column, newest first, all arrays equally long."""

    model_config = _example(
        bucket="2024-07",
        image_id=[_IMAGE],
        ratio=[1.5],
        thumbhash=[_HASH],
        content_id=[_CONTENT],
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


class Facet(BaseModel):
    """A value to filter by."""

    value: str = Field(examples=["Canon EOS R5"])
    count: int = Field(ge=1)


class Facets(BaseModel):
    """What the library can be filtered by, most frequent first."""

    model_config = _example(
        cameras=[{"value": "Canon EOS R5", "count": 1200}],
        lenses=[{"value": "RF24-105mm F4 L IS USM", "count": 800}],
        kinds=[{"value": "picture", "count": 1150}, {"value": "video", "count": 50}],
    )

    cameras: list[Facet]
    lenses: list[Facet]
    kinds: list[Facet]


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

    model_config = _example(
        images=[
            {
                "image_id": _IMAGE,
                "content_id": _CONTENT,
                "kind": "picture",
                "taken_at": "2024-07-03T12:01:22",
                "utc_offset": 120,
                "ratio": 1.5,
                "thumbhash": _HASH,
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


_Source = Annotated[
    str,
    Field(
        description="person, exif, sidecar:NAME, file name, mtime …",
        examples=["exif"],
    ),
]


class SourcedText(BaseModel):
    """A text with where it comes from."""

    value: str
    source: _Source


class SourcedInteger(BaseModel):
    """A whole number with where it comes from."""

    value: int
    source: _Source


class SourcedNumber(BaseModel):
    """A number with where it comes from."""

    value: float
    source: _Source


class SourcedWords(BaseModel):
    """A list of texts with where they come from."""

    value: list[str]
    source: _Source


class SourcedPeople(BaseModel):
    """Named regions with where they come from."""

    value: list[dict[str, Any]]
    source: _Source


class ImageValues(BaseModel):
    """What is known of an image; a field nobody knows is null."""

    taken_at: SourcedText | None = None
    utc_offset: SourcedInteger | None = Field(None, description="minutes east")
    make: SourcedText | None = None
    model: SourcedText | None = None
    lens: SourcedText | None = None
    exposure_time: SourcedNumber | None = Field(None, description="seconds")
    f_number: SourcedNumber | None = None
    iso: SourcedInteger | None = None
    focal_length: SourcedNumber | None = Field(None, description="millimetres")
    focal_length_35mm: SourcedNumber | None = Field(None, description="millimetres")
    latitude: SourcedNumber | None = Field(None, description="degrees north")
    longitude: SourcedNumber | None = Field(None, description="degrees east")
    altitude: SourcedNumber | None = Field(None, description="metres")
    width: SourcedInteger | None = Field(None, description="upright pixels")
    height: SourcedInteger | None = Field(None, description="upright pixels")
    duration: SourcedNumber | None = Field(None, description="seconds")
    rating: SourcedInteger | None = None
    title: SourcedText | None = None
    description: SourcedText | None = None
    keywords: SourcedWords | None = None
    keyword_paths: SourcedWords | None = None
    people: SourcedPeople | None = None


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


class ImageThumbnail(BaseModel):
    """A thumbnail on disk."""

    size: int = Field(description="class of its long edge, pixels")
    url: str


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

    model_config = _example(
        image_id=_IMAGE,
        kind="picture",
        content_id=_CONTENT,
        folder="photos/2024/beach",
        library="photos",
        ratio=1.5,
        thumbhash=_HASH,
        mean_color="#7f8a91",
        warning=None,
        values={
            "taken_at": {"value": "2024-07-03T12:01:22", "source": "exif"},
            "rating": {"value": 4, "source": "sidecar:DSC_0412.xmp"},
        },
        files=[
            {
                "file_id": _FILE,
                "name": "DSC_0412.JPG",
                "path": "2024/beach/DSC_0412.JPG",
                "folder": "photos/2024/beach",
                "library": "photos",
                "size": 8123456,
                "mtime": "2024-07-03T10:01:22Z",
                "content_id": _CONTENT,
                "format": "jpeg",
                "claimed_format": None,
                "role": "picture",
                "part": "primary",
                "missing_since": None,
            }
        ],
        thumbnails=[{"size": 256, "url": f"/api/thumbnails/{_CONTENT}/256"}],
        producers=[
            {
                "asset": "exif",
                "producer_id": _PRODUCER,
                "code_version": "1",
                "model": None,
                "parameters": {},
                "active": True,
            }
        ],
        problems=[],
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
    producers: list[ImageProducer]
    problems: list[ImageProblem]


class Library(BaseModel):
    """A named root on the NAS."""

    model_config = _example(
        library="photos",
        root="/mnt/nas/photos",
        state="reachable",
        reason=None,
        folders=15,
        files=412,
        images=300,
    )

    library: str
    root: str = Field(description="quoted")
    state: Literal["new", "reachable", "unreachable"]
    reason: str | None
    folders: int
    files: int
    images: int


class AssetFreshness(BaseModel):
    """How many contents of a folder one asset has done."""

    fresh: int
    stale: int
    failed: int
    waiting: int


class Folder(BaseModel):
    """A folder of a library, with how far each asset is."""

    model_config = _example(
        folder="photos/2024/beach",
        library="photos",
        path="2024/beach",
        name="beach",
        state="reachable",
        reason=None,
        file_count=24,
        images=20,
        scanned_at="2024-07-05T08:00:00Z",
        assets={"exif": {"fresh": 24, "stale": 0, "failed": 0, "waiting": 0}},
    )

    folder: str
    library: str
    path: str
    name: str
    state: Literal["reachable", "unreachable", "vanished"]
    reason: str | None
    file_count: int
    images: int
    scanned_at: Moment | None
    assets: dict[str, AssetFreshness]


class Problem(BaseModel):
    """Why an asset has no row for a content, or for a file it could not read."""

    asset: str
    subject: str
    content_id: ContentId | None
    file_id: UUID
    library: str
    folder: str
    path: str
    name: str
    reason: str
    permanent: bool
    attempts: int
    first_at: Moment
    last_at: Moment
    image_id: UUID | None


class ProblemPage(BaseModel):
    """A page of problems, latest first."""

    model_config = _example(
        problems=[
            {
                "asset": "thumbnails",
                "subject": _CONTENT,
                "content_id": _CONTENT,
                "file_id": _FILE,
                "library": "photos",
                "folder": "photos/2024/beach",
                "path": "2024/beach/broken.jpg",
                "name": "broken.jpg",
                "reason": "not a picture: truncated after the header",
                "permanent": True,
                "attempts": 1,
                "first_at": "2024-07-05T08:00:00Z",
                "last_at": "2024-07-05T08:00:00Z",
                "image_id": None,
            }
        ],
        next=None,
        count=1,
    )

    problems: list[Problem]
    next: str | None = Field(description="`after` of the next page")
    count: int = Field(ge=0, description="problems in all pages")


class Health(BaseModel):
    """The process answers."""

    model_config = _example(status="ok")

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The process can read the library."""

    model_config = _example(status="ready")

    status: Literal["ready"] = "ready"
