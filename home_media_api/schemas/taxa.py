"""The tree of names."""

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import example
from home_media_api.schemas.values import Score, TaxonPath

Names = dict[str, str]


class Taxon(BaseModel):
    """A node of the tree, with how many images show it."""

    model_config = example(
        taxon="vehicle.truck",
        parent="vehicle",
        names={"en": "Truck", "de": "Lastwagen"},
        own=12,
        total=15,
    )

    taxon: TaxonPath
    parent: TaxonPath | None
    names: Names = Field(description="by language")
    own: int = Field(ge=0, description="images of exactly this")
    total: int = Field(ge=0, description="images of this or anything below")


class ImageTaxon(BaseModel):
    """What an image shows, by the tree."""

    taxon: TaxonPath
    names: Names = Field(description="by language")
    source: str = Field(description="keyword or detection", examples=["detection"])
    score: Score | None = Field(description="of the surest detection, if one says so")
