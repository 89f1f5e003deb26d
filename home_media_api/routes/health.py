"""Health: whether the process answers, whether it can read the library."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.errors import UnavailableError
from home_media_api.queries import health
from home_media_api.schemas.health import Health, Ready

router = APIRouter(tags=["health"])


@router.get("/health", operation_id="get_health")
async def get_health() -> Health:
    """The process answers; says nothing about the database, and waits for nothing."""
    return Health()


@router.get("/ready", operation_id="get_ready")
def get_ready(pool: Pool) -> Ready:
    """The database answers and has the views this version reads; else 503."""
    with pool.connection() as conn:
        migrated = health.is_migrated(conn)
    if not migrated:
        raise UnavailableError("The database is not set up for this version.")
    return Ready()
