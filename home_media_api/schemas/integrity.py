"""Whether originals still are what they were."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import CONTENT, FILE, IMAGE, example
from home_media_api.schemas.values import ContentId, Moment


class Integrity(BaseModel):
    """How many originals were read again and are unchanged, how many are damaged."""

    model_config = example(
        files=24,
        unchanged=23,
        damaged=1,
        unchanged_since="2024-07-05T08:00:00Z",
        verified_at="2026-11-01T03:12:00Z",
    )

    files: int = Field(ge=0)
    unchanged: int = Field(ge=0, description="read again, and the same")
    damaged: int = Field(ge=0)
    unchanged_since: Moment | None = Field(
        description="of the file known longest; the others since they came"
    )
    verified_at: Moment | None = Field(
        description="when the file was read whose reading is longest ago"
    )

    @classmethod
    def nothing(cls) -> Self:
        """Where there are no files."""
        return cls(
            files=0, unchanged=0, damaged=0, unchanged_since=None, verified_at=None
        )


class Damage(BaseModel):
    """What is wrong with an original whose bytes changed by themselves."""

    found: ContentId = Field(description="the bytes it has")
    reason: str
    damaged_at: Moment = Field(description="when that was first seen")
    intact_at: Moment | None = Field(description="when it was last seen intact")
    copy_: str | None = Field(
        alias="copy",
        description="another file with the bytes it should have: library/quoted path",
    )


class DamagedFile(Damage):
    """An original whose bytes changed while its size and time did not."""

    file_id: UUID
    library: str
    folder: str
    path: str = Field(description="quoted, relative to the library's root")
    name: str
    size: int
    content_id: ContentId = Field(description="the bytes it should have")
    image_id: UUID | None


class DamagePage(BaseModel):
    """A page of damaged originals, latest first."""

    model_config = example(
        damage=[
            {
                "file_id": FILE,
                "library": "photos",
                "folder": "photos/2024/beach",
                "path": "2024/beach/DSC_0412.JPG",
                "name": "DSC_0412.JPG",
                "size": 4201337,
                "content_id": CONTENT,
                "found": CONTENT[::-1],
                "reason": "its bytes changed, its size and time did not",
                "damaged_at": "2026-11-01T03:12:00Z",
                "intact_at": "2026-10-01T03:10:00Z",
                "image_id": IMAGE,
                "copy": "archive/2024/beach/DSC_0412.JPG",
            }
        ],
        next=None,
        count=1,
    )

    damage: list[DamagedFile]
    next: str | None = Field(description="`after` of the next page")
    count: int = Field(ge=0, description="damaged files in all pages")
