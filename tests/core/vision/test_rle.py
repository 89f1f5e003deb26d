"""Masks as run lengths: the same as the reference's, and back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from pycocotools import mask as coco

from home_media_pipelines.core.errors import MaskError
from home_media_pipelines.core.vision import rle

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=40))


def test_runs_go_down_the_columns_and_start_with_background():
    """Read by column, this mask is on, off, off, on: runs 0 1 2 1."""
    mask = np.array([[1, 0], [0, 1]], bool)
    assert rle.encode(mask) == "0120"  # the last as a difference to the one before last
    assert rle.area("0120") == 2


def test_only_the_window_around_the_pixels_is_stored():
    mask = np.zeros((100, 200), bool)
    mask[30:50, 60:70] = True
    found = rle.crop_and_encode(mask)
    assert (found.x, found.y, found.width, found.height) == (60, 30, 10, 20)
    assert (found.picture_width, found.picture_height) == (200, 100)
    assert found.area == 200 / 20_000
    assert rle.area(found.counts) == 200


def test_a_mask_without_a_pixel_is_no_mask():
    """Its window would have no size."""
    assert rle.crop_and_encode(np.zeros((4, 4), bool)) is None


@given(masks)
def test_pasting_gives_the_mask_back(mask):
    """Nothing is lost, whatever the shape and wherever the pixels are."""
    found = rle.crop_and_encode(mask)
    if found is None:
        assert not mask.any()
    else:
        np.testing.assert_array_equal(rle.paste(found), mask)
        assert found.area * mask.size == pytest.approx(mask.sum())


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@given(masks)
def test_other_tools_read_what_we_store(mask):
    """Any COCO tool, not only ours: size is (height, width)."""
    counts = rle.encode(mask)
    code = {"size": list(mask.shape), "counts": counts.encode()}
    np.testing.assert_array_equal(coco.decode(code).astype(bool), mask)
    assert rle.area(counts) == coco.area(code) == mask.sum()


def test_long_runs_survive():
    """A run of a million pixels takes four characters."""
    mask = np.zeros((2048, 1536), bool)
    mask[:, 700:] = True
    np.testing.assert_array_equal(rle.decode(rle.encode(mask), 1536, 2048), mask)


@pytest.mark.parametrize(
    "bad", [np.zeros((0, 3), bool), np.zeros(4, bool), np.zeros((2, 2))]
)
def test_rejects_what_is_not_a_mask(bad):
    with pytest.raises(MaskError, match="not a mask"):
        rle.encode(bad)


@pytest.mark.parametrize("bad", ["0120", "\x7f", "é", "P", "0O"])
def test_rejects_runs_that_do_not_fill_the_window(bad):
    """The reference writes past the end of its array when given such."""
    with pytest.raises(MaskError):
        rle.decode(bad, 3, 3)
