"""From files and what they say to images: grouped, and every value resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from home_media_pipelines.core.exposures.drafts import Exposure, GroupableFile
from home_media_pipelines.core.exposures.grouping import group
from home_media_pipelines.core.exposures.resolve import Resolved, resolve
from home_media_pipelines.core.exposures.sidecar_names import split_name
from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.inventory.paths import display_name
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


Said = tuple[str, Metadata]
"""A label that tells a person where it stands, and what is written there."""

_SMALL_TWINS = frozenset({"thm", "lrv"})
"""What a camera writes beside a video says less than the video, never more."""


def build_images(
    files: Sequence[MediaFile],
    metadata: Mapping[str, Metadata],
    *,
    timezone: str,
    now: datetime,
    elsewhere: Mapping[str, Sequence[Said]] | None = None,
) -> list[ResolvedImage]:
    """Group files into images and settle the values of each.

    Args:
        files: of one folder; identical bytes are one image wherever they lie.
        metadata: by content_id, as far as there is any.
        timezone: name of the family's zone, see `resolve`.
        now: aware.
        elsewhere: by content_id of a primary, the path and metadata of sidecars beside
            its copies in other folders. They count after the sidecars here.
    """
    by_path = {it.path: it for it in files}
    exposures = group([_groupable(it, metadata) for it in files])
    resolved = [
        _resolved(it, by_path, metadata, timezone, now, elsewhere or {})
        for it in exposures
    ]
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
    timezone: str,
    now: datetime,
    elsewhere: Mapping[str, Sequence[Said]],
) -> ResolvedImage:
    primary = by_path[exposure.primary]
    content_id = primary.content_id or ""
    said = [
        (part, by_path[path], metadata[content])
        for path, part in exposure.parts.items()
        if (content := by_path[path].content_id or "") in metadata
    ]
    sidecars = sorted(
        (
            (_nearness(it, primary), _label(it, primary), data)
            for part, it, data in said
            if part == "sidecar" and it.format not in _SMALL_TWINS
        ),
        key=lambda it: it[0],
    )
    parts = [
        (part, it, data)
        for part, it, data in said
        if part in ("raw", "edited", "motion") or it.format in _SMALL_TWINS
    ]
    values = resolve(
        metadata.get(content_id),
        sidecars=[
            *((label, data) for _, label, data in sidecars),
            *elsewhere.get(content_id, ()),
        ],
        parts=[(f"{part}:{_label(it, primary)}", data) for part, it, data in parts],
        name=primary.name,
        mtime_ns=primary.mtime_ns,
        timezone=timezone,
        now=now,
    )
    kind = "video" if primary.role == "video" else "picture"
    return ResolvedImage(content_id, kind, exposure, values)


def _nearness(it: MediaFile, primary: MediaFile) -> tuple[bool, bool, str]:
    """Sorts the sidecars of the primary itself before those of its copies."""
    stem = split_name(primary.name)[0]
    named_after = it.name.startswith((f"{stem}.", f"{primary.name}."))
    return _directory(it) != _directory(primary), not named_after, it.path


def _label(it: MediaFile, primary: MediaFile) -> str:
    """Its name; its path in the library where it lies in another directory."""
    if _directory(it) == _directory(primary):
        return it.name
    return "/".join(map(display_name, it.path.split("/")))


def _directory(it: MediaFile) -> str:
    return it.path.rpartition("/")[0]
