"""Taxa: the tree of names."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.queries import taxa
from home_media_api.schemas.taxa import Taxon

router = APIRouter(prefix="/taxa", tags=["vision"])


@router.get("", operation_id="list_taxa")
def list_taxa(pool: Pool) -> list[Taxon]:
    """The whole tree with how many images show each node, parents first."""
    with pool.connection() as conn:
        return taxa.tree(conn)
