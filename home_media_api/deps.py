"""What routes ask for: the database, settings, the question and cursors."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from inspect import Signature, signature
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import AfterValidator, Field

from home_media_api import cursors
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.find import buckets
from home_media_api.find.question import Question
from home_media_api.media.uploads import Uploads
from home_media_api.schemas.values import BucketKey
from home_media_api.settings import Settings

Limit = Annotated[int, Query(ge=1, le=500, description="rows in a page")]


def open_pool(settings: Settings) -> ConnectionPool:
    """A pool of read-only connections that mends itself; it is not opened yet."""
    milliseconds = round(settings.api_statement_timeout * 1000)
    return ConnectionPool(
        settings.database_url,
        min_size=1,
        max_size=settings.api_pool_size,
        timeout=settings.api_pool_timeout,
        reconnect_timeout=settings.api_pool_timeout,
        check=ConnectionPool.check_connection,
        kwargs={
            "autocommit": True,
            "application_name": "api",
            "connect_timeout": 3,
            "options": "-c default_transaction_read_only=on -c jit=off"
            " -c work_mem=32MB -c hash_mem_multiplier=8"
            " -c timezone=UTC -c plan_cache_mode=force_custom_plan"
            " -c random_page_cost=1.1"  # what is asked for often is in memory
            " -c max_parallel_workers_per_gather=0"  # to start one takes too long
            f" -c statement_timeout={milliseconds}",
        },
        open=False,
    )


async def _pool(request: Request) -> ConnectionPool[Connection]:
    return request.app.state.pool


async def _settings(request: Request) -> Settings:
    return request.app.state.settings


Pool = Annotated[ConnectionPool[Connection], Depends(_pool)]
FromSettings = Annotated[Settings, Depends(_settings)]


async def _encoder(request: Request) -> QueryEncoder:
    return request.app.state.encoder


async def _uploads(request: Request) -> Uploads:
    return request.app.state.uploads


FromMeaning = Annotated[QueryEncoder, Depends(_encoder)]
FromUploads = Annotated[Uploads, Depends(_uploads)]


def _question(*, without: str = "") -> Callable[..., Awaitable[Question]]:
    """What makes a question of a request's parameters, one for each of its fields."""
    words = signature(Question).parameters.values()

    async def ask(**asked: Any) -> Question:
        return Question(**asked)

    ask.__signature__ = Signature([word for word in words if word.name != without])  # pyright: ignore[reportFunctionMemberAccess]
    return ask


WithQuestion = Annotated[Question, Depends(_question())]
WithQuestionButWords = Annotated[Question, Depends(_question(without="q"))]


def _place(text: str) -> str:
    (_,) = cursors.decode(text)
    return text


def _bucket(key: str) -> str:
    buckets.parse(key)
    return key


AfterImage = Annotated[
    str,
    AfterValidator(_place),
    Field(pattern=r"^[A-Za-z0-9_-]{32}$", description="`next` of the last page"),
]
Bucket = Annotated[BucketKey, AfterValidator(_bucket)]


def _after_problem(text: str) -> str:
    moment, _, _ = cursors.decode_texts(text, 3)
    datetime.fromisoformat(moment)
    return text


AfterProblem = Annotated[
    str,
    AfterValidator(_after_problem),
    Field(
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=600,
        description="`next` of the last page",
    ),
]


def _after_damage(text: str) -> str:
    moment, file_id = cursors.decode_texts(text, 2)
    datetime.fromisoformat(moment)
    UUID(file_id)
    return text


AfterDamage = Annotated[
    str,
    AfterValidator(_after_damage),
    Field(
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=200,
        description="`next` of the last page",
    ),
]
