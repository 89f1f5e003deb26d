"""Detections: the objects in an image, and objects like one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from home_media_api.deps import Limit, Pool
from home_media_api.errors import NotFoundError
from home_media_api.find import similar
from home_media_api.queries import detections
from home_media_api.routes.images import ImageId
from home_media_api.schemas.detections import ImageDetections
from home_media_api.schemas.hits import SimilarDetections

router = APIRouter(tags=["vision"])
DetectionId = Annotated[UUID, Path(examples=["3c1f8d0e-1b7a-5c55-8f64-0f6b8e1d2a3c"])]


@router.get("/images/{image_id}/detections", operation_id="get_detections")
def get_detections(pool: Pool, image_id: ImageId) -> ImageDetections:
    """The objects in an image with their masks, the surest first."""
    with pool.connection() as conn:
        found = detections.of_image(conn, image_id)
    if found is None:
        raise NotFoundError("There is no such image.")
    return found


@router.get("/detections/{detection_id}/similar", operation_id="get_similar_detections")
def get_similar_detections(
    pool: Pool, detection_id: DetectionId, limit: Limit = 60
) -> SimilarDetections:
    """Objects that look like this one, one per image, the most similar first."""
    with pool.connection() as conn:
        found = similar.detections(conn, detection_id, limit=limit)
    if found is None:
        raise NotFoundError("There is no such detection.")
    return SimilarDetections(detections=found)
