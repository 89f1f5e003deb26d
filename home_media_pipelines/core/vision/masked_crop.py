"""The picture of one object alone: its mask's window, the rest painted over."""

import numpy as np
from PIL import Image, ImageStat

from home_media_pipelines.core.vision.rle import CroppedMask, decode

MARGIN = 0.08
"""Kept around the window on each side, as a share of its width or height."""


def mean_colour(picture: Image.Image) -> tuple[int, int, int]:
    """Return the mean of a picture's samples as RGB, 0–255."""
    red, green, blue = ImageStat.Stat(picture).mean
    return round(red), round(green), round(blue)


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
    across = picture.width / mask.picture_width
    down = picture.height / mask.picture_height
    wide, high = mask.width * margin, mask.height * margin
    left = max(0, round((mask.x - wide) * across))
    top = max(0, round((mask.y - high) * down))
    right = min(picture.width, round((mask.x + mask.width + wide) * across))
    bottom = min(picture.height, round((mask.y + mask.height + high) * down))
    left, top = min(left, picture.width - 1), min(top, picture.height - 1)
    size = (max(1, right - left), max(1, bottom - top))
    stencil = Image.fromarray(
        decode(mask.counts, mask.width, mask.height).view(np.uint8) * 255
    )
    inner = (
        max(1, round(mask.width * across)),
        max(1, round(mask.height * down)),
    )
    if stencil.size != inner:
        stencil = stencil.resize(inner, Image.Resampling.NEAREST)
    x, y = round(mask.x * across), round(mask.y * down)
    ground = Image.new("RGB", size, background)
    inside = picture.crop((x, y, x + inner[0], y + inner[1]))
    ground.paste(inside, (x - left, y - top), stencil)
    return ground
