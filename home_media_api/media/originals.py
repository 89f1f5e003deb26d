"""Originals, opened for reading below their root and nowhere else."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from home_media_api.conditional import matches
from home_media_api.errors import (
    NotFoundError,
    UnavailableError,
    UnsatisfiableRangeError,
)
from home_media_api.queries.files import FileRow
from home_media_pipelines.core.errors import PathError
from home_media_pipelines.core.inventory.formats import FORMATS
from home_media_pipelines.core.inventory.paths import display_name, locate, unquote_path

DAMAGED = "X-Original-Damaged"
"""Header: when the file was found to have other bytes than it came with."""

_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})$")
_MIME = {
    known.name: known.mime
    for known in FORMATS.values()
    if known.mime.startswith(("image/", "video/")) and known.mime != "image/svg+xml"
}
_ASIDE = "application/octet-stream"
_STEP = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LAST = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Original:
    """A file open for reading, with what it was when it was opened."""

    stream: BinaryIO
    size: int
    mtime_ns: int
    etag: str


def open_below(root: Path, quoted: str) -> Original:
    """Open a regular file that really lies below `root`.

    Symlinks are resolved first and must not lead out; the resolved path is then
    walked from the root without following any, so that a path swapped in between
    is refused.

    Raises:
        UnavailableError: the root cannot be read now.
        NotFoundError: nothing to serve is there.
    """
    try:
        top = root.resolve(strict=True)
        step = os.open(top, _STEP)
    except OSError as error:
        raise UnavailableError(
            "The library cannot be reached now. Is its disk or share connected?",
            {"Retry-After": "30"},
        ) from error
    try:
        *parents, name = locate(top, quoted).resolve().relative_to(top).parts
        for parent in parents:
            above, step = step, os.open(parent, _STEP, dir_fd=step)
            os.close(above)
        opened = os.open(name, _LAST, dir_fd=step)
    except (OSError, ValueError, RuntimeError, PathError) as error:
        raise NotFoundError("The file is no longer where it was.") from error
    finally:
        os.close(step)
    now = os.fstat(opened)
    if not stat.S_ISREG(now.st_mode):
        os.close(opened)
        raise NotFoundError("The file is no longer a file.")
    stream = os.fdopen(opened, "rb", buffering=0)
    # The status time too: a file brought back in place may keep all the others.
    etag = f'"{now.st_ino:x}-{now.st_mtime_ns:x}-{now.st_ctime_ns:x}-{now.st_size:x}"'
    return Original(stream, now.st_size, now.st_mtime_ns, etag)


def answer(request: Request, row: FileRow) -> Response:
    """The file, the range asked for, or 304; never as a page that could run.

    A damaged file is somebody's still: it is served, and DAMAGED says since when.

    Raises:
        UnavailableError, NotFoundError: as `open_below` says.
        UnsatisfiableRangeError: the range lies beyond the file's end.
    """
    original = open_below(Path(unquote_path(row.root)), row.path)
    headers = {
        "ETag": original.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'",
        "Content-Disposition": disposition(row),
    }
    as_found = (original.size, original.mtime_ns) == (row.size, row.mtime_ns)
    if row.damaged_at and as_found:
        headers[DAMAGED] = row.damaged_at.isoformat()
    if matches(request.headers.get("if-none-match"), original.etag):
        original.stream.close()
        return Response(status_code=304, headers=headers)
    try:
        asked = _asked(request, original)
    except UnsatisfiableRangeError:
        original.stream.close()
        raise
    start, end = asked or (0, original.size)
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{original.size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        original.stream.close()
    body = iter(()) if request.method == "HEAD" else _read(original.stream, start, end)
    media_type = _MIME.get(row.format or "", _ASIDE)
    return StreamingResponse(body, 206 if asked else 200, headers, media_type)


def disposition(row: FileRow) -> str:
    """How a browser names and shows the file (RFC 6266, RFC 5987)."""
    name = display_name(row.path)
    plain = re.sub(r"[^ !#-&(-\[\]-~]|%", "_", name)
    kind = "inline" if row.format in _MIME else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _asked(request: Request, original: Original) -> tuple[int, int] | None:
    """Start and end, exclusive, of the one range to send; null means all of it."""
    size = original.size
    condition = request.headers.get("if-range")
    found = _RANGE.match(request.headers.get("range", "").replace(" ", "").lower())
    if found is None or not any(found.groups()):
        return None
    if condition is not None and condition != original.etag:
        return None
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return None
    if start >= end:
        raise UnsatisfiableRangeError(
            "The file ends before that range.",
            {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    return start, end


def _read(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with stream:
        stream.seek(start)
        while start < end and (chunk := stream.read(min(_CHUNK, end - start))):
            start += len(chunk)
            yield chunk
