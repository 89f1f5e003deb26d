"""TIFF or one of the RAW formats that are TIFF inside."""

import struct
from dataclasses import dataclass, field

_MAGICS = {b"II*\0": "<", b"MM\0*": ">"}
_BIG_TIFFS = (b"II+\0", b"MM\0+")
_ALIASES = {b"IIU\0": "rw2", b"IIRO": "orf", b"IIRS": "orf", b"MMOR": "orf"}
_PANASONIC = frozenset({"rw2", "raw", "rwl"})

_EXTENSIONS_BY_MAKE = {
    "nikon": ("nef", "nrw"),
    "sony": ("arw", "sr2", "srf"),
    "pentax": ("pef", "ptx"),
    "ricoh": ("pef",),
    "asahi": ("pef", "ptx"),
    "samsung": ("srw", "pef"),
    "hasselblad": ("3fr", "fff"),
    "imacon": ("fff",),
    "phase one": ("iiq", "cap"),
    "leaf": ("mos", "iiq"),
    "mamiya": ("mef", "mos", "iiq"),
    "seiko epson": ("erf",),
    "epson": ("erf",),
    "eastman kodak": ("kdc", "dcr", "k25"),
    "kodak": ("kdc", "dcr", "k25"),
    "panasonic": ("raw", "rw2"),
    "leica": ("rwl", "raw"),
    "canon": ("cr2",),
}
"""The RAW formats of each maker, the one to assume first."""
_RAW_EXTENSIONS = frozenset(
    name for names in _EXTENSIONS_BY_MAKE.values() for name in names
) | {"dng", "gpr"}

_SUBFILE, _PHOTOMETRIC, _MAKE, _SUB_IFDS, _DNG = 0xFE, 0x106, 0x10F, 0x14A, 0xC612
_CFA = 32803


@dataclass(frozen=True, slots=True)
class _Directory:
    """Tag to (count, value or offset) of one IFD, as far as the head shows it."""

    tags: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])

    def value(self, tag: int) -> int | None:
        found = self.tags.get(tag)
        return found[1] if found else None


def raw_or_tiff(head: bytes, extension: str) -> str | None:
    """Return a RAW format's name, `tiff`, or None when `head` is neither.

    A DNG says so itself. The others are TIFF files of a known make whose first picture
    is a small one, or which hold a sensor mosaic. When that cannot be seen in the
    head, or fits several formats of the make, the extension decides.
    """
    magic = head[:4]
    order = _MAGICS.get(magic)
    if alias := _ALIASES.get(magic):
        known = alias == "rw2" and extension in _PANASONIC
        return extension if known else alias
    if order is None or len(head) < 8:
        return "tiff" if magic in _BIG_TIFFS else None
    if head[8:10] == b"CR":
        return "cr2"
    if head[8:12] in {b"IIII", b"MMMM"}:
        return "cap" if extension == "cap" else "iiq"
    first = _read_directory(head, order, struct.unpack_from(order + "I", head, 4)[0])
    if first is None:  # its directory lies further back than the head
        return extension if extension in _RAW_EXTENSIONS else "tiff"
    return _by_directory(head, order, first, extension)


def _by_directory(head: bytes, order: str, first: _Directory, extension: str) -> str:
    if _DNG in first.tags:
        return "gpr" if extension == "gpr" else "dng"
    makes = _formats_of_make(head, first)
    if extension in makes:
        return extension
    if makes and _looks_raw(head, order, first):
        return makes[0]
    unknown_make = _MAKE in first.tags and not makes
    could_be_raw = unknown_make or _SUB_IFDS in first.tags
    return extension if could_be_raw and extension in _RAW_EXTENSIONS else "tiff"


def _read_directory(head: bytes, order: str, offset: int) -> _Directory | None:
    """Read the IFD at `offset`; None when it begins behind the head."""
    if offset + 2 > len(head):
        return None
    (count,) = struct.unpack_from(order + "H", head, offset)
    tags: dict[int, tuple[int, int]] = {}
    for at in range(offset + 2, offset + 2 + 12 * count, 12):
        if at + 12 > len(head):
            break
        tag, kind, number, value = struct.unpack_from(order + "HHII", head, at)
        if kind == 3 and number == 1:  # SHORT: in the first two bytes
            (value,) = struct.unpack_from(order + "H", head, at + 8)
        tags[tag] = number, value
    return _Directory(tags)


def _formats_of_make(head: bytes, first: _Directory) -> tuple[str, ...]:
    length, offset = first.tags.get(_MAKE, (0, 0))
    make = head[offset : offset + min(length, 40)].decode("latin-1").strip("\0 ")
    for known, names in _EXTENSIONS_BY_MAKE.items():
        if length > 4 and make.lower().startswith(known):
            return names
    return ()


def _looks_raw(head: bytes, order: str, first: _Directory) -> bool:
    if first.value(_PHOTOMETRIC) == _CFA:
        return True
    number, offset = first.tags.get(_SUB_IFDS, (0, 0))
    if number == 0:
        return False
    if first.value(_SUBFILE) == 1:
        return True
    sub = _read_directory(head, order, offset) if number == 1 else None
    return sub is not None and sub.value(_PHOTOMETRIC) == _CFA
