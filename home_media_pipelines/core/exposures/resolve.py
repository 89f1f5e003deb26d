"""One value per field for an image, from all its files, with where each came from.

Whose word counts is in the tables of `precedence`; how dates compete in `dating`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from home_media_pipelines.core.exposures.dating import Speech, date
from home_media_pipelines.core.exposures.precedence import FIELDS, speaker
from home_media_pipelines.core.metadata.dates import Precision
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.metadata.tags import Json


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values of an image in table `images`; `sources` maps field to source.

    A source is one of `date_sources.WAYS` (how the image's own file says its date),
    `embedded` (for all but dates), the label of another part such as `raw:a.nef`,
    `sidecar:a.xmp`, `file name` or `mtime`; what follows from a zone that no file
    names says `inferred`. Fields without a value have no source.
    """

    taken_at: datetime
    utc_offset: int | None = None
    taken_at_precision: Precision = "second"
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    exposure_time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    orientation: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    rating: int | None = None
    title: str | None = None
    description: str | None = None
    keywords: list[str] = field(default_factory=list[str])
    keyword_paths: list[str] = field(default_factory=list[str])
    people: list[Json] = field(default_factory=list[Json])
    sources: dict[str, str] = field(default_factory=dict[str, str])


def resolve(
    primary: Metadata | None,
    *,
    sidecars: Sequence[tuple[str, Metadata]] = (),
    parts: Sequence[tuple[str, Metadata]] = (),
    name: str,
    mtime_ns: int,
    timezone: str,
    now: datetime,
) -> Resolved:
    """Settle every field of one image.

    Args:
        primary: of its primary file; None when that could not be read.
        sidecars: file name and metadata, nearest first.
        parts: label (`raw:a.nef`, `motion:a.mov`) and metadata of its other files, best
            first; they fill what the primary leaves open.
        name: file name of the primary.
        mtime_ns: of the primary, nanoseconds since 1970.
        timezone: name of the family's zone, for what only UTC says where no place does.
        now: aware.
    """
    speeches = [Speech("file", "embedded", primary)] if primary else []
    speeches += [Speech("part", label, data) for label, data in parts]
    speeches += [
        Speech(speaker("sidecar", label), f"sidecar:{label}", data)
        for label, data in sidecars
    ]
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for fields, speakers in FIELDS.items():
        ranked = [it for who in speakers for it in speeches if it.who == who]
        for it in sorted(ranked, key=lambda it: not _has(it.data, fields[0])):
            found = {f: getattr(it.data, f) for f in fields if _has(it.data, f)}
            if found:
                values |= found
                sources |= dict.fromkeys(found, it.label)
                break
    if primary and _lies(values.get("orientation")) != _lies(primary.orientation):
        values |= {"width": primary.height, "height": primary.width}
    place = (values.get("latitude"), values.get("longitude"))
    moment, dated = date(
        speeches,
        place,  # pyright: ignore[reportArgumentType]: the fields of Metadata
        name=name,
        mtime_ns=mtime_ns,
        timezone=timezone,
        now=now,
    )
    return Resolved(
        taken_at=moment.taken_at,
        utc_offset=moment.utc_offset,
        taken_at_precision=moment.precision,
        sources=dated | sources,
        **values,  # pyright: ignore[reportArgumentType]: the fields of Metadata
    )


def _has(data: Metadata, name: str) -> bool:
    return getattr(data, name) not in (None, [])


def _lies(orientation: object) -> bool:
    """Whether an Exif orientation makes a picture's height its width."""
    return orientation in (5, 6, 7, 8)
