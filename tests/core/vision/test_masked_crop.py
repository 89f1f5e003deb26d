"""Crops of one object: the object, a margin, and nothing of what is around it."""

import numpy as np
from PIL import Image

from home_media_pipelines.core.vision.masked_crop import masked_crop, mean_colour
from home_media_pipelines.core.vision.rle import crop_and_encode

RED, GREY = (200, 0, 0), (90, 90, 90)


def scene() -> tuple[Image.Image, np.ndarray]:
    """A red disc on busy ground, and its mask."""
    y, x = np.mgrid[:100, :200]
    disc = (x - 100) ** 2 + (y - 50) ** 2 < 20**2
    pixels = np.random.default_rng(0).integers(0, 255, (100, 200, 3), np.uint8)
    pixels[disc] = RED
    return Image.fromarray(pixels), disc


def test_only_the_object_is_left_with_a_margin_around():
    picture, disc = scene()
    mask = crop_and_encode(disc)
    crop = np.asarray(masked_crop(picture, mask, GREY, margin=0.1))
    assert crop.shape[:2] == (mask.height + 8, mask.width + 8)
    assert {tuple(colour) for colour in crop.reshape(-1, 3)} == {RED, GREY}
    assert (crop == RED).all(axis=-1).sum() == disc.sum()


def test_the_margin_ends_with_the_picture():
    picture, disc = scene()
    crop = masked_crop(picture, crop_and_encode(np.ones_like(disc)), GREY)
    assert crop.size == picture.size


def test_a_mask_fits_the_same_picture_at_another_size():
    picture, disc = scene()
    small = picture.resize((100, 50), Image.Resampling.NEAREST)
    crop = np.asarray(masked_crop(small, crop_and_encode(disc), GREY, margin=0))
    assert abs(crop.shape[1] - 20) <= 1
    either = (crop == RED).all(axis=-1) | (crop == GREY).all(axis=-1)
    assert either.mean() > 0.9  # but for its rim


def test_an_object_of_one_pixel_is_a_crop():
    picture, disc = scene()
    point = np.zeros_like(disc)
    point[99, 199] = True
    assert min(masked_crop(picture, crop_and_encode(point), GREY).size) >= 1
    tiny = picture.resize((10, 5))
    assert min(masked_crop(tiny, crop_and_encode(point), GREY).size) >= 1


def test_the_mean_is_that_of_the_samples():
    assert mean_colour(Image.new("RGB", (3, 2), (10, 20, 30))) == (10, 20, 30)
