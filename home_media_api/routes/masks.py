"""Masks: the pixels of one object as a picture."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from home_media_api.deps import Pool
from home_media_api.errors import NotFoundError
from home_media_api.media import masks
from home_media_api.queries import detections
from home_media_api.routes.detections import DetectionId

router = APIRouter(prefix="/masks", tags=["vision"])


@router.get(
    "/{detection_id}.png",
    operation_id="get_mask",
    response_class=Response,
    responses={
        200: {
            "content": {"image/png": {"schema": {"type": "string"}}},
            "description": "a PNG of the whole picture: white on nothing",
        }
    },
)
def get_mask(request: Request, pool: Pool, detection_id: DetectionId) -> Response:
    """The mask of an object in the size of the picture that was looked at.

    Its pixels are opaque white, all others transparent.
    """
    with pool.connection() as conn:
        found = detections.mask(conn, detection_id)
    if found is None:
        raise NotFoundError("There is no mask of such a detection.")
    return masks.answer(request, found)
