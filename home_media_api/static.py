"""The built gallery, served at / with strict headers."""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from home_media_api.conditional import matches

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY"}
_KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK = {"Cache-Control": "no-cache"}
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Home media</title>
<h1>The gallery is not built yet</h1>
<p>The API works: <a href="/api/health">/api/health</a>,
<a href="/api/openapi.json">/api/openapi.json</a>.</p>
<p>Build the gallery with <code>npm ci &amp;&amp; npm run build</code> in
<code>frontend/</code>, then reload this page.</p>
</html>
"""


def serve(app: FastAPI, gallery: Path) -> None:
    """Answer every GET outside /api with a file of the gallery, or its first page."""

    def page(request: Request, path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404)
        found = _file(gallery, path)
        if found is not None:
            hashed = path.startswith("assets/")
            return _answer(request, found, _KEEP if hashed else _ASK)
        if "." in path.rpartition("/")[2] or path.startswith("assets/"):
            raise HTTPException(404)
        index = _file(gallery, "index.html")
        if index is None:
            return HTMLResponse(_NOT_BUILT, 503, {**_HEADERS, **_ASK})
        return _answer(request, index, _ASK)

    app.add_api_route(
        "/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False
    )


def _file(gallery: Path, path: str) -> Path | None:
    if "\0" in path:
        return None
    try:
        found = (gallery / path).resolve()
        below = found.is_relative_to(gallery.resolve())
        return found if below and found.is_file() else None
    except OSError:
        return None


def _answer(request: Request, found: Path, caching: dict[str, str]) -> Response:
    stat = found.stat()
    etag = f'W/"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {**_HEADERS, **caching, "ETag": etag}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return FileResponse(found, headers=headers)
