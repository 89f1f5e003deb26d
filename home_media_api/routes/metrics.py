"""Metrics: the one address outside /api that is not a page."""

from fastapi import APIRouter, Request, Response

from home_media_api.metrics import MEDIA_TYPE

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """Requests, connections and pipelines in numbers, for Prometheus."""
    body = request.app.state.metrics.show()
    return Response(body, media_type=None, headers={"Content-Type": MEDIA_TYPE})
