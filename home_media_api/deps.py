"""What routes ask for: the database, settings, filters and cursors."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import AfterValidator, Field

from home_media_api import buckets, cursors
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.filters import Filters
from home_media_api.media.uploads import Uploads
from home_media_api.schemas.values import BucketKey, Kind, TaxonPath
from home_media_api.settings import Settings

_NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=_NO_NUL)]
FolderKey = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NUL)]
LibraryName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", examples=["photos"])
]
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


async def _without_words(
    since: Annotated[
        date | None,
        Query(alias="from", description="first local day", examples=["2024-07-01"]),
    ] = None,
    until: Annotated[
        date | None,
        Query(alias="to", description="last local day", examples=["2024-07-31"]),
    ] = None,
    folder: Annotated[
        FolderKey | None,
        Query(
            description="a folder and everything below it",
            examples=["photos/2024/beach"],
        ),
    ] = None,
    library: Annotated[LibraryName | None, Query()] = None,
    camera: Annotated[
        Text | None,
        Query(
            description="make and model, as `/facets` lists it",
            examples=["Canon EOS R5"],
        ),
    ] = None,
    lens: Annotated[Text | None, Query(description="as `/facets` lists it")] = None,
    kind: Annotated[Kind | None, Query()] = None,
    has_gps: Annotated[bool | None, Query(description="has a place on earth")] = None,
    rating: Annotated[int | None, Query(ge=-1, le=5, description="at least")] = None,
    taxon: Annotated[
        TaxonPath | None, Query(description="it or anything below it")
    ] = None,
    label: Annotated[
        Text | None, Query(description="of a detection, as `/labels` lists it")
    ] = None,
) -> Filters:
    return Filters(
        since,
        until,
        kind,
        folder,
        library,
        camera,
        lens,
        has_gps,
        rating,
        taxon,
        label,
    )


WithFiltersButWords = Annotated[Filters, Depends(_without_words)]


async def _filters(
    filters: WithFiltersButWords,
    q: Annotated[
        Text | None,
        Query(
            description="words, or their beginnings, in name, title or keywords",
            examples=["beach dog"],
        ),
    ] = None,
) -> Filters:
    return replace(filters, q=q)


WithFilters = Annotated[Filters, Depends(_filters)]


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
