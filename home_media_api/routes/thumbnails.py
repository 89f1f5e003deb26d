"""Thumbnails: derived pictures, kept by clients for ever."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, Response

from home_media_api.deps import FromSettings
from home_media_api.errors import NotFoundError
from home_media_api.media import thumbnails
from home_media_api.schemas.values import ContentId, ThumbnailSize

router = APIRouter(prefix="/thumbnails", tags=["images"])


@router.head("/{content_id}/{size}", include_in_schema=False)
@router.get(
    "/{content_id}/{size}",
    operation_id="get_thumbnail",
    response_class=FileResponse,
    responses={
        200: {
            "content": {"image/jpeg": {"schema": {"type": "string"}}},
            "description": "a JPEG whose long edge is at most `size` pixels",
        }
    },
)
def get_thumbnail(
    request: Request,
    settings: FromSettings,
    content_id: Annotated[ContentId, Path()],
    size: Annotated[ThumbnailSize, Path(description="long edge, pixels")],
) -> Response:
    """The thumbnail of a content; of a small picture the largest there is."""
    found = thumbnails.find(settings.derived, content_id, size)
    if found is None:
        raise NotFoundError("There is no thumbnail of this content.")
    return thumbnails.answer(request, found)
