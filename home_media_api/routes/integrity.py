"""Integrity: whether originals still hold the bytes that were recorded of them."""

from typing import Annotated

from fastapi import APIRouter, Query

from home_media_api.deps import AfterDamage, Limit, Pool
from home_media_api.queries import integrity
from home_media_api.schemas.integrity import DamagePage, Integrity

router = APIRouter(prefix="/integrity", tags=["libraries"])


@router.get("", operation_id="read_integrity")
def read_integrity(pool: Pool) -> Integrity:
    """How all originals together stand."""
    with pool.connection() as conn:
        return integrity.totals(conn)


@router.get("/damage", operation_id="list_damage")
def list_damage(
    pool: Pool,
    after: Annotated[AfterDamage | None, Query()] = None,
    limit: Limit = 100,
) -> DamagePage:
    """The next `limit` damaged originals, latest first."""
    with pool.connection() as conn:
        return integrity.damage(conn, after=after, limit=limit)
