"""Any picture as upright 8-bit sRGB without alpha."""

from functools import lru_cache
from itertools import product
from typing import cast

import numpy as np
import pyvips

from home_media_pipelines.core.pictures.decode.cicp import Cicp, to_srgb_pixels
from home_media_pipelines.core.pictures.decode.icc import cicp_of_profile
from home_media_pipelines.core.pictures.decode.picture import from_pixels, with_profile

GROUND = 224
"""The light grey that transparent pictures lie on: black and white show alike."""

_SAME = 2
"""A profile that moves no colour further than this of 255 is sRGB by another name."""


def to_srgb(
    image: pyvips.Image, cicp: Cicp | None = None
) -> tuple[pyvips.Image, str | None]:
    """Return three bands of 8-bit sRGB, and a warning if the profile was unusable.

    Code points that mean HDR count before an ICC profile, others after it.
    """
    converted, warning = _converted(image, cicp)
    if converted.hasalpha():
        converted = converted.flatten(background=[GROUND] * 3)
    if converted.bands > 3:
        converted = converted.extract_band(0, n=3)
    return converted.cast("uchar"), warning


def _converted(
    image: pyvips.Image, cicp: Cicp | None
) -> tuple[pyvips.Image, str | None]:
    warning = None
    profile = _profile(image)
    colours = image.bands - image.hasalpha()
    if colours == 3:
        coded = (profile and cicp_of_profile(profile)) or cicp
        if coded and (coded.is_hdr or not (profile or coded.is_srgb)):
            return _by_cicp(image, coded), None
    if profile:
        if not (colours == 3 and is_srgb(profile)):
            try:
                return _by_profile(image), None
            except pyvips.Error:
                warning = "its colour profile cannot be used"
        image = image.copy()
        image.remove("icc-profile-data")
    return image.colourspace("srgb"), warning


def _profile(image: pyvips.Image) -> bytes | None:
    if image.get_typeof("icc-profile-data") == 0:
        return None
    return cast(bytes, image.get("icc-profile-data"))


def _by_cicp(image: pyvips.Image, cicp: Cicp) -> pyvips.Image:
    colours = image.extract_band(0, n=3).numpy()
    shown = from_pixels(to_srgb_pixels(colours, cicp))
    if not image.hasalpha():
        return shown
    alpha = image.extract_band(3)
    alpha = alpha >> 8 if alpha.format == "ushort" else alpha
    return shown.bandjoin(alpha.cast("uchar"))


def _by_profile(image: pyvips.Image) -> pyvips.Image:
    return image.icc_transform(
        "srgb", embedded=True, intent="relative", black_point_compensation=True
    ).copy_memory()


@lru_cache(maxsize=64)
def is_srgb(profile: bytes) -> bool:
    """Tell whether an RGB profile changes no colour that anyone could see."""
    grid = np.array([list(product(range(0, 256, 51), repeat=3))], np.uint8)
    try:
        moved = _by_profile(with_profile(from_pixels(grid), profile)).numpy()
    except pyvips.Error:
        return False
    return moved.shape == grid.shape and bool(
        (np.abs(moved.astype(int) - grid) <= _SAME).all()
    )


def upright(image: pyvips.Image, orientation: int) -> pyvips.Image:
    """Turn and mirror by an EXIF orientation, 1–8; anything else changes nothing."""
    turns = {
        2: (pyvips.Image.fliphor,),
        3: (pyvips.Image.rot180,),
        4: (pyvips.Image.flipver,),
        5: (pyvips.Image.rot90, pyvips.Image.fliphor),
        6: (pyvips.Image.rot90,),
        7: (pyvips.Image.rot270, pyvips.Image.fliphor),
        8: (pyvips.Image.rot270,),
    }
    for turn in turns.get(orientation, ()):
        image = turn(image)
    return image
