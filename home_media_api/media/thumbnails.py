"""Thumbnails on disk as answers."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from home_media_api.conditional import matches
from home_media_api.schemas.values import ThumbnailSize


@dataclass(frozen=True, slots=True)
class FoundThumbnail:
    """A thumbnail that exists, with its version on disk."""

    path: Path
    etag: str


def find(derived: Path, content_id: str, size: int) -> FoundThumbnail | None:
    """The largest thumbnail of a content in a class of at most `size` pixels."""
    folder = derived / "thumbnails" / content_id[:2] / content_id[2:4]
    for there in sorted((s.value for s in ThumbnailSize if s <= size), reverse=True):
        path = folder / f"{content_id}-{there}.jpg"
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        return FoundThumbnail(path, f'"{there}-{stat.st_mtime_ns:x}-{stat.st_size:x}"')
    return None


def answer(request: Request, found: FoundThumbnail) -> Response:
    """The thumbnail, or 304 when the client has it; bytes never change under a URL."""
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": found.etag,
    }
    if matches(request.headers.get("if-none-match"), found.etag):
        return Response(status_code=304, headers=headers)
    return FileResponse(found.path, headers=headers, media_type="image/jpeg")
