"""What a search answers: two bands that end."""

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import PRODUCER, example
from home_media_api.schemas.hits import HIT, Hit
from home_media_api.schemas.values import ProducerId, TaxonPath


class FoundTaxon(BaseModel):
    """What the words were taken to mean."""

    taxon: TaxonPath
    name: str = Field(examples=["Truck"])
    count: int = Field(ge=0, description="images that show it or anything below")


class ModelProducer(BaseModel):
    """Which model, and who ran it."""

    model: str | None = Field(examples=["siglip2-b16-256"])
    producer_id: ProducerId


class SearchResult(BaseModel):
    """What was found, best first; both bands end, and are empty when nothing fits."""

    model_config = example(
        query="truck on a beach",
        taxon={"taxon": "vehicle.truck", "name": "Truck", "count": 12},
        producer={"model": "siglip2-b16-256", "producer_id": PRODUCER},
        reason=None,
        likely=[HIT],
        possible=[],
    )

    query: str | None = Field(description="null when a picture was asked with")
    taxon: FoundTaxon | None
    producer: ModelProducer | None = Field(
        description="whose vectors were compared; null when meaning was not searched"
    )
    reason: str | None = Field(
        description="why meaning was not searched, for people",
        examples=["The weights of siglip2-b16-256 are not on this machine."],
    )
    likely: list[Hit] = Field(
        description="by taxonomy, by words, then by meaning where it probably fits"
    )
    possible: list[Hit] = Field(description="by meaning, where it may fit")
