"""Why a request got no answer."""

from typing import Literal

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import example


class FieldProblem(BaseModel):
    """One parameter that was refused."""

    field: str = Field(examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 500"])


class ProblemDetails(BaseModel):
    """Why a request got no answer (RFC 9457)."""

    model_config = example(
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
    largest: Literal[20_000_000] | None = Field(
        default=None,
        description="of a picture that was too large: bytes that it may have",
    )
