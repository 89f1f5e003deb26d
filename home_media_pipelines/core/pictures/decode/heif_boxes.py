"""What decoders do not tell of a HEIC or AVIF file: turned, coloured how, complete.

Boxes by ISO/IEC 14496-12, item properties by ISO/IEC 23008-12.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from home_media_pipelines.core.pictures.decode.cicp import Cicp

_TURNS = frozenset({b"irot", b"imir"})


@dataclass(frozen=True, slots=True)
class HeifBoxes:
    """`turned`: the primary item has a rotation or mirror of its own.

    `complete`: no box reaches beyond the end of the file. `cicp`: the code points of
    the primary item's colours (`colr` of type `nclx`), None where it has none.
    """

    turned: bool
    complete: bool
    cicp: Cicp | None = None


def read_boxes(data: bytes) -> HeifBoxes:
    """Walk the boxes of a HEIC file; nonsense in them counts as absent."""
    turned, cicp, end = False, None, 0
    for kind, start, stop in _boxes(data, 0, len(data)):
        end = stop
        if kind == b"meta":
            found = _primary_properties(data, start + 4, min(stop, len(data)))
            turned = any(kind in _TURNS for kind, _ in found)
            cicp = next(filter(None, (_nclx(*it) for it in found)), None)
    return HeifBoxes(turned, end == len(data), cicp)


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


def _primary_properties(data: bytes, at: int, end: int) -> list[tuple[bytes, bytes]]:
    """Return kind and payload of the properties of the primary item."""
    primary = 0
    properties: list[tuple[bytes, bytes]] = []
    used: dict[int, set[int]] = {}
    for kind, start, stop in _boxes(data, at, end):
        if kind == b"pitm":
            size = 4 if data[start] > 0 else 2
            primary = int.from_bytes(data[start + 4 : start + 4 + size], "big")
        elif kind == b"iprp":
            for inner, first, last in _boxes(data, start, min(stop, end)):
                if inner == b"ipco":
                    properties = [
                        (name, data[begin : min(finish, end)])
                        for name, begin, finish in _boxes(data, first, min(last, end))
                    ]
                elif inner == b"ipma":
                    used |= _associations(data[first : min(last, end)])
    indices = used.get(primary, set())
    return [it for index, it in enumerate(properties, start=1) if index in indices]


def _nclx(kind: bytes, payload: bytes) -> Cicp | None:
    if kind != b"colr" or payload[:4] != b"nclx" or len(payload) < 8:
        return None
    return Cicp(
        int.from_bytes(payload[4:6], "big"), int.from_bytes(payload[6:8], "big")
    )


def _associations(box: bytes) -> dict[int, set[int]]:
    """Return item to indices of its properties, from an `ipma` box."""
    if len(box) < 8:
        return {}
    id_bytes, index_bytes = (4 if box[0] else 2), (2 if box[3] & 1 else 1)
    mask = 0x7FFF if index_bytes == 2 else 0x7F
    found: dict[int, set[int]] = {}
    at = 8
    for _ in range(int.from_bytes(box[4:8], "big")):
        if at + id_bytes >= len(box):
            break
        item, count = int.from_bytes(box[at : at + id_bytes], "big"), box[at + id_bytes]
        at += id_bytes + 1
        indices = (
            int.from_bytes(
                box[at + i * index_bytes : at + (i + 1) * index_bytes], "big"
            )
            for i in range(count)
        )
        found[item] = {index & mask for index in indices}
        at += count * index_bytes
    return found
