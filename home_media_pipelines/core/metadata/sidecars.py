"""What a sidecar that ExifTool does not read says: Google Takeout JSON, Apple AAE.

An XMP sidecar goes through ExifTool and `core.metadata.parse` like any other file.
"""

import json
import plistlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import cast
from xml.parsers.expat import ExpatError

from home_media_pipelines.core.errors import DateRefusedError, SidecarError
from home_media_pipelines.core.metadata.dates import Moment, from_epoch
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.metadata.positions import believable_place
from home_media_pipelines.core.metadata.tags import Json, safe_tags, safe_text

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of a sidecar that is read at all; Google and Apple write a few thousand."""


def read_takeout(content: bytes, *, now: datetime) -> Metadata:
    """The JSON that Google Takeout puts beside a photo.

    `photoTakenTime` is Unix time, so `taken_at` is UTC with offset 0. `geoData` of
    0, 0 means none; `geoDataExif` stands in for it. Google's `title` is the name of
    the file at upload: it is only kept as a title where it does not look like one.

    Raises:
        SidecarError: not such a JSON.
    """
    if len(content) > SIZE_LIMIT:
        raise SidecarError("takeout", f"{len(content)} bytes")
    try:
        written: object = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SidecarError("takeout", str(error)) from error
    if not isinstance(written, dict):
        raise SidecarError("takeout", "no JSON object")
    fields = cast("dict[str, object]", written)
    if not (
        {"photoTakenTime", "creationTime", "geoData", "googlePhotosOrigin"} & {*fields}
    ):
        raise SidecarError("takeout", "none of the fields Google writes")
    tags, notes = safe_tags({f"Takeout:{key}": fields[key] for key in fields})
    refused = {"tags": "; ".join(notes)[:1000]} if notes else {}
    moment = _taken_at(tags, now, refused)
    latitude, longitude, altitude = _place(tags, refused)
    return Metadata(
        taken_at=moment and moment.taken_at,
        utc_offset=moment and moment.utc_offset,
        taken_at_source=moment and "takeout",
        taken_at_precision=moment and moment.precision,
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        title=_title(tags),
        description=_text(tags.get("Takeout:description"), 65536),
        people=_people(tags),
        refused=refused,
        tags=tags,
    )


def read_aae(content: bytes) -> Metadata:
    """The plist in which Apple keeps an edit: only that there is one, and whose.

    Raises:
        SidecarError: not such a plist.
    """
    if len(content) > SIZE_LIMIT:
        raise SidecarError("aae", f"{len(content)} bytes")
    try:
        written: object = plistlib.loads(content)
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        OverflowError,
        RecursionError,
    ) as error:
        raise SidecarError("aae", str(error)) from error
    if not isinstance(written, Mapping):
        raise SidecarError("aae", "no dictionary")
    fields = cast("Mapping[str, object]", written)
    if not any(str(key).startswith("adjustment") for key in fields):
        raise SidecarError("aae", "it holds no adjustment")
    tags, _ = safe_tags(
        {
            f"AAE:{key}": value
            for key, value in fields.items()
            if not isinstance(value, bytes)  # the edit itself, compressed
        }
    )
    return Metadata(tags=tags)


def _taken_at(
    tags: Mapping[str, Json], now: datetime, refused: dict[str, str]
) -> Moment | None:
    taken = tags.get("Takeout:photoTakenTime")
    stamp = taken.get("timestamp") if isinstance(taken, dict) else None
    if stamp is None:
        return None
    try:
        return from_epoch(float(str(stamp)), now=now)
    except ValueError:
        refused["taken_at"] = f"photoTakenTime {str(stamp)[:60]!r}: not a number"
    except DateRefusedError as error:
        refused["taken_at"] = f"photoTakenTime {error}"
    return None


def _place(
    tags: Mapping[str, Json], refused: dict[str, str]
) -> tuple[float | None, float | None, float | None]:
    for key in ("Takeout:geoData", "Takeout:geoDataExif"):
        place = tags.get(key)
        if not isinstance(place, dict):
            continue
        found = believable_place(
            place.get("latitude"),
            place.get("longitude"),
            place.get("altitude"),
            refused,
        )
        if found[0] is not None:
            for name in ("latitude", "longitude", "altitude"):
                refused.pop(name, None)
            return found
    return None, None, None


def _title(tags: Mapping[str, Json]) -> str | None:
    title = _text(tags.get("Takeout:title"), 4096)
    suffix = PurePath(title).suffix if title else ""
    return None if 1 < len(suffix) <= 6 and " " not in suffix else title


def _people(tags: Mapping[str, Json]) -> list[Json]:
    people = tags.get("Takeout:people")
    names = [
        _text(person.get("name"), 256)
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, dict)
    ]
    return [{"name": name} for name in dict.fromkeys(names) if name]


def _text(value: Json, limit: int) -> str | None:
    return safe_text(value, limit).strip() or None if isinstance(value, str) else None
