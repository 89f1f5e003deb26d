"""Values that several nouns have."""

from enum import IntEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, WithJsonSchema

_NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=_NO_NUL)]
FolderKey = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NUL)]
LibraryName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", examples=["photos"])
]
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
Fraction = Annotated[float, Field(ge=0, le=1.0001)]
Box = Annotated[
    tuple[Fraction, Fraction, Fraction, Fraction],
    Field(description="x, y, width and height as fractions of the upright picture"),
]
Score = Annotated[float, Field(ge=0, le=1)]
TimeOffset = Annotated[
    float | None,
    Field(description="seconds from the beginning of a video; null in a picture"),
]
TaxonPath = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_]{1,60}(\.[A-Za-z0-9_]{1,60}){0,15}$",
        description="path from the root of the taxonomy",
        examples=["vehicle.truck"],
    ),
]
ProducerId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class ThumbnailSize(IntEnum):
    """The class of a thumbnail's long edge, pixels."""

    SMALL = 256
    MEDIUM = 512
    LARGE = 1024
    PREVIEW = 2048
