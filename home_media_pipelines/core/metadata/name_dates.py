"""The date that a camera, a scanner or an app wrote into a file's name."""

import re
from collections.abc import Iterator
from datetime import datetime

from home_media_pipelines.core.errors import DateRefusedError
from home_media_pipelines.core.metadata.dates import Moment, from_epoch, read_date

FIRST_NAMED_YEAR = 1980
"""No camera or scanner wrote dates into names before."""

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ALONE = r"(?<![\d+])(?<!\d[.,])"
_NO_PHONE = r"(?<![\d+])(?<!\d[-. ()/])"
_OFFSET = r"(?P<offset>Z|[+-]\d\d:?\d\d)?"
_END = r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
_SEPARATE_DAY = _YEAR + r"(?P<s>[-_.: ])(?P<month>\d\d)(?P=s)(?P<day>\d\d)"
_COMPACT_DAY = _YEAR + r"(?P<month>\d\d)(?P<day>\d\d)"
_DAY_FIRST = r"(?P<day>\d\d)(?P<s>[-_.])(?P<month>\d\d)(?P=s)" + _YEAR
_BETWEEN = r"(?:[-_ T.@]| at |, | um | à | kl\. )+"
_CLOCK = (
    _BETWEEN
    + r"(?P<hour>\d\d|\d(?=\D))(?P<t>[-_.:h ]?)(?P<minute>\d\d)"
    + r"(?:(?:(?P=t)|[-_.:m])(?P<second>\d\d)"
    + r"(?:[-_.,]?(?P<fraction>\d{3})(?!\d)|(?!\d)))"
    + r"(?:s(?=[^a-z]|$))?"
    + _OFFSET
    + _END
)
_MINUTES = _BETWEEN + r"(?P<hour>\d{1,2})[.:h](?P<minute>\d\d)(?!\d)" + _END
_RUN_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<fraction>\d{3})?(?!\d)"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        _ALONE + _SEPARATE_DAY + _CLOCK,
        _ALONE + _COMPACT_DAY + _CLOCK,
        _NO_PHONE + _COMPACT_DAY + _RUN_CLOCK,
        r"(?<=@)" + _DAY_FIRST + _CLOCK,
        _ALONE + _DAY_FIRST + _CLOCK,
        _ALONE + _SEPARATE_DAY + _MINUTES,
        _ALONE + _DAY_FIRST + _MINUTES,
        _ALONE + _SEPARATE_DAY + r"(?!\d)",
        _NO_PHONE + _COMPACT_DAY + r"(?!\d)(?![-. /]\d{5})",
    )
)
_SPACES = re.compile("[\u00a0\u2009\u202f]")
_EPOCH_MS = re.compile(
    r"(?:(?:^|.*[A-Za-z])[-_ ]?)(?P<ms>1\d{12})"
    r"(?:[-_~]\d{1,3}| ?\(\d{1,3}\))?(?:\.\w+)*",
    re.ASCII,
)


def date_from_name(name: str, *, now: datetime) -> Moment | None:
    """The date in a file name, if there is one that cannot be anything else.

    Knows `IMG_20190521_104552`, `DJI_20190521104552_0001_D`, `BURST20190521104552123`,
    `2018-04-12 19_24_49`, `Screenshot 2019-05-21 at 10.45.52`, `VID-20200101-WA0001`,
    Telegram's `photo_1@21-05-2019_10-45-52` and their like; a day alone is midday.
    Milliseconds since 1970 count where they are all there is beside a word. Those, and
    names of Pixel phones (`PXL_`), count in UTC. Phone numbers, counters and other
    runs of digits are no dates.
    """
    name = _SPACES.sub(" ", name)
    for form in _FORMS:
        for found in form.finditer(name):
            moment = _named(found, now, utc=name.startswith("PXL_"))
            if moment:
                return moment
    found = _EPOCH_MS.fullmatch(name)
    if not found:
        return None
    try:
        return from_epoch(int(found["ms"]) / 1000, now=now)
    except DateRefusedError:
        return None


def _named(found: re.Match[str], now: datetime, *, utc: bool) -> Moment | None:
    parts = found.groupdict()
    if int(parts["year"]) < FIRST_NAMED_YEAR or _month_may_be_first(found):
        return None
    try:
        return read_date(
            "".join(_written(parts)),
            now=now,
            fraction=parts.get("fraction"),
            offset=parts.get("offset"),
            utc=utc and bool(parts.get("hour")),
        )
    except DateRefusedError:
        return None


def _month_may_be_first(found: re.Match[str]) -> bool:
    """`05-06-2019` is two days; Telegram's, dots and days above 12 are one."""
    day_first = found.start("day") < found.start("year")
    told = found["s"] == "." or int(found["day"]) > 12 if day_first else True
    return day_first and not told and found.string[found.start() - 1] != "@"


def _written(parts: dict[str, str | None]) -> Iterator[str]:
    month, day = parts["month"], parts["day"]
    if "00" in (month, day):
        raise DateRefusedError(f"{month}-{day}", "no day")
    yield f"{parts['year']}:{month}:{day}"
    hour = int(parts.get("hour") or 0)
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if parts.get("hour"):
        yield f" {hour:02}:{parts['minute']}"
    if parts.get("second"):
        yield f":{parts['second']}"
