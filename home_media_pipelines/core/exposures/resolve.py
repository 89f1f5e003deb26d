"""One value per field for an image, from all its files, with where each came from.

Sidecar over embedded over guess. The date has an order of its own: what the camera
wrote (`exif`, then create date) stays above a sidecar's date, because programs and
clouds write the latter; then the video track, the file name, the file's mtime.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from home_media_pipelines.core.metadata.dates import date_from_name
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.metadata.tags import Json

_ALONE = (
    "make",
    "model",
    "lens",
    "exposure_time",
    "f_number",
    "iso",
    "focal_length",
    "focal_length_35mm",
    "rating",
    "title",
    "description",
    "people",
)
# The first of each decides whose values count; the others come along or stay away.
_TOGETHER = (("latitude", "longitude", "altitude"), ("keywords", "keyword_paths"))
_OWN = ("width", "height", "duration")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values of an image in table `images`; `sources` maps field to source.

    A source is `exif`, `create date`, `xmp`, `iptc` or `video track` (how the image's
    own file says it), `embedded` (for all but dates), the label of another part such as
    `raw:a.nef`, `sidecar:a.xmp`, `file name` or `mtime`. Fields without a value have
    no source.
    """

    taken_at: datetime
    utc_offset: int | None = None
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
    now: datetime,
) -> Resolved:
    """Settle every field of one image.

    Args:
        primary: of its primary file; None when that could not be read.
        sidecars: file name and metadata, nearest first; XMP counts before the others.
        parts: label (`raw:a.nef`, `motion:a.mov`) and metadata of its other files, best
            first; they fill what the primary leaves open.
        name: file name of the primary.
        mtime_ns: of the primary, nanoseconds since 1970; becomes UTC wall time with no
            offset, because a file system does not know where the camera was.
        now: aware.
    """
    beside = sorted(sidecars, key=lambda s: not s[0].lower().endswith(".xmp"))
    own = [("embedded", primary)] if primary else []
    ranked = [(f"sidecar:{label}", data) for label, data in beside] + own + [*parts]
    taken_at, utc_offset, source = _taken_at(
        [*own, *parts], beside, name, mtime_ns, now
    )
    values: dict[str, object] = {}
    sources = {"taken_at": source}
    if utc_offset is not None:
        sources["utc_offset"] = source
    for fields in (*((name,) for name in _ALONE), *_TOGETHER):
        for label, data in sorted(ranked, key=lambda r: not _has(r[1], fields[0])):
            found = {f: getattr(data, f) for f in fields if _has(data, f)}
            if found:
                values |= found
                sources |= dict.fromkeys(found, label)
                break
    for label, data in own:
        found = {f: getattr(data, f) for f in _OWN if _has(data, f)}
        values |= found
        sources |= dict.fromkeys(found, label)
    return Resolved(
        taken_at=taken_at,
        utc_offset=utc_offset,
        sources=sources,
        **values,  # pyright: ignore[reportArgumentType]: the fields of Metadata
    )


def _has(data: Metadata, name: str) -> bool:
    return getattr(data, name) not in (None, [])


def _taken_at(
    files: Sequence[tuple[str, Metadata]],
    sidecars: Sequence[tuple[str, Metadata]],
    name: str,
    mtime_ns: int,
    now: datetime,
) -> tuple[datetime, int | None, str]:
    for source, data in _dated(files, sidecars):
        if data.taken_at is not None:
            return data.taken_at, data.utc_offset, source
    named = date_from_name(name, now=now)
    if named:
        return named.taken_at, named.utc_offset, "file name"
    epoch = datetime(1970, 1, 1)
    try:
        return epoch + timedelta(microseconds=mtime_ns // 1000), None, "mtime"
    except OverflowError:
        return epoch, None, "mtime"


def _dated(
    files: Sequence[tuple[str, Metadata]], sidecars: Sequence[tuple[str, Metadata]]
) -> Iterator[tuple[str, Metadata]]:
    """Dates, best first: each way of writing one, in the primary before the parts."""
    for way in ("exif", "create date"):
        yield from _written(files, way)
    yield from ((f"sidecar:{label}", data) for label, data in sidecars)
    for way in ("xmp", "iptc", "video track"):
        yield from _written(files, way)


def _written(
    files: Sequence[tuple[str, Metadata]], way: str
) -> Iterator[tuple[str, Metadata]]:
    for label, data in files:
        if data.taken_at_source == way:
            yield way if label == "embedded" else label, data
