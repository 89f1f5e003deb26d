"""Originals, opened for reading below their root and nowhere else."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from home_media_api.queries.files import FileRow, MotionRow
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
    """A file open for reading, with what it was when it was opened.

    What is served of it are `length` bytes from `offset`: all, or one part of it.
    """

    stream: BinaryIO
    size: int
    mtime_ns: int
    etag: str
    offset: int
    length: int


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
    return Original(stream, now.st_size, now.st_mtime_ns, etag, 0, now.st_size)


def answer(request: Request, row: FileRow) -> Response:
    """The file, the range asked for, or 304; never as a page that could run.

    A damaged file is somebody's still: it is served, and DAMAGED says since when.

    Raises:
        UnavailableError, NotFoundError: as `open_below` says.
        UnsatisfiableRangeError: the range lies beyond the file's end.
    """
    original = open_below(Path(unquote_path(row.root)), row.path)
    return _serve(request, row, original, _MIME.get(row.format or "", _ASIDE))


def answer_motion(request: Request, row: MotionRow) -> Response:
    """The film of an image, as `answer` does: a file, or exactly its bytes in one.

    Raises:
        UnavailableError, UnsatisfiableRangeError: as `answer` says.
        NotFoundError: nothing to serve is there, or no film where it was found.
    """
    if row.motion_offset is None or row.motion_length is None:
        return answer(request, row)
    original = open_below(Path(unquote_path(row.root)), row.path)
    film = replace(
        original,
        etag=f'{original.etag[:-1]}-{row.motion_offset:x}-{row.motion_length:x}"',
        offset=row.motion_offset,
        length=row.motion_length,
    )
    if not _holds_film(film):
        original.stream.close()
        raise NotFoundError("The picture's file no longer holds its film.")
    return _serve(request, row, film, "video/mp4")


def _holds_film(film: Original) -> bool:
    """Whether all of it lies within the file, and begins as a film does."""
    if film.offset + film.length > film.size:
        return False
    film.stream.seek(film.offset)
    return film.stream.read(8)[4:] == b"ftyp"


def _serve(
    request: Request, row: FileRow, original: Original, media_type: str
) -> Response:
    headers = {
        "ETag": original.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'",
        "Content-Disposition": disposition(row, media_type),
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
    start, end = asked or (0, original.length)
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{original.length}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        original.stream.close()
        body: Iterator[bytes] = iter(())
    else:
        at = original.offset
        body = _read(original.stream, at + start, at + end)
    return StreamingResponse(body, 206 if asked else 200, headers, media_type)


def disposition(row: FileRow, media_type: str) -> str:
    """How a browser names and shows the file (RFC 6266, RFC 5987)."""
    name = display_name(row.path)
    if media_type != _MIME.get(row.format or "", _ASIDE):
        name += ".mp4"  # a film out of a picture
    plain = re.sub(r"[^ !#-&(-\[\]-~]|%", "_", name)
    kind = "attachment" if media_type == _ASIDE else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _asked(request: Request, original: Original) -> tuple[int, int] | None:
    """Start and end, exclusive, of the one range to send; null means all of it."""
    size = original.length
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
