"""Facets: what the library can be filtered by."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.queries import facets
from home_media_api.schemas.facets import Facets

router = APIRouter(prefix="/facets", tags=["images"])


@router.get("", operation_id="get_facets")
def get_facets(pool: Pool) -> Facets:
    """Cameras, lenses and kinds with how many images each has."""
    with pool.connection() as conn:
        return facets.count(conn)
