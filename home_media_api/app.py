"""The application: routes under /api, the built gallery everywhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from home_media_api import description, guard, static
from home_media_api.deps import open_pool
from home_media_api.encoder.network import opener
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.errors import answer_with_problems
from home_media_api.media.uploads import Uploads
from home_media_api.metrics import Measured, Metrics
from home_media_api.routes import (
    agents,
    detections,
    facets,
    folders,
    health,
    images,
    integrity,
    labels,
    libraries,
    masks,
    metrics,
    models,
    originals,
    problems,
    search,
    taxa,
    thumbnails,
    timeline,
)
from home_media_api.settings import Settings

_ROOMS = (
    timeline,
    images,
    originals,
    facets,
    thumbnails,
    search,
    detections,
    masks,
    taxa,
    labels,
    models,
    agents,
    libraries,
    folders,
    integrity,
    problems,
    health,
)


_NO_TELEMETRY: TelemetryConfig = {
    "auto_configure": False,  # whatever the environment says
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool.open(wait=False)
    app.state.encoder.warm(app.state.pool)
    yield
    app.state.uploads.close()
    app.state.pool.close()


def create_app(settings: Settings) -> FastAPI:
    """The API and the gallery; starts without a database and waits for it."""
    app = FastAPI(
        title="Home media",
        version="1",
        description=description.TEXT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        lifespan=_lifespan,
        responses=description.PROBLEMS,
    )
    app.state.settings = settings
    app.state.pool = open_pool(settings)
    app.state.encoder = QueryEncoder(opener(settings.weights))
    app.state.uploads = Uploads()
    app.state.metrics = Metrics(app.state.pool)
    api = APIRouter(prefix="/api")
    for room in _ROOMS:
        api.include_router(room.router)
    app.include_router(api)
    app.include_router(metrics.router)
    answer_with_problems(app)
    description.describe(app)
    static.serve(app, settings.gallery)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=1024,
        compresslevel=3,
        exclude_content_types=(
            *DEFAULT_EXCLUDED_CONTENT_TYPES,
            "application/octet-stream",
            "image/*",
        ),
    )
    app.add_middleware(guard.Guard, hosts=settings.api_hosts)
    app.add_middleware(Measured, metrics=app.state.metrics)
    return app
