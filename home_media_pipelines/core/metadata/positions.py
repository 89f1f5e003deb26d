"""Where a picture was taken: positions as files write them, believed or refused."""

from collections.abc import Mapping

from home_media_pipelines.core.metadata.tags import Json, Tag, number_of, plain


def read_place(
    names: Mapping[str, list[Tag]], refused: dict[str, str]
) -> tuple[float | None, float | None, float | None]:
    """Latitude, longitude and altitude of a file's tags, see `believable_place`."""
    latitude = _signed(names, "GPSLatitude", "S")
    longitude = _signed(names, "GPSLongitude", "W")
    altitude = _signed(names, "GPSAltitude", "1")
    return believable_place(latitude, longitude, altitude, refused)


def _signed(names: Mapping[str, list[Tag]], name: str, negative: str) -> Json:
    """The value, below zero where its reference in the same group says so.

    ExifTool's Composite values have their sign; Apple's sidecars keep it apart.
    """
    tags = names.get(name)
    if not tags:
        return None
    number = number_of(tags[0].value)
    for ref in names.get(f"{name}Ref", []):
        if ref.group == tags[0].group != "Composite" and number is not None:
            return -abs(number) if plain(ref.value)[:1] == negative else number
    return tags[0].value


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
