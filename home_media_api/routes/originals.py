"""Originals: the bytes on the NAS, read and never anything else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from home_media_api.deps import Pool
from home_media_api.errors import NotFoundError
from home_media_api.media import originals
from home_media_api.queries import files
from home_media_api.routes.images import ImageId

router = APIRouter(prefix="/images", tags=["images"])
_BYTES = {
    "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    "headers": {
        originals.DAMAGED: {
            "description": "the file is damaged: when other bytes were found in it",
            "schema": {"type": "string", "format": "date-time"},
        }
    },
}


@router.head("/{image_id}/original", include_in_schema=False)
@router.get(
    "/{image_id}/original",
    operation_id="get_original",
    response_class=StreamingResponse,
    responses={
        200: {**_BYTES, "description": "the whole file, in its own media type"},
        206: {**_BYTES, "description": "the range asked for"},
        416: {"description": "the range lies beyond the file's end"},
    },
)
def get_original(
    request: Request,
    pool: Pool,
    image_id: ImageId,
    file_id: Annotated[
        UUID | None, Query(description="a file of the image; default: its primary")
    ] = None,
) -> Response:
    """The primary file of an image, or another of its files; ranges are served.

    Of a damaged primary an intact copy is served, if the image has one.
    """
    with pool.connection() as conn:
        row = files.of_image(conn, image_id, file_id=file_id)
    if row is None:
        raise NotFoundError("There is no such file of such an image.")
    return originals.answer(request, row)


@router.head("/{image_id}/motion", include_in_schema=False)
@router.get(
    "/{image_id}/motion",
    operation_id="get_motion",
    response_class=StreamingResponse,
    responses={
        200: {**_BYTES, "description": "the whole film, in its own media type"},
        206: {**_BYTES, "description": "the range asked for"},
        416: {"description": "the range lies beyond the film's end"},
    },
)
def get_motion(request: Request, pool: Pool, image_id: ImageId) -> Response:
    """The film a camera took along with a picture; ranges are served.

    It lies in the picture's file, of which exactly these bytes are sent, or beside it.
    """
    with pool.connection() as conn:
        row = files.motion_of_image(conn, image_id)
    if row is None:
        raise NotFoundError("There is no such image, or it has no film.")
    return originals.answer_motion(request, row)
