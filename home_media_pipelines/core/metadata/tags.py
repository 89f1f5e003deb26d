"""Tags as ExifTool names them, made safe to store and easy to ask.

A key has two parts, `Group:Tag` (family 1, such as `ExifIFD:ISO` or `XMP-dc:Title`),
when ExifTool prefers this value for that tag name; lesser ones carry a third part in
between, `IFD1:Copy1:Orientation`. Which value means the picture is not for ExifTool to
say: `core.metadata.sources` lists the groups that count, field by field.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

CUT_SHORT = "ExifTool:CutShort"
"""Tag that says why only the most useful tags of a file were read."""

STRING_LIMIT = 64 * 1024
"""Longest text kept of one value, in bytes of UTF-8."""

TAGS_LIMIT = 1024 * 1024
"""Largest set of tags kept of one content, in bytes of JSON."""

_KEY_LIMIT = 200
_DEPTH_LIMIT = 16
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BINARY = re.compile(r"\(Binary data \d+ bytes, use -b option to extract\)")


@dataclass(frozen=True, slots=True)
class Tag:
    """One value in a file: its group, its name, what it holds."""

    group: str
    name: str
    value: Json

    @property
    def key(self) -> str:
        """`Group:Tag`, for people."""
        return f"{self.group}:{self.name}"


def safe_text(text: str, limit: int = STRING_LIMIT) -> str:
    """The text without what Postgres or a terminal chokes on, cut to `limit` bytes.

    Control characters but tab and line ends go; lone surrogates become U+FFFD.
    """
    if _UNSAFE.search(text):
        text = _UNSAFE.sub(lambda c: "\ufffd" if c[0] > "\ud7ff" else "", text)
    if len(text) * 4 > limit:
        text = text.encode()[:limit].decode(errors="ignore")
    return text


def safe_tags(tags: Mapping[str, object]) -> tuple[dict[str, Json], list[str]]:
    """Tags that JSON and Postgres take, and notes on what had to be left out.

    Binary values go without a note: ExifTool only counts their bytes.
    """
    notes: list[str] = []
    safe: dict[str, Json] = {}
    for key, value in tags.items():
        if isinstance(value, str) and _BINARY.fullmatch(value):
            continue
        name = safe_text(key, _KEY_LIMIT)
        safe[name] = _safe(value, name, notes, 0)
    _shrink(safe, notes)
    return safe, notes


def by_name(tags: Mapping[str, Json]) -> dict[str, list[Tag]]:
    """All values of each tag name, the one ExifTool prefers first."""
    found: dict[str, list[Tag]] = {}
    for key, value in tags.items():
        group, _, name = key.rpartition(":")
        group, _, copy = group.partition(":")
        tag = Tag(group, name, value)
        if copy:
            found.setdefault(name, []).append(tag)
        else:
            found.setdefault(name, []).insert(0, tag)
    return found


def in_groups(
    names: Mapping[str, list[Tag]], name: str, groups: tuple[str, ...]
) -> Iterator[Tag]:
    """The values of a tag in these groups, in their order; `*` ends a beginning."""
    tags = names.get(name)
    if not tags:
        return
    for group in groups:
        start = group[:-1] if group.endswith("*") else None
        for tag in tags:
            if tag.group == group or (
                start is not None and tag.group.startswith(start)
            ):
                yield tag


def plain(value: Json) -> str:
    """The value as text: parts of a list in a row, nothing for nothing."""
    if isinstance(value, list):
        return " ".join(plain(item) for item in value[:1_000])
    if isinstance(value, dict):
        return ""
    return "" if value is None else str(value)


def number_of(value: Json) -> float | None:
    """The value as a finite number (of a list its first), None if it is none."""
    if isinstance(value, list):
        return number_of(value[0]) if value else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _safe(  # noqa: PLR0911 - one return per JSON type
    value: object, key: str, notes: list[str], depth: int
) -> Json:
    if isinstance(value, str):
        text = safe_text(value)
        if len(text) < len(value) and len(value) * 4 > STRING_LIMIT:
            notes.append(f"{key} was cut, it has {len(value)} characters")
        return text
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else f"{value:#x}"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth >= _DEPTH_LIMIT:
        notes.append(f"{key} is nested too deep")
        return None
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return {
            safe_text(str(name), _KEY_LIMIT): _safe(item, key, notes, depth + 1)
            for name, item in pairs
        }
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return [_safe(item, key, notes, depth + 1) for item in items]
    return safe_text(str(value))


def _shrink(tags: dict[str, Json], notes: list[str]) -> None:
    """Drop the largest values until the whole fits."""
    sizes = {key: _size(key) + _size(value) + 4 for key, value in tags.items()}
    total = sum(sizes.values())
    for key in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if total <= TAGS_LIMIT:
            return
        total -= sizes[key]
        del tags[key]
        notes.append(f"{key} left out, it has {sizes[key]} bytes")


def _size(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
