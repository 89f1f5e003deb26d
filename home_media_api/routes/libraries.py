"""Libraries: the named roots."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.queries import libraries
from home_media_api.schemas.libraries import Library

router = APIRouter(prefix="/libraries", tags=["libraries"])


@router.get("", operation_id="list_libraries")
def list_libraries(pool: Pool) -> list[Library]:
    """Every library with its state and size, by name."""
    with pool.connection() as conn:
        return libraries.list_all(conn)
