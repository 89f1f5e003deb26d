"""Who is in a picture, and where: the regions that tools draw around people.

Sources: Metadata Working Group regions (mwg-rs, centre based), Microsoft's people tags
(MP, corner based), IPTC PersonInImage (names alone). Both kinds of region count
from the picture as stored; ours count from the picture as shown.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from home_media_pipelines.core.metadata.tags import (
    Json,
    Tag,
    in_groups,
    safe_text,
)

_KINDS = ("face", "pet", "")
_LIMIT = 1_000
_SAME_PLACE = 0.5

_Box: TypeAlias = tuple[float, float, float, float]
_Face: TypeAlias = tuple[str | None, _Box]


def read_people(tags: Mapping[str, list[Tag]], orientation: int | None) -> list[Json]:
    """People as `{name, x, y, width, height}`, fractions of the upright picture.

    x and y are the top left corner. A face nobody named has name null; a name without
    a place has no x, y, width and height. `tags` are `core.metadata.tags.by_name`.
    """
    people: list[Json] = []
    names: set[str] = set()
    for name, box in _distinct([*_mwg(tags), *_microsoft(tags)]):
        turned = _upright(box, orientation or 1)
        keys = ("x", "y", "width", "height")
        people.append({"name": name, **dict(zip(keys, turned, strict=True))})
        names.add(name or "")
    for tag in in_groups(tags, "PersonInImage", ("XMP-iptcExt",)):
        for item in tag.value if isinstance(tag.value, list) else [tag.value]:
            name = _name(item)
            if name and name not in names:
                people.append({"name": name})
                names.add(name)
    return people[:_LIMIT]


def _distinct(faces: list[_Face]) -> list[_Face]:
    """Each face once: programs write it as both kinds of region, or twice as one.

    Boxes that cover much the same place are one face, unless they have two names.
    """
    found: list[_Face] = []
    for name, box in faces[: 2 * _LIMIT]:
        same = [
            at
            for at, (known, place) in enumerate(found)
            if (name is None or known is None or _loose(name) == _loose(known))
            and _overlap(box, place) > _SAME_PLACE
        ]
        if not same:
            found.append((name, box))
        elif found[same[0]][0] is None:
            found[same[0]] = (name, found[same[0]][1])
    return found


def _loose(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _overlap(one: _Box, other: _Box) -> float:
    """What two boxes share, as part of what they cover together."""
    (x, y, width, height), (left, top, across, down) = one, other
    wide = min(x + width, left + across) - max(x, left)
    high = min(y + height, top + down) - max(y, top)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (width * height + across * down - wide * high)


def _mwg(
    tags: Mapping[str, list[Tag]],
) -> Iterator[_Face]:
    for region in _regions(tags, "XMP-mwg-rs:RegionInfo", "RegionList"):
        area = region.get("Area")
        kind = str(region.get("Type") or "").lower()
        if not isinstance(area, dict) or kind not in _KINDS:
            continue
        if str(area.get("Unit") or "normalized") != "normalized":
            continue
        sides = [_fraction(area.get(key)) for key in ("X", "Y", "W", "H")]
        x, y, width, height = sides
        if x is None or y is None or width is None or height is None:
            continue
        box = _inside(x - width / 2, y - height / 2, width, height)
        if box:
            yield _name(region.get("Name")), box


def _microsoft(
    tags: Mapping[str, list[Tag]],
) -> Iterator[_Face]:
    for region in _regions(tags, "XMP-MP:RegionInfoMP", "Regions"):
        sides = [_fraction(s) for s in str(region.get("Rectangle") or "").split(",")]
        if len(sides) != 4:
            continue
        x, y, width, height = sides
        if x is None or y is None or width is None or height is None:
            continue
        box = _inside(x, y, width, height)
        if box:
            yield _name(region.get("PersonDisplayName")), box


def _regions(
    tags: Mapping[str, list[Tag]], info: str, regions: str
) -> Iterator[dict[str, Json]]:
    group, _, name = info.partition(":")
    for tag in in_groups(tags, name, (group,)):
        found = tag.value.get(regions) if isinstance(tag.value, dict) else None
        for region in found if isinstance(found, list) else []:
            if isinstance(region, dict):
                yield region


def _name(value: Json) -> str | None:
    return safe_text(str(value), 256).strip() or None if value is not None else None


def _fraction(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if -1 <= number <= 2 else None


def _inside(x: float, y: float, width: float, height: float) -> _Box | None:
    """The part of the box that lies in the picture, None if there is none."""
    left, top = max(x, 0.0), max(y, 0.0)
    right, bottom = min(x + width, 1.0), min(y + height, 1.0)
    if right <= left or bottom <= top:
        return None
    return left, top, right - left, bottom - top


def _upright(box: _Box, orientation: int) -> tuple[float, ...]:
    """The box after the turn that Exif orientation 1 to 8 asks for."""
    x, y, width, height = box
    right, below = 1 - x - width, 1 - y - height
    turned = {
        2: (right, y, width, height),
        3: (right, below, width, height),
        4: (x, below, width, height),
        5: (y, x, height, width),
        6: (below, x, height, width),
        7: (below, right, height, width),
        8: (y, right, height, width),
    }.get(orientation, box)
    return tuple(round(max(side, 0.0), 6) for side in turned)
