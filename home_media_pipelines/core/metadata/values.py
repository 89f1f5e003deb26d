"""Parsers of single values: None for blank, an error for what cannot be believed."""

import re
from collections.abc import Callable

from home_media_pipelines.core.errors import ValueRefusedError
from home_media_pipelines.core.metadata.tags import Json, number_of, plain, safe_text

INT_MAX = 2**31 - 1
LONGEST = 30 * 24 * 3600.0
"""Seconds; what is said to last longer is endless, or its length was never known."""

_STARS_OF_PERCENT = ((99, 5), (75, 4), (50, 3), (25, 2), (1, 1), (0, 0))
_BOILERPLATE = re.compile(
    r"(?:[A-Z]+ ){0,2}DIGITAL CAMERA|SONY DSC|SAMSUNG(?: CAMERA PICTURES)?"
    r"|KODAK DIGITAL STILL CAMERA|EXIF[_ ]JPEG(?:[_ ]\w+)?|JPEG[_ ]PICTURE|APPLEMARK"
    r"|DCIM\\.*|<(?:DIGIMAX|KENOX|SAMSUNG) .*>|PROCESSED WITH VSCO.*|VSCOCAM"
    r"|MY BEAUTIFUL PICTURE|DEFAULT|NULL|\(NULL\)|CREATED WITH GIMP"
    r"|FILE WRITTEN BY ADOBE PHOTOSHOP.*|LEAD TECHNOLOGIES.*",
    re.IGNORECASE | re.ASCII,
)
_HUAWEI = re.compile(
    r"[a-z]?(?:cof|tof|hdr|hdrpl|rhdr|mde|dig|ptr|sdr|edf|burst|rpt|prt|bty|btr|nor|cf"
    r"|dav|fbt|mtr|lmt|oznor[A-Z]*)(?:_(?:vivid|soft|nosoft|btf|[a-z]{3}))*",
)
_WORD = re.compile(r"\w")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d):([0-5]?\d(?:\.\d+)?)")


def text_within(limit: int) -> Callable[[Json], str | None]:
    """A parser of text of at most `limit` bytes, without the blanks around it."""

    def parse(value: Json) -> str | None:
        return safe_text(plain(value).strip(), limit) or None

    return parse


def caption_within(limit: int) -> Callable[[Json], str | None]:
    """A parser of what a person wrote; what cameras write by themselves is blank."""

    def parse(value: Json) -> str | None:
        text = safe_text(plain(value).strip(), limit)
        if text and is_boilerplate(text):
            raise ValueRefusedError(text, "is what cameras write by themselves")
        return text or None

    return parse


def is_boilerplate(text: str) -> bool:
    """Whether a camera writes it into every picture, so that nobody meant this one."""
    if text.isascii() and not _WORD.search(text):
        return True
    return bool(_BOILERPLATE.fullmatch(text) or _HUAWEI.fullmatch(text))


def lens_name(value: Json) -> str | None:
    """A name with a word in it: ids, codes in hex and lone numbers are none."""
    text = safe_text(plain(value).strip(), 256)
    code = re.fullmatch(r"(?:[0-9A-Fa-f]{2} ?){4,}", text)
    return text if any(c.isalpha() for c in text) and not code else None


def lens_range(value: Json) -> str | None:
    """`24-70mm f/2.8`, from the four numbers of the Exif tag LensSpecification."""
    if "undef" in plain(value) and not re.search(r"\d", plain(value)):
        return None
    numbers = [number_of(part) for part in plain(value).split()]
    if len(numbers) != 4 or not numbers[0]:
        return None
    short, long, wide, tele = numbers

    def span(low: float | None, high: float | None) -> str:
        return f"{low:g}" if not high or high == low else f"{low:g}-{high:g}"

    aperture = f" f/{span(wide, tele)}" if wide else ""
    return f"{span(short, long)}mm{aperture}"


def positive(value: Json) -> float | None:
    """A number above zero."""
    if plain(value).strip() in ("", "undef"):
        return None
    number = number_of(value)
    if number is None or number <= 0:
        raise ValueRefusedError(value, "is not a number above 0")
    return number


def whole(value: Json) -> int | None:
    """A whole number that fits its column; of several (`0 200`) the first above 0."""
    if plain(value).strip() == "":
        return None
    for part in plain(value).split():
        number = number_of(part)
        if number is not None and 1 <= number <= INT_MAX:
            return round(number)
    raise ValueRefusedError(value, "is not a number above 0")


def orientation(value: Json) -> int | None:
    """The Exif value, 1 to 8."""
    number = number_of(value)
    if number is None and plain(value).strip() == "":
        return None
    if number is None or number not in range(1, 9):
        raise ValueRefusedError(value, "is not 1 to 8")
    return int(number)


def duration(value: Json) -> float | None:
    """Seconds: a number, `0:01:02.5`, or XMP's `{Scale, Value}`."""
    if isinstance(value, dict):
        ticks, scale = number_of(value.get("Value")), _ratio(value.get("Scale"))
        seconds = None if ticks is None or scale is None else ticks * scale
    elif found := _CLOCK.fullmatch(plain(value).strip()):
        seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
    elif plain(value).strip() == "":
        return None
    else:
        seconds = number_of(value)
    if seconds is None or seconds < 0:
        raise ValueRefusedError(value, "is not a number above 0")
    if seconds > LONGEST:
        raise ValueRefusedError(value, "seconds are endless")
    return seconds


def _ratio(value: Json) -> float | None:
    over, _, under = plain(value).partition("/")
    first, second = number_of(over), number_of(under or 1)
    return None if first is None or not second else first / second


def stars(value: Json) -> int | None:
    """Stars, 0 to 5, or -1 for rejected."""
    number = number_of(value)
    if number is None and plain(value).strip() == "":
        return None
    if number is None or not -1 <= number <= 5:
        raise ValueRefusedError(value, "is no rating")
    return round(number)


def stars_of_percent(value: Json) -> int | None:
    """Stars of a percentage, as Windows counts them."""
    number = number_of(value)
    if number is None and plain(value).strip() == "":
        return None
    if number is None or not 0 <= number <= 100:
        raise ValueRefusedError(value, "is no rating")
    return next(count for least, count in _STARS_OF_PERCENT if number >= least)
