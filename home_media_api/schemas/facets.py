"""What the library can be filtered by."""

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import example


class Facet(BaseModel):
    """A value to filter by."""

    value: str = Field(examples=["Canon EOS R5"])
    count: int = Field(ge=1)


class Facets(BaseModel):
    """What the library can be filtered by, most frequent first."""

    model_config = example(
        cameras=[{"value": "Canon EOS R5", "count": 1200}],
        lenses=[{"value": "RF24-105mm F4 L IS USM", "count": 800}],
        kinds=[{"value": "picture", "count": 1150}, {"value": "video", "count": 50}],
    )

    cameras: list[Facet]
    lenses: list[Facet]
    kinds: list[Facet]
