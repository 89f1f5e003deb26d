"""When a picture was taken: dates as files write them, believed or refused."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import Final, Literal

from home_media_pipelines.core.errors import DateRefusedError

FIRST_YEAR = 1826
"""The year of the oldest photograph that survives."""

MIDDAY = 12
"""Hour given to a day without a time: no zone shifts it to another day."""

Precision = Literal["year", "month", "day", "minute", "second", "subsecond"]

PRECISIONS: Final[tuple[Precision, ...]] = (
    *("year", "month", "day", "minute", "second", "subsecond"),
)

_NEVER_SET = (datetime(1904, 1, 1), datetime(1970, 1, 1))
_TAIL = r"\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?"
_CLOCK = (
    r"(?P<hour>[ \d]?\d)(?P<t>[:.hH-])\s?(?P<minute>\d{1,2}|  )"
    r"(?:(?:(?P=t)|[:.mM])\s?(?P<second>\d{1,2}|  )(?:[.,:](?P<fraction>\d+))?s?)?"
)
_SEPARATED = re.compile(
    r"(?P<year>\d{4,6})"
    r"(?:[:/._-](?P<month>[ \d]?\d)(?:[:/._-](?P<day>[ \d]?\d))?[.]?)?"
    rf"(?:(?:[T\s:_-]|\s-\s)\s*{_CLOCK})?{_TAIL}",
    re.ASCII,
)
_COMPACT = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T\s_-]?(?P<hour>\d\d)(?P<minute>\d\d)"
    rf"(?:(?P<second>\d\d)[.,]?(?P<fraction>\d+)?)?)?{_TAIL}",
    re.ASCII,
)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?P<s>[./-])(?P<month>\d{1,2})(?P=s)(?P<year>\d{4})"
    rf"(?:[,\s]+{_CLOCK})?{_TAIL}",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII)
_UNKNOWN = re.compile(r"(?<=[:/._-])\s*(?:  |\?\??|XX?|uu?)\s*(?=[:/._\s-]|$)")
_ENDS = re.compile(r"[\s\0]*(?:\bDST)?[\s:\0]*$")
_BLANK_CLOCK = re.compile(r"(?:\s[T:\s]*|(?<=\d)T[:\s]*)$")


@dataclass(frozen=True, slots=True)
class Moment:
    """Local wall time, with minutes east of UTC where the file says so.

    What lies below `precision` was not said: the middle of the day, the first of the
    month or the year stand for it.
    """

    taken_at: datetime
    utc_offset: int | None = None
    precision: Precision = "second"


def read_date(
    text: str,
    *,
    now: datetime,
    fraction: str | None = None,
    offset: str | None = None,
    utc: bool = False,
) -> Moment:
    """Read a date as Exif, XMP, IPTC, a video track or a program writes it.

    A part that is blank, zero or a question mark is not known: the date keeps what it
    says before that. `24:00:00` is the start of the next day.

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
    text = text.partition("\0")[0].strip()
    if not re.search("[1-9]", text, re.ASCII):
        raise DateRefusedError(text, "no date")
    found = _matched(text)
    digits = found["fraction"] or fraction or ""
    digits = digits.strip() if digits.isascii() and digits.strip().isdigit() else ""
    taken_at, precision = _wall(found, digits, text)
    minutes = read_offset(found["offset"] or offset or "")
    if minutes is None and utc:
        minutes = 0
    return believable(Moment(taken_at, minutes, precision), text, now)


def _matched(text: str) -> dict[str, str | None]:
    """The parts of a date, blank or None where they are not known."""
    plain = _ENDS.sub("", text)
    plain = _UNKNOWN.sub("00", plain)
    plain = _BLANK_CLOCK.sub("", plain)
    for form in (_SEPARATED, _COMPACT, _DAY_FIRST):
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict()
            if form is not _DAY_FIRST or _day_is_first(parts):
                return {
                    name: (part or "").strip() or None for name, part in parts.items()
                }
    return _rfc_2822(plain, text)


def _day_is_first(parts: dict[str, str | None]) -> bool:
    """Slashes and dashes put the month first in some countries: then ask the number."""
    return parts["s"] == "." or int(parts["day"] or 0) > 12


def _rfc_2822(plain: str, text: str) -> dict[str, str | None]:
    """`Tue, 21 May 2019 10:45:52 +0200` and C's `Tue May 21 10:45:52 2019`."""
    found = parsedate_tz(plain) if re.search("[A-Za-z]{3}", plain) else None
    if not found or found[0] < 1000:
        raise DateRefusedError(text, "not a date")
    names = ("year", "month", "day", "hour", "minute", "second")
    parts: dict[str, str | None] = dict.fromkeys(("fraction", "half", "offset"))
    parts |= {name: str(it) for name, it in zip(names, found, strict=False)}
    if found[9] is not None and re.search(r"[+-]\d{4}|GMT|UTC|[A-Z]{3}$", plain):
        hours, seconds = divmod(abs(found[9]), 3600)
        sign = "-" if found[9] < 0 else "+"
        parts["offset"] = f"{sign}{hours:02}:{seconds // 60:02}"
    return parts


def _wall(
    found: dict[str, str | None], digits: str, text: str
) -> tuple[datetime, Precision]:
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    hour, minute, second = found["hour"], found["minute"], found["second"]
    later = timedelta()
    clock = (0, 0, 0, 0)
    if not month or not day:
        precision: Precision = "month" if month else "year"
        hour, day = None, 1
    elif hour is None:
        precision = "day"
    else:
        precision = (
            "day" if minute is None else "minute" if second is None else "second"
        )
        hours = int(hour)
        if found["half"]:
            hours = hours % 12 + (12 if found["half"] in ("pm", "PM", "Pm") else 0)
        if hours == 24 and not int(minute or 0) and not int(second or 0):
            hours, later = 0, timedelta(days=1)
        if second == "60":  # a leap second
            second, later = "59", later + timedelta(seconds=1)
        if second is not None and digits:
            precision = "subsecond"
        micro = int(digits[:6].ljust(6, "0")) if precision == "subsecond" else 0
        clock = (hours, int(minute or 0), int(second or 0), micro)
    if hour is None:
        clock = (MIDDAY, 0, 0, 0)
    try:
        first = datetime(int(found["year"] or 0), month or 1, day, *clock)
        wall = first + later
    except (ValueError, OverflowError) as error:
        raise DateRefusedError(text, str(error)) from error
    return wall, precision


def read_offset(text: str) -> int | None:
    """Minutes east of UTC, None when the text names no zone on earth."""
    if text.strip() in ("Z", "UTC", "GMT"):
        return 0
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
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
    precision: Precision = "subsecond" if taken_at.microsecond else "second"
    return believable(Moment(taken_at, 0, precision), str(seconds), now)


def believable(moment: Moment, text: str, now: datetime) -> Moment:
    """The moment, if a photograph can show it.

    Raises:
        DateRefusedError: it is before photography, in the future, or a clock's zero.
    """
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


def is_complete(moment: Moment) -> bool:
    """Whether it says the time of day."""
    return PRECISIONS.index(moment.precision) > PRECISIONS.index("day")


def refines(finer: Moment, coarse: Moment) -> bool:
    """Whether `finer` says more of the same year, month or day than `coarse`."""
    if PRECISIONS.index(finer.precision) <= PRECISIONS.index(coarse.precision):
        return False
    parts = {"year": 1, "month": 2, "day": 3}.get(coarse.precision)
    if parts is None:
        return False
    return finer.taken_at.timetuple()[:parts] == coarse.taken_at.timetuple()[:parts]
