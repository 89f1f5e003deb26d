"""Folders: the tree of them, and the partitions with how far each asset is."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from home_media_api.conditional import revalidated
from home_media_api.deps import Limit, Pool
from home_media_api.queries import folders
from home_media_api.schemas.libraries import FolderNode, FolderPage
from home_media_api.schemas.values import FolderKey, LibraryName

router = APIRouter(prefix="/folders", tags=["libraries"])
_NODES = TypeAdapter(list[FolderNode])


@router.get("", operation_id="list_folders")
def list_folders(
    pool: Pool,
    library: Annotated[LibraryName | None, Query()] = None,
    after: Annotated[
        FolderKey | None, Query(description="`next` of the last page")
    ] = None,
    limit: Limit = 20,
) -> FolderPage:
    """The next `limit` folders of a library, or of all, by key."""
    with pool.connection() as conn:
        return folders.page(conn, library=library, after=after, limit=limit)


@router.get("/tree", operation_id="read_folder_tree", response_model=list[FolderNode])
def read_folder_tree(
    request: Request,
    pool: Pool,
    parent: Annotated[
        FolderKey | None, Query(description="a `folder` of the tree; none: its roots")
    ] = None,
) -> Response:
    """The directories directly below one; the libraries, if none is named."""
    with pool.connection() as conn:
        if parent is None:
            found = folders.roots(conn)
        else:
            found = folders.children(conn, parent)
    return revalidated(request, _NODES.dump_json(found))
