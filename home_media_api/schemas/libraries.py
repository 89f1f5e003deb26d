"""Libraries and their folders."""

from typing import Literal

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import example
from home_media_api.schemas.integrity import Integrity
from home_media_api.schemas.values import Moment


class Library(BaseModel):
    """A named root on the NAS."""

    model_config = example(
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


class FolderNode(BaseModel):
    """A directory of the tree, with what is in it and below."""

    model_config = example(
        folder="photos/2024",
        library="photos",
        name="2024",
        images=300,
        folders=12,
        unreachable=False,
        parent=True,
    )

    folder: str = Field(description="its key; a library's name for a root")
    library: str
    name: str = Field(description="quoted")
    images: int = Field(ge=0, description="in it and below")
    folders: int = Field(ge=0, description="that hold media, it and those below")
    unreachable: bool
    parent: bool = Field(description="whether there are directories below it")


class Folder(BaseModel):
    """A folder of a library, with how far each asset is."""

    model_config = example(
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
        integrity={
            "files": 24,
            "unchanged": 24,
            "damaged": 0,
            "unchanged_since": "2024-07-05T08:00:00Z",
            "verified_at": "2026-11-01T03:12:00Z",
        },
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
    integrity: Integrity | None = Field(description="null for a folder without files")


class FolderPage(BaseModel):
    """A page of folders, by key."""

    folders: list[Folder]
    next: str | None = Field(description="`after` of the next page")
