"""Files and contents that an asset could not do."""

from uuid import UUID

from pydantic import BaseModel, Field

from home_media_api.schemas.examples import CONTENT, FILE, example
from home_media_api.schemas.values import ContentId, Moment


class Problem(BaseModel):
    """Why an asset has no row for a content, or for a file it could not read."""

    asset: str
    subject: str
    content_id: ContentId | None
    file_id: UUID
    library: str
    folder: str
    path: str
    name: str
    reason: str
    permanent: bool
    attempts: int
    first_at: Moment
    last_at: Moment
    image_id: UUID | None


class ProblemPage(BaseModel):
    """A page of problems, latest first."""

    model_config = example(
        problems=[
            {
                "asset": "thumbnails",
                "subject": CONTENT,
                "content_id": CONTENT,
                "file_id": FILE,
                "library": "photos",
                "folder": "photos/2024/beach",
                "path": "2024/beach/broken.jpg",
                "name": "broken.jpg",
                "reason": "not a picture: truncated after the header",
                "permanent": True,
                "attempts": 1,
                "first_at": "2024-07-05T08:00:00Z",
                "last_at": "2024-07-05T08:00:00Z",
                "image_id": None,
            }
        ],
        next=None,
        count=1,
    )

    problems: list[Problem]
    next: str | None = Field(description="`after` of the next page")
    count: int = Field(ge=0, description="problems in all pages")
