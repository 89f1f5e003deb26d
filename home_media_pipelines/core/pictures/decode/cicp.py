"""Coded colours as sRGB: code points by ITU-T H.273, HDR toned as phones show it.

Transfers by ITU-R BT.2100, reference white (203 cd/m² of PQ, 75 % of HLG) by BT.2408.
HLG is shown as on a display of 334 cd/m², whose system gamma by BT.2100 is 1.
What is brighter than reference white is compressed by a knee on the brightest
channel: below it nothing changes, hues stay, and 1,000 cd/m² become white.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PQ: Final = 16
HLG: Final = 18
UNSPECIFIED: Final = 2
_WHITE = 203.0
_PEAK = 1000.0 / _WHITE
_KNEE = 0.85
_SRGB_LIKE = frozenset({1, 6, 13, 14, 15, UNSPECIFIED})
"""Transfers that pictures with an ordinary range are shown by as if they were sRGB."""


@dataclass(frozen=True, slots=True)
class Cicp:
    """Code points of H.273: colour primaries and transfer characteristics."""

    primaries: int = 1
    transfer: int = 13

    @property
    def is_hdr(self) -> bool:
        """Whether values beyond reference white are coded."""
        return self.transfer in {PQ, HLG}

    @property
    def is_srgb(self) -> bool:
        """Whether the values can be shown as they are."""
        return self.transfer in _SRGB_LIKE and self.primaries not in _TO_SRGB

    @property
    def name(self) -> str | None:
        """The kind of HDR, for people; None for an ordinary range."""
        return {PQ: "PQ", HLG: "HLG"}.get(self.transfer)


def to_srgb_pixels(
    pixels: NDArray[np.uint8] | NDArray[np.uint16], cicp: Cicp
) -> NDArray[np.uint8]:
    """Convert coded RGB to sRGB.

    Args:
        pixels: shape (height, width, 3), full range of its dtype.
        cicp: what the values mean.

    Returns:
        uint8, the same shape; colours outside sRGB are clipped.
    """
    most = np.iinfo(pixels.dtype).max
    steps = np.linspace(0, 1, most + 1, dtype=np.float32)
    light = _decoder(cicp.transfer)(steps)[pixels]
    if (matrix := _TO_SRGB.get(cicp.primaries)) is not None:
        light = light @ matrix.T
    if cicp.is_hdr:
        light = _tone(light)
    coded = _encode_srgb(np.clip(light, 0, 1))
    return np.rint(coded * 255).astype(np.uint8)


def _tone(light: Floats) -> Floats:
    """Compress what is brighter than the knee into what is left below white."""
    brightest = light.max(axis=-1, keepdims=True)
    above = np.maximum(brightest - _KNEE, 0)
    room = 1 - _KNEE
    bend = 1 - room / (_PEAK - _KNEE)
    toned = np.minimum(brightest, _KNEE) + above / (1 + above / room * bend)
    return light * (toned / np.maximum(brightest, 1e-6))


def _decode_pq(coded: Floats) -> Floats:
    """Light of a display, 1 is reference white."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = coded.astype(np.float64) ** (1 / m2)
    light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return (light * 10_000 / _WHITE).astype(np.float32)


def _decode_hlg(coded: Floats) -> Floats:
    """Light of the scene, 1 is reference white."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    scene = np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - c) / a) + b) / 12)
    white = (np.exp((0.75 - c) / a) + b) / 12
    return (scene / white).astype(np.float32)


def _decode_srgb(coded: Floats) -> Floats:
    return np.where(
        coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4
    ).astype(np.float32)


def _encode_srgb(light: Floats) -> Floats:
    return np.where(
        light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055
    ).astype(np.float32)


def _decoder(transfer: int) -> Callable[[Floats], Floats]:
    decoders: dict[int, Callable[[Floats], Floats]] = {
        4: lambda coded: coded**2.2,
        5: lambda coded: coded**2.8,
        8: lambda coded: coded,
        PQ: _decode_pq,
        HLG: _decode_hlg,
    }
    return decoders.get(transfer, _decode_srgb)


def _matrix(*chromaticities: tuple[float, float]) -> Floats:
    """Return linear RGB of these primaries (red, green, blue; D65) to linear sRGB."""

    def to_xyz(points: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in points]).T
        white = np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290])
        return columns * np.linalg.solve(columns, white)

    srgb = to_xyz(((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)))
    return (np.linalg.inv(srgb) @ to_xyz(chromaticities)).astype(np.float32)


_TO_SRGB: dict[int, Floats] = {
    9: _matrix((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: _matrix((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
"""BT.2020 and Display P3; the primaries of SD and HD television differ too little."""
