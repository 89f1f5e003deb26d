"""Whether the process answers."""

from typing import Literal

from pydantic import BaseModel

from home_media_api.schemas.examples import example


class Health(BaseModel):
    """The process answers."""

    model_config = example(status="ok")

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The process can read the library."""

    model_config = example(status="ready")

    status: Literal["ready"] = "ready"
