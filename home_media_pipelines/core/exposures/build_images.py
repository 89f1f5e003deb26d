"""From files and what they say to images: grouped, and every value resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from home_media_pipelines.core.exposures.grouping import Exposure, GroupableFile, group
from home_media_pipelines.core.exposures.resolve import Resolved, resolve
from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.metadata.parse import Metadata


class MediaFile(Protocol):
    """What has to be known of a file: see `inventory.ScannedFile`."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def mtime_ns(self) -> int: ...  # noqa: D102
    @property
    def content_id(self) -> str | None: ...  # noqa: D102
    @property
    def format(self) -> str | None: ...  # noqa: D102
    @property
    def role(self) -> FileRole: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ResolvedImage:
    """An exposure with its values; `content_id` is its primary's."""

    content_id: str
    kind: Literal["picture", "video"]
    exposure: Exposure
    values: Resolved


def build_images(
    files: Sequence[MediaFile], metadata: Mapping[str, Metadata], *, now: datetime
) -> list[ResolvedImage]:
    """Group files into images and settle the values of each.

    Args:
        files: of one directory; identical bytes are one image wherever they lie.
        metadata: by content_id, as far as there is any.
        now: aware.
    """
    by_path = {it.path: it for it in files}
    exposures = group([_groupable(it, metadata) for it in files])
    resolved = [_resolved(it, by_path, metadata, now) for it in exposures]
    return sorted(resolved, key=lambda it: (it.values.taken_at, it.exposure.primary))


def _groupable(file: MediaFile, metadata: Mapping[str, Metadata]) -> GroupableFile:
    said = metadata.get(file.content_id or "")
    return GroupableFile(
        path=file.path,
        content_id=file.content_id,
        format=file.format,
        role=file.role,
        content_identifier=said and said.content_identifier,
        taken_at=said and said.taken_at,
        make=said and said.make,
        model=said and said.model,
        duration=said and said.duration,
    )


def _resolved(
    exposure: Exposure,
    by_path: Mapping[str, MediaFile],
    metadata: Mapping[str, Metadata],
    now: datetime,
) -> ResolvedImage:
    primary = by_path[exposure.primary]
    said = {
        (part, by_path[path].name): metadata[content]
        for path, part in exposure.parts.items()
        if (content := by_path[path].content_id or "") in metadata
    }
    values = resolve(
        metadata.get(primary.content_id or ""),
        sidecars=[(name, it) for (part, name), it in said.items() if part == "sidecar"],
        parts=[
            (f"{part}:{name}", it)
            for (part, name), it in said.items()
            if part in ("raw", "edited", "motion")
        ],
        name=primary.name,
        mtime_ns=primary.mtime_ns,
        now=now,
    )
    content_id = primary.content_id or ""
    kind = "video" if primary.role == "video" else "picture"
    return ResolvedImage(content_id, kind, exposure, values)
