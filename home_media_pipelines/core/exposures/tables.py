"""Images and files as Arrow tables, for use without a database."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from home_media_pipelines.core.exposures.build_images import ResolvedImage
from home_media_pipelines.core.inventory.paths import display_name
from home_media_pipelines.core.inventory.scanned import ScannedFile, image_id

_WORDS = pa.list_(pa.string())
_RESOLVED = {
    "taken_at": pa.timestamp("us"),
    "taken_at_precision": pa.string(),
    "utc_offset": pa.int16(),
    "width": pa.int32(),
    "height": pa.int32(),
    "duration": pa.float64(),
    "make": pa.string(),
    "model": pa.string(),
    "lens": pa.string(),
    "exposure_time": pa.float64(),
    "f_number": pa.float64(),
    "iso": pa.int32(),
    "focal_length": pa.float64(),
    "focal_length_35mm": pa.float64(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "altitude": pa.float64(),
    "rating": pa.int16(),
    "title": pa.string(),
    "description": pa.string(),
    "keywords": _WORDS,
    "keyword_paths": _WORDS,
}
IMAGES = pa.schema(
    {
        "image_id": pa.string(),
        "path": pa.string(),
        "content_id": pa.string(),
        "kind": pa.string(),
        "taken_at_source": pa.string(),
        **_RESOLVED,
    }
)
_SCANNED = {
    "path": pa.string(),
    "name": pa.string(),
    "size": pa.int64(),
    "mtime_ns": pa.int64(),
    "content_id": pa.string(),
    "format": pa.string(),
    "claimed_format": pa.string(),
    "role": pa.string(),
}
FILES = pa.schema(
    {
        **_SCANNED,
        "image_id": pa.string(),
        "part": pa.string(),
        "problem": pa.string(),
    }
)


def images_table(images: Iterable[ResolvedImage]) -> pa.Table:
    """One row per image; the columns of `IMAGES`."""
    rows = [
        {
            "image_id": str(image_id(it.content_id)),
            "path": it.exposure.primary,
            "content_id": it.content_id,
            "kind": it.kind,
            "taken_at_source": it.values.sources["taken_at"],
            **{name: getattr(it.values, name) for name in _RESOLVED},
        }
        for it in images
    ]
    return pa.Table.from_pylist(rows, schema=IMAGES)


def files_table(
    files: Iterable[ScannedFile],
    images: Iterable[ResolvedImage],
    problems: Mapping[str, str],
) -> pa.Table:
    """One row per file; the columns of `FILES`.

    Args:
        files: of the inventory.
        images: they belong to.
        problems: path to reason, also of files that are not in the inventory.
    """
    place = {
        path: (str(image_id(it.content_id)), part)
        for it in images
        for path, part in it.exposure.parts.items()
    }
    rows = {it.path: {name: getattr(it, name) for name in _SCANNED} for it in files}
    for path in problems.keys() - rows.keys():
        rows[path] = {"path": path, "name": display_name(path)}
    for path, row in rows.items():
        row["image_id"], row["part"] = place.get(path, (None, None))
        row["problem"] = problems.get(path)
    return pa.Table.from_pylist([rows[path] for path in sorted(rows)], schema=FILES)
