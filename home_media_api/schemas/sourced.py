"""Values of an image, each with where it comes from."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

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
    taken_at_precision: SourcedText | None = Field(
        None, description="what of taken_at is known: year, month, day, minute …"
    )
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
