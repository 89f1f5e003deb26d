"""Folders: the partitions, with how far each asset is."""

from typing import Annotated

from fastapi import APIRouter, Query

from home_media_api.deps import Pool
from home_media_api.queries import folders
from home_media_api.schemas.libraries import Folder
from home_media_api.schemas.values import LibraryName

router = APIRouter(prefix="/folders", tags=["libraries"])


@router.get("", operation_id="list_folders")
def list_folders(
    pool: Pool, library: Annotated[LibraryName | None, Query()] = None
) -> list[Folder]:
    """Every folder of a library, or of all, by key."""
    with pool.connection() as conn:
        return folders.list_all(conn, library=library)
