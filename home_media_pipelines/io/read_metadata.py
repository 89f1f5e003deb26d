"""What contents say of themselves, each read once by whoever knows its format."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from home_media_pipelines.core.errors import SidecarError
from home_media_pipelines.core.metadata.embedded_motion import (
    FORMATS_WITH_MOTION,
    find_motion,
)
from home_media_pipelines.core.metadata.parse import Metadata, parse
from home_media_pipelines.core.metadata.sidecars import (
    SIZE_LIMIT,
    read_aae,
    read_takeout,
)
from home_media_pipelines.core.metadata.tags import Json
from home_media_pipelines.io.exiftool import ExifTool, ReadFailure


@dataclass(frozen=True, slots=True)
class Readable:
    """A content and a path that holds it; `format` by content, None if unknown."""

    content_id: str
    format: str | None
    path: Path


def read_metadata(
    contents: Iterable[Readable], exiftool: ExifTool, *, now: datetime
) -> Iterator[tuple[str, Metadata | ReadFailure]]:
    """Answer for every content by its id; no file's failure costs another.

    Args:
        contents: each content once.
        exiftool: reads all but the sidecars it does not know.
        now: aware; later dates are refused.

    Raises:
        ExifToolMissingError: ExifTool is not installed.
    """
    waiting: dict[str, Readable] = {}
    for content in contents:
        if content.format in {"takeout", "aae"}:
            yield content.content_id, _read_sidecar(content, now)
        else:
            waiting[content.content_id] = content
    paths = {key: content.path for key, content in waiting.items()}
    for key, answer in exiftool.read(paths):
        if isinstance(answer, ReadFailure):
            yield key, answer
        else:
            content = waiting[key]
            found = parse(answer, content.format or "", now=now)
            yield key, _with_motion(found, content, answer)


def _with_motion(
    found: Metadata, content: Readable, tags: dict[str, Json]
) -> Metadata | ReadFailure:
    """Note where in a picture its film lies."""
    if content.format not in FORMATS_WITH_MOTION:
        return found
    try:
        with content.path.open("rb", buffering=0) as file:

            def read(offset: int, count: int) -> bytes:
                return os.pread(file.fileno(), count, offset)

            size = os.fstat(file.fileno()).st_size
            motion = find_motion(tags, content.format, size, read)
    except OSError as error:
        return ReadFailure(error.strerror or str(error), permanent=False)
    if motion is None:
        return found
    return replace(found, motion_offset=motion.offset, motion_length=motion.length)


def _read_sidecar(content: Readable, now: datetime) -> Metadata | ReadFailure:
    try:
        with content.path.open("rb") as file:
            written = file.read(SIZE_LIMIT + 1)
        if content.format == "aae":
            return read_aae(written)
        return read_takeout(written, now=now)
    except SidecarError as error:
        return ReadFailure(str(error), permanent=True)
    except OSError as error:
        return ReadFailure(error.strerror or str(error), permanent=False)
