"""Where a picture was taken: positions as files write them, believed or refused."""

from collections.abc import Mapping
from typing import Final

from home_media_pipelines.core.metadata.tags import (
    Json,
    Tag,
    in_groups,
    number_of,
    plain,
)

GROUPS: Final = ("Composite", "GPS", "XMP-exif", "Keys", "ItemList", "UserData")
"""Where positions stand, best first. Composite values have their sign."""

_NORTH_EAST = {"GPSLatitude": "north", "GPSLongitude": "east"}


def read_place(
    names: Mapping[str, list[Tag]], refused: dict[str, str]
) -> tuple[float | None, float | None, float | None]:
    """Latitude, longitude and altitude of a file's tags, see `believable_place`.

    Both coordinates come from one group; the first group with a believable pair counts.
    Coordinates whose hemisphere nobody wrote are north and east, and `refused` notes
    that this was assumed.
    """
    first: dict[str, str] = {}
    for group in GROUPS:
        notes: dict[str, str] = {}
        latitude = _signed(names, "GPSLatitude", group, "S", notes)
        longitude = _signed(names, "GPSLongitude", group, "W", notes)
        if latitude is None and longitude is None:
            continue
        altitude = next(
            (
                it
                for other in dict.fromkeys((group, *GROUPS))
                if (it := _signed(names, "GPSAltitude", other, "1", {})) is not None
            ),
            None,
        )
        why: dict[str, str] = {}
        found = believable_place(latitude, longitude, altitude, why)
        if found[0] is not None:
            refused |= why | notes
            return found
        first = first or why
    refused |= first
    return None, None, None


def _signed(
    names: Mapping[str, list[Tag]],
    name: str,
    group: str,
    negative: str,
    notes: dict[str, str],
) -> Json:
    """The value, below zero where its reference in the same group says so.

    ExifTool's Composite values have their sign; Apple's sidecars keep it apart.
    """
    tag = next(in_groups(names, name, (group,)), None)
    if tag is None:
        return None
    number = number_of(tag.value)
    if group == "Composite" or number is None:
        return tag.value
    ref = next(in_groups(names, f"{name}Ref", (group,)), None)
    said = plain(ref.value).strip()[:1].upper() if ref else ""
    if said:
        return -abs(number) if said == negative else number
    if group == "GPS" and name in _NORTH_EAST and number > 0:
        column = name.removeprefix("GPS").lower()
        notes[column] = f"no hemisphere is written: {_NORTH_EAST[name]} is assumed"
    return tag.value


def believable_place(
    latitude: Json, longitude: Json, altitude: Json, refused: dict[str, str]
) -> tuple[float | None, float | None, float | None]:
    """Latitude and longitude in degrees, altitude in metres, as far as they can be.

    An altitude falls with its position. Why something was there and is not believed
    goes into `refused`.
    """
    degrees = [number_of(latitude), number_of(longitude)]
    reason = _no_place(latitude, longitude)
    if reason:
        refused["latitude"] = refused["longitude"] = reason
        degrees = [None, None]
    height = number_of(altitude)
    if altitude is None or plain(altitude).strip() == "":
        height = None
    elif reason:
        refused["altitude"] = f"the position was refused: {reason}"
        height = None
    elif height is None or not -12_000 <= height <= 100_000:
        refused["altitude"] = f"{plain(altitude)[:60]!r} is no altitude in metres"
        height = None
    return degrees[0], degrees[1], height


def _no_place(latitude: Json, longitude: Json) -> str | None:
    if latitude is None and longitude is None:
        return None
    if not (plain(latitude) + plain(longitude)).strip():
        return "the position is empty"
    north, east = number_of(latitude), number_of(longitude)
    if north is None or east is None:
        return "half of the position is missing or no number"
    if abs(north) > 90 or abs(east) > 180:
        return f"{north:g}, {east:g} is not on earth"
    if abs(north) < 1e-6 and abs(east) < 1e-6:
        return "0, 0 means that there was no position"
    return None
