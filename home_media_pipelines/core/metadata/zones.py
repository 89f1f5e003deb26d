"""Local time where a file only knows UTC: by the place, else by the family's clock."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzfpy import get_tz


def zone_of(latitude: float | None, longitude: float | None) -> str | None:
    """The name of the time zone at a place, None where there is no such place."""
    if latitude is None or longitude is None:
        return None
    name = get_tz(longitude, latitude)
    return name if name and _zone(name) else None


def local_time(utc: datetime, zone: str) -> tuple[datetime, int]:
    """Wall time in a zone and its minutes east of UTC, of naive UTC.

    Offsets of before standard time (Amsterdam's +00:19:32) lose their seconds.
    """
    known = _zone(zone)
    try:
        local = utc.replace(tzinfo=UTC).astimezone(known or UTC)
    except OverflowError:
        return utc, 0
    offset = local.utcoffset()
    return local.replace(tzinfo=None), int(
        offset.total_seconds() // 60 if offset else 0
    )


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
