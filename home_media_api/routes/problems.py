"""Problems: files and contents that an asset could not do, and why."""

from typing import Annotated

from fastapi import APIRouter, Query

from home_media_api.deps import AfterProblem, Limit, Pool
from home_media_api.queries import problems
from home_media_api.schemas.problems import ProblemPage

router = APIRouter(prefix="/problems", tags=["libraries"])


@router.get("", operation_id="list_problems")
def list_problems(
    pool: Pool,
    after: Annotated[AfterProblem | None, Query()] = None,
    limit: Limit = 100,
) -> ProblemPage:
    """The next `limit` problems, latest first."""
    with pool.connection() as conn:
        return problems.page(conn, after=after, limit=limit)
