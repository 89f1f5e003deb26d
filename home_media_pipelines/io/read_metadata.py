"""What contents say of themselves, each read once by whoever knows its format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from home_media_pipelines.core.errors import SidecarError
from home_media_pipelines.core.metadata.parse import Metadata, parse
from home_media_pipelines.core.metadata.sidecars import (
    SIZE_LIMIT,
    read_aae,
    read_takeout,
)
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
            yield key, parse(answer, waiting[key].format or "", now=now)


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
