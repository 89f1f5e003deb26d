"""The picture of one object alone: its mask's window, the rest painted over."""

import numpy as np
from PIL import Image

from home_media_pipelines.core.rle import CroppedMask, paste

MARGIN = 0.08
"""Kept around the window on each side, as a share of its width or height."""


def mean_colour(picture: Image.Image) -> tuple[int, int, int]:
    """Return the mean of a picture's samples as RGB, 0–255."""
    red, green, blue = np.asarray(picture).mean(axis=(0, 1))
    return round(float(red)), round(float(green)), round(float(blue))


def masked_crop(
    picture: Image.Image,
    mask: CroppedMask,
    background: tuple[int, int, int],
    *,
    margin: float = MARGIN,
) -> Image.Image:
    """Cut an object out of its picture.

    Args:
        picture: RGB, of any size with the ratio that the mask was made for.
        mask: what belongs to the object.
        background: RGB of what does not; the picture's mean keeps a network calm.
        margin: as a share of the window's sides; the crop ends with the picture.

    Returns:
        RGB, at least one pixel wide and high.

    Raises:
        MaskError: the run lengths do not fill the mask's window.
    """
    stencil = Image.fromarray(paste(mask))
    across = picture.width / mask.picture_width
    down = picture.height / mask.picture_height
    if stencil.size != picture.size:
        stencil = stencil.resize(picture.size, Image.Resampling.NEAREST)
    wide, high = mask.width * margin, mask.height * margin
    left = max(0, round((mask.x - wide) * across))
    top = max(0, round((mask.y - high) * down))
    right = min(picture.width, round((mask.x + mask.width + wide) * across))
    bottom = min(picture.height, round((mask.y + mask.height + high) * down))
    window = (left, top, max(right, left + 1), max(bottom, top + 1))
    ground = Image.new("RGB", (window[2] - left, window[3] - top), background)
    ground.paste(picture.crop(window), mask=stencil.crop(window))
    return ground
