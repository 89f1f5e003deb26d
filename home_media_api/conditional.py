"""Answers a client may keep and ask about again: ETag and 304."""

from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response


def matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names `etag`, weakly compared (RFC 9110)."""
    if header is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def revalidated(request: Request, body: bytes) -> Response:
    """`body` as JSON, or 304 when the client already has it."""
    etag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
