"""Write a small DNG: a drawn picture as a sensor behind a Bayer filter would see it.

Format: Adobe DNG 1.4 on top of TIFF 6.0, uncompressed 16-bit, filter RGGB.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}
_XYZ_TO_SRGB = (
    (3.2406, -1.5372, -0.4986),
    (-0.9689, 1.8758, 0.0415),
    (0.0557, -0.2040, 1.0570),
)
_NEUTRAL = (0.5, 1.0, 0.625)
_WHITE = 16383


@dataclass(frozen=True, slots=True)
class RawFacts:
    """What the file says of its camera; `taken` as EXIF writes it, local time."""

    make: str
    model: str
    taken: str
    offset: str
    orientation: int = 1


Entry = tuple[int, int, bytes]


def _text(tag: int, value: str) -> Entry:
    return tag, 2, value.encode("ascii") + b"\0"


def _short(tag: int, *values: int) -> Entry:
    return tag, 3, struct.pack(f"<{len(values)}H", *values)


def _long(tag: int, *values: int) -> Entry:
    return tag, 4, struct.pack(f"<{len(values)}I", *values)


def _byte(tag: int, *values: int) -> Entry:
    return tag, 1, bytes(values)


def _ratios(tag: int, kind: int, values: tuple[float, ...]) -> Entry:
    pairs = [part for v in values for part in (round(v * 10000), 10000)]
    return tag, kind, struct.pack(f"<{len(pairs)}{'i' if kind == 10 else 'I'}", *pairs)


def _append(data: bytearray, blob: bytes) -> int:
    """Append a blob on an even offset; return the offset."""
    data.extend(b"\0" * (len(data) % 2))
    data.extend(blob)
    return len(data) - len(blob)


def _directory(data: bytearray, entries: list[Entry]) -> int:
    """Append an image file directory and its long values; return its offset."""
    rows = b""
    for tag, kind, payload in sorted(entries):
        count = len(payload) // _SIZES[kind]
        value = payload
        if len(payload) > 4:
            value = struct.pack("<I", _append(data, payload))
        rows += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    return _append(data, struct.pack("<H", len(entries)) + rows + b"\0" * 4)


def mosaic(rgb: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return what the sensor counted: uint16 (height, width), even sides, RGGB."""
    rgb = rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2]
    share = rgb.astype(np.float32) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    counts = (linear * np.array(_NEUTRAL) * _WHITE).astype(np.uint16)
    raw = counts[..., 1].copy()
    raw[0::2, 0::2] = counts[0::2, 0::2, 0]
    raw[1::2, 1::2] = counts[1::2, 1::2, 2]
    return raw


def encode_dng(
    rgb: NDArray[np.uint8], facts: RawFacts, preview: bytes | None = None
) -> bytes:
    """Return a DNG file.

    Args:
        rgb: uint8 (height, width, 3), sRGB.
        facts: camera and time.
        preview: a JPEG to embed as the file's first picture; None leaves it out.
    """
    raw = mosaic(rgb)
    data = bytearray(b"II*\0\0\0\0\0")
    strip = _append(data, raw.astype("<u2").tobytes())
    exif = _directory(
        data,
        [
            _text(36867, facts.taken),
            _text(36881, facts.offset),
            _ratios(33434, 5, (0.004,)),
            _ratios(33437, 5, (4.0,)),
            _short(34855, 100),
            (36864, 7, b"0231"),
        ],
    )
    sensor = [
        _long(254, 0),
        _long(256, raw.shape[1]),
        _long(257, raw.shape[0]),
        _short(258, 16),
        _short(259, 1),
        _short(262, 32803),
        _long(273, strip),
        _short(277, 1),
        _long(278, raw.shape[0]),
        _long(279, raw.nbytes),
        _short(284, 1),
        _short(33421, 2, 2),
        _byte(33422, 0, 1, 1, 2),
        _byte(50710, 0, 1, 2),
        _short(50711, 1),
        _short(50714, 0),
        _short(50717, _WHITE),
    ]
    matrix = tuple(
        value * gain
        for row, gain in zip(_XYZ_TO_SRGB, _NEUTRAL, strict=True)
        for value in row
    )
    main = [
        _text(271, facts.make),
        _text(272, facts.model),
        _short(274, facts.orientation),
        _text(306, facts.taken),
        _long(34665, exif),
        _byte(50706, 1, 4, 0, 0),
        _byte(50707, 1, 1, 0, 0),
        _text(50708, f"{facts.make} {facts.model}"),
        _ratios(50721, 10, matrix),
        _ratios(50728, 5, _NEUTRAL),
        _short(50778, 21),
    ]
    if preview is None:
        first = _directory(data, main + sensor)
    else:
        picture = _append(data, preview)
        width, height = _jpeg_size(preview)
        below = _directory(data, sensor)
        head = [
            _long(254, 1),
            _long(256, width),
            _long(257, height),
            _short(258, 8, 8, 8),
            _short(259, 7),
            _short(262, 6),
            _long(273, picture),
            _short(277, 3),
            _long(278, height),
            _long(279, len(preview)),
            _long(330, below),
        ]
        first = _directory(data, main + head)
    struct.pack_into("<I", data, 4, first)
    return bytes(data)


def _jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Return width, height from the JPEG's frame header (SOF0 or SOF2)."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC2):
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
    return width, height
