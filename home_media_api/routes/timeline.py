"""The timeline: what there is by month, then bucket by bucket."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from home_media_api.conditional import revalidated
from home_media_api.deps import Bucket, Pool, WithQuestion
from home_media_api.find import buckets, timeline
from home_media_api.schemas.timeline import Timeline, TimelineBucket

router = APIRouter(prefix="/timeline", tags=["timeline"])


@router.get("", operation_id="get_timeline", response_model=Timeline)
def get_timeline(request: Request, pool: Pool, question: WithQuestion) -> Response:
    """Buckets of at most 500 images, newest first; a long month has several."""
    with pool.connection() as conn:
        days = timeline.days(conn, question)
        crowded = buckets.crowded(days)
        parts = timeline.parts(conn, question, crowded) if crowded else []
    body = buckets.cut(days, parts).model_dump_json().encode()
    return revalidated(request, body)


@router.get(
    "/{bucket}", operation_id="get_timeline_bucket", response_model=TimelineBucket
)
def get_timeline_bucket(
    request: Request,
    pool: Pool,
    bucket: Annotated[Bucket, Path()],
    question: WithQuestion,
) -> Response:
    """The images of one bucket by column, newest first.

    Pass the filters that `/timeline` was asked with. A key stays good when images are
    added or removed: it stands for a stretch of time, not for a count.
    """
    with pool.connection() as conn:
        columns = timeline.columns(conn, buckets.parse(bucket), question)
    return revalidated(request, columns)
