"""ThumbHash, against the published algorithm as another package wrote it."""

import numpy as np
import pytest
from thumbhash import rgba_to_thumb_hash

from home_media_pipelines.core.pictures.thumbhash import thumbhash


@pytest.mark.parametrize("shape", [(20, 30), (30, 20), (25, 25), (1, 60), (60, 2)])
def test_the_hash_is_the_published_one(shape):
    """A wave that falls on a half may round either way, so one step is allowed."""
    random = np.random.default_rng(7)
    rgb = random.integers(0, 256, (*shape, 3), np.uint8)
    rgba = np.dstack([rgb, np.full(shape, 255, np.uint8)])
    expected = rgba_to_thumb_hash(shape[1], shape[0], rgba.ravel().tolist())
    got = thumbhash(rgb)
    assert len(got) == len(expected)
    ours, theirs = nibbles(got[5:]), nibbles(expected[5:])
    assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) <= 1
    assert list(got[:5]) == expected[:5]


def nibbles(data):
    return [half for byte in data for half in (byte & 15, byte >> 4)]


@pytest.mark.parametrize("shape", [(0, 3, 3), (101, 5, 3), (5, 5), (5, 5, 4)])
def test_refuses_what_is_not_a_small_picture(shape):
    with pytest.raises(ValueError, match="not a small RGB picture"):
        thumbhash(np.zeros(shape, np.uint8))
