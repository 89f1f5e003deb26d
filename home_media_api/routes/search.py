"""Search: by words or by a picture."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Query, UploadFile

from home_media_api.bounded_route import BoundedRoute
from home_media_api.deps import (
    FromMeaning,
    FromUploads,
    Limit,
    Pool,
    WithQuestionButWords,
)
from home_media_api.description import answer
from home_media_api.find import search
from home_media_api.limits import largest_picture
from home_media_api.media.uploads import crop
from home_media_api.schemas.search import SearchResult
from home_media_api.schemas.values import Box, Text

router = APIRouter(prefix="/search", tags=["vision"])
by_picture = APIRouter(route_class=BoundedRoute)


@router.get("", operation_id="search")
def search_words(
    pool: Pool,
    encoder: FromMeaning,
    question: WithQuestionButWords,
    q: Annotated[
        Text, Query(description="what to find", examples=["truck on a beach"])
    ],
    limit: Limit = 60,
) -> SearchResult:
    """What these words mean: by the taxonomy, by words, then by what pictures show.

    Each band has at most `limit` images. Filters combine, as on the timeline.
    """
    return search.by_text(pool, encoder, question, q, limit=limit)


@by_picture.post(
    "/image",
    operation_id="search_image",
    responses={
        400: answer("the form is malformed"),
        403: answer("the request comes from a page elsewhere"),
        408: answer("the body did not arrive in time"),
        411: answer("the length of the body is not given"),
        413: answer("the picture is too large"),
        415: answer("the file is no picture we search with"),
    },
)
def search_image(
    pool: Pool,
    encoder: FromMeaning,
    uploads: FromUploads,
    question: WithQuestionButWords,
    window: Annotated[Box | None, Depends(crop)],
    file: Annotated[
        UploadFile,
        File(description=f"a picture of at most {largest_picture()}; it is not kept"),
    ],
    limit: Limit = 60,
) -> SearchResult:
    """What looks like a picture, or like the part of it given by x, y, width, height.

    The picture is decoded, compared and forgotten.
    """
    return search.by_picture(
        pool, encoder, question, uploads.open(file.file, window), limit=limit
    )


router.include_router(by_picture)
