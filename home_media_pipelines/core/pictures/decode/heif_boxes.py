"""What libheif does not tell of a HEIC file: was it turned, and is all of it there.

Boxes by ISO/IEC 14496-12, item properties by ISO/IEC 23008-12.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_TURNS = frozenset({b"irot", b"imir"})


@dataclass(frozen=True, slots=True)
class HeifBoxes:
    """`turned`: the primary item has a rotation or mirror of its own.

    `complete`: no box reaches beyond the end of the file.
    """

    turned: bool
    complete: bool


def read_boxes(data: bytes) -> HeifBoxes:
    """Walk the boxes of a HEIC file; nonsense in them counts as absent."""
    turned, end = False, 0
    for kind, start, stop in _boxes(data, 0, len(data)):
        end = stop
        if kind == b"meta":
            turned = _turned(data, start + 4, min(stop, len(data)))
    return HeifBoxes(turned, end == len(data))


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start of the payload and announced end of each box."""
    while at + 8 <= end:
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        start = at + 8
        if size == 1:
            size = int.from_bytes(data[start : start + 8], "big")
            start += 8
        stop = at + size if size else end
        if stop < start:
            return
        yield kind, start, stop
        at = stop


def _turned(data: bytes, at: int, end: int) -> bool:
    primary: int | None = None
    turns: set[int] = set()
    properties: dict[int, set[int]] = {}
    for kind, start, stop in _boxes(data, at, end):
        if kind == b"pitm":
            wide = data[start] > 0
            primary = int.from_bytes(
                data[start + 4 : start + (8 if wide else 6)], "big"
            )
        elif kind == b"iprp":
            for inner, first, last in _boxes(data, start, min(stop, end)):
                if inner == b"ipco":
                    turns = _turning_properties(data, first, min(last, end))
                elif inner == b"ipma":
                    properties |= _associations(data[first : min(last, end)])
    return bool(turns & properties.get(primary or 0, set()))


def _turning_properties(data: bytes, at: int, end: int) -> set[int]:
    """Return the places, from 1, of the properties that turn a picture."""
    found = enumerate(_boxes(data, at, end), start=1)
    return {place for place, (kind, _, _) in found if kind in _TURNS}


def _associations(box: bytes) -> dict[int, set[int]]:
    """Return item to places of its properties, from an `ipma` box."""
    if len(box) < 8:
        return {}
    id_bytes, place_bytes = (4 if box[0] else 2), (2 if box[3] & 1 else 1)
    mask = 0x7FFF if place_bytes == 2 else 0x7F
    found: dict[int, set[int]] = {}
    at = 8
    for _ in range(int.from_bytes(box[4:8], "big")):
        if at + id_bytes >= len(box):
            break
        item, count = int.from_bytes(box[at : at + id_bytes], "big"), box[at + id_bytes]
        at += id_bytes + 1
        places = (
            int.from_bytes(
                box[at + i * place_bytes : at + (i + 1) * place_bytes], "big"
            )
            for i in range(count)
        )
        found[item] = {place & mask for place in places}
        at += count * place_bytes
    return found
