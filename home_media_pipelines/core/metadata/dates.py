"""When a picture was taken: dates as files write them, believed or refused."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from home_media_pipelines.core.errors import DateRefusedError

FIRST_YEAR = 1826
"""The year of the oldest photograph that survives."""

MIDDAY = 12
"""Hour given to a day without a time: no zone shifts it to another day."""

_NEVER_SET = (datetime(1904, 1, 1), datetime(1970, 1, 1))
_DATE = re.compile(
    r"(?P<year>\d{4,6})"
    r"(?:[:/.-](?P<month>\d{1,2})(?:[:/.-](?P<day>\d{1,2}))?)?"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})"
    r"(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{1,2}:?\d{2})?",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """Local wall time, with minutes east of UTC where the file says so."""

    taken_at: datetime
    utc_offset: int | None = None


def read_date(
    text: str,
    *,
    now: datetime,
    fraction: str | None = None,
    offset: str | None = None,
    utc: bool = False,
) -> Moment:
    """Read a date as Exif, XMP or a video track writes it.

    A day without a time is midday of that day; a month or a year its first day.

    Args:
        text: `2019:05:21 10:45:52`, with or without fraction and offset.
        now: aware; what lies more than two days later is refused, so that tomorrow
            is allowed everywhere on earth.
        fraction: digits of a second kept in a tag of their own, such as `075`.
        offset: `+02:00`, kept in a tag of its own.
        utc: the format defines the value as UTC: offset 0 if none is written.

    Raises:
        DateRefusedError: it says no date, or one that cannot be.
    """
    text = text.strip()
    if not re.search("[1-9]", text, re.ASCII):
        raise DateRefusedError(text, "no date")
    found = _DATE.fullmatch(text)
    if not found:
        raise DateRefusedError(text, "not a date")
    year, month, day, hour = (found[n] for n in ("year", "month", "day", "hour"))
    digits = found["fraction"] or fraction or ""
    digits = digits if digits.isascii() and digits.isdigit() else ""
    try:
        taken_at = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour) if hour else MIDDAY,
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int(digits[:6].ljust(6, "0")) if hour else 0,
        )
    except ValueError as error:
        raise DateRefusedError(text, str(error)) from error
    minutes = read_offset(found["offset"] or offset or "")
    if minutes is None and utc:
        minutes = 0
    return _believable(Moment(taken_at, minutes), text, now)


def read_offset(text: str) -> int | None:
    """Minutes east of UTC, None when the text names no zone on earth."""
    if text.strip() == "Z":
        return 0
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    minutes = -minutes if found[1] == "-" else minutes
    return minutes if -12 * 60 <= minutes <= 14 * 60 else None


def from_epoch(seconds: float, *, now: datetime) -> Moment:
    """The moment of a Unix time in seconds, as UTC wall time with offset 0.

    Raises:
        DateRefusedError: zero, or outside of what photographs can show.
    """
    try:
        taken_at = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    except (OverflowError, ValueError) as error:
        raise DateRefusedError(str(seconds), str(error)) from error
    return _believable(Moment(taken_at, 0), str(seconds), now)


def _believable(moment: Moment, text: str, now: datetime) -> Moment:
    taken_at = moment.taken_at
    try:
        instant = taken_at - timedelta(minutes=moment.utc_offset or 0)
    except OverflowError as error:
        raise DateRefusedError(text, str(error)) from error
    if taken_at in _NEVER_SET or instant in _NEVER_SET:
        raise DateRefusedError(text, "a clock that was never set")
    if taken_at.year < FIRST_YEAR:
        raise DateRefusedError(text, f"before photography ({FIRST_YEAR})")
    if instant > now.astimezone(UTC).replace(tzinfo=None) + timedelta(days=2):
        raise DateRefusedError(text, "in the future")
    return moment


_DAY = r"(?P<year>(?:19|20)\d\d)(?P<s>[-_.]?)(?P<month>\d\d)(?P=s)(?P<day>\d\d)"
_CLOCK = (
    r"(?:[-_ T.]| at |, )+(?P<hour>\d{1,2})(?P<t>[-_.:h]?)(?P<minute>\d\d)"
    r"(?:(?P=t)|[-_.:m])(?P<second>\d\d)"
    r"(?:[-_.]?(?P<fraction>\d{3})(?!\d)|(?!\d))(?:\s?(?P<half>[AaPp])[Mm]\b)?"
)
_NAMED = re.compile(rf"(?<!\d){_DAY}(?:{_CLOCK}|(?!\d))", re.ASCII)
_EPOCH_MS = re.compile(r"(?:^|[^\d])(1\d{12})(?!\d)", re.ASCII)


def date_from_name(name: str, *, now: datetime) -> Moment | None:
    """The date that a camera or an app wrote into a file name, if any.

    Knows `IMG_20190521_104552`, `2018-04-12 19_24_49`, `Screenshot 2019-05-21 at
    10.45.52`, `VID-20200101-WA0001` and their like (a day alone is midday), and
    milliseconds since 1970. Pixel phones (`PXL_`) and the latter count in UTC.
    """
    for found in _NAMED.finditer(name):
        moment = _named(found, now, utc=name.startswith("PXL_"))
        if moment:
            return moment
    found = _EPOCH_MS.search(name)
    if not found:
        return None
    try:
        return from_epoch(int(found[1]) / 1000, now=now)
    except DateRefusedError:
        return None


def _named(found: re.Match[str], now: datetime, *, utc: bool) -> Moment | None:
    text = f"{found['year']}:{found['month']}:{found['day']}"
    if found["hour"]:
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
        text += f" {hour:02}:{found['minute']}:{found['second']}"
    try:
        return read_date(
            text,
            now=now,
            fraction=found["fraction"],
            utc=utc and bool(found["hour"]),
        )
    except DateRefusedError:
        return None
