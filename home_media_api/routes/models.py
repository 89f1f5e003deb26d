"""Models: which look at the pictures, and how far they are."""

from fastapi import APIRouter

from home_media_api.deps import FromMeaning, Pool
from home_media_api.encoder.query_encoder import NOBODY
from home_media_api.queries import embedders, models
from home_media_api.schemas.models import ModelState

router = APIRouter(prefix="/models", tags=["vision"])


@router.get("", operation_id="list_models")
def list_models(pool: Pool, encoder: FromMeaning) -> list[ModelState]:
    """The assets that models make: who is read, who is being filled, how far."""
    with pool.connection() as conn:
        unread = encoder.reason(embedders.active(conn))
        return models.states(conn, nobody=NOBODY, unread=unread)
