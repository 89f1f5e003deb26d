"""Labels: the words of the detector."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.queries import detections
from home_media_api.schemas.detections import Label

router = APIRouter(prefix="/labels", tags=["vision"])


@router.get("", operation_id="list_labels")
def list_labels(pool: Pool) -> list[Label]:
    """Every label that some image has, most frequent first."""
    with pool.connection() as conn:
        return detections.labels(conn)
