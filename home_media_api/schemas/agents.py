"""The machines with a graphics card, and what waits for them."""

from typing import Literal

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import example
from home_media_api.schemas.values import Moment


class Agent(BaseModel):
    """A machine with a graphics card, as it was seen last."""

    model_config = example(
        agent="alienware",
        state="unreachable",
        reason="unreachable",
        detail=None,
        since="2024-07-05T19:14:00Z",
        seen_at="2024-07-05T20:02:30Z",
        gpu_name="NVIDIA GeForce RTX 4090 Laptop GPU",
        gpu_memory=17171480576,
        image="home-media-worker:0.1.0",
        image_version="0.1.0",
        engine="27.5.1",
        runs=[],
        runs_at_once=1,
        woken_at=None,
    )

    agent: str = Field(description="what people call it")
    state: Literal["ready", "unready", "unreachable", "unknown"] = Field(
        description="unready: it is there, but nothing can run on it; unknown: nobody "
        "has looked for three minutes"
    )
    reason: str | None = Field(description="why nothing can run there; null if it can")
    detail: str | None = Field(description="the same, as the machine put it")
    since: Moment | None = Field(description="it has been like that; null: never seen")
    seen_at: Moment | None = Field(description="when we last looked")
    gpu_name: str | None = Field(description="of the first card, as last known")
    gpu_memory: int | None = Field(ge=0, description="of that card, in bytes")
    image: str | None = Field(description="what runs there")
    image_version: str | None = Field(description="what the image says of itself")
    engine: str | None = Field(description="version of its Docker engine")
    runs: list[str] = Field(description="Dagster runs whose containers are at work")
    runs_at_once: int = Field(ge=1, description="how many it takes")
    woken_at: Moment | None = Field(description="when it was last called to wake up")


class GpuQueue(BaseModel):
    """What waits for the agents, as of the last look."""

    model_config = example(
        at="2024-07-05T20:02:30Z",
        queued=2,
        running=0,
        folders=40,
        contents=1204,
        seconds_left=5400.0,
        reason="waiting for GPU: alienware unreachable since 21:14",
    )

    at: Moment
    queued: int = Field(ge=0, description="runs that wait")
    running: int = Field(ge=0, description="runs at work")
    folders: int = Field(ge=0, description="with something no network has seen")
    contents: int = Field(ge=0, description="in them, that no network has seen")
    seconds_left: float | None = Field(
        ge=0,
        description="how long the agents take for that, by how fast they were lately; "
        "null while nobody knows",
    )
    reason: str | None = Field(
        description="what the runs wait for, with the time on the server's clock; null "
        "while they get on"
    )


class AgentsState(BaseModel):
    """All agents, and their queue."""

    agents: list[Agent] = Field(description="none: networks run on the server itself")
    queue: GpuQueue | None = Field(description="null without agents")
