"""Images: pages of them, and everything about one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from home_media_api import cursors
from home_media_api.deps import AfterImage, Limit, Pool, WithQuestion
from home_media_api.errors import NotFoundError
from home_media_api.find import pages, similar
from home_media_api.queries import images
from home_media_api.schemas.hits import SimilarImages
from home_media_api.schemas.image_detail import ImageDetail
from home_media_api.schemas.images import ImagePage

router = APIRouter(prefix="/images", tags=["images"])
ImageId = Annotated[UUID, Path(examples=["0b9f4a52-6f0e-5d3b-9a36-3f2f6a1c8e10"])]


@router.get("", operation_id="list_images")
def list_images(
    pool: Pool,
    question: WithQuestion,
    after: Annotated[AfterImage | None, Query()] = None,
    limit: Limit = 100,
) -> ImagePage:
    """The next `limit` images, newest first."""
    (place,) = cursors.decode(after) if after else (None,)
    with pool.connection() as conn:
        return pages.page(conn, question, after=place, limit=limit)


@router.get("/{image_id}", operation_id="get_image")
def get_image(pool: Pool, image_id: ImageId) -> ImageDetail:
    """Everything about one image, each value with its source."""
    with pool.connection() as conn:
        found = images.detail(conn, image_id)
    if found is None:
        raise NotFoundError("There is no such image.")
    return found


@router.get("/{image_id}/similar", operation_id="get_similar_images")
def get_similar_images(
    pool: Pool, image_id: ImageId, limit: Limit = 60
) -> SimilarImages:
    """Images that look like this one, the most similar first."""
    with pool.connection() as conn:
        found = similar.images(conn, image_id, limit=limit)
    if found is None:
        raise NotFoundError("There is no such image.")
    return SimilarImages(images=found)
