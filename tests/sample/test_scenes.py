"""Scenes: what the truth says is where the picture shows it."""

import numpy as np
import pytest

from home_media_pipelines.sample.scenes import (
    KINDS,
    Figure,
    UnknownSceneError,
    draw,
)
from home_media_pipelines.sample.things import CAST, LABELS, THINGS


@pytest.mark.parametrize("kind", KINDS)
def test_masks_lie_in_their_boxes_and_touch_their_edges(kind: str) -> None:
    scene = draw(5, kind, (320, 240))
    for thing in scene.objects:
        assert thing.mask.shape == (240, 320)
        assert thing.mask.dtype == np.bool_
        x, y, w, h = thing.box
        left, top = round(x * 320), round(y * 240)
        inside = thing.mask[top : top + round(h * 240), left : left + round(w * 320)]
        assert inside.sum() == thing.mask.sum()
        for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
            assert edge.any()


def test_visible_masks_never_overlap_so_each_pixel_has_one_owner() -> None:
    scene = draw(2, "city", (400, 300), cast=("truck", "car", "bicycle", "dog", "cat"))
    owners = sum(thing.mask.astype(int) for thing in scene.objects)
    assert owners.max() == 1


def test_the_mask_is_where_the_colour_is() -> None:
    scene = draw(
        1, "snow", (400, 300), cast=(Figure("ball", "red"),), light="noon", grain=0
    )
    (ball,) = scene.objects
    red = np.asarray(scene.image).astype(int)
    reddish = (red[..., 0] - red[..., 2]) > 80
    assert reddish[ball.mask].mean() > 0.3
    assert reddish[~ball.mask].mean() < 0.001


def test_every_thing_can_be_drawn_and_every_label_appears() -> None:
    seen = set()
    for number, thing in enumerate(THINGS):
        kind = "beach" if THINGS[thing].place == "water" else "meadow"
        scene = draw(number, kind, (240, 180), cast=(thing,))
        seen |= {found.label for found in scene.objects}
    assert seen == set(LABELS)
    assert {THINGS[name].label for cast in CAST.values() for name in cast} == seen


def test_the_same_seed_draws_the_same_pixels_and_another_one_does_not() -> None:
    one, two, other = (draw(seed, "lake", (200, 150)) for seed in (4, 4, 5))
    assert one.image.tobytes() == two.image.tobytes()
    assert one.caption == two.caption
    assert one.image.tobytes() != other.image.tobytes()


def test_a_caption_names_colours_things_people_and_place() -> None:
    cast = (Figure("truck", "red"), Figure("person", "blue", "Jonas"))
    scene = draw(1, "meadow", (400, 300), cast=cast, light="sunset")
    assert "a red truck" in scene.caption
    assert "Jonas" in scene.caption
    assert scene.caption.endswith("on a meadow at sunset")


@pytest.mark.parametrize("size", [(64, 64), (90, 400), (600, 120)])
def test_odd_sizes_are_drawn_too_because_training_uses_small_ones(
    size: tuple[int, int],
) -> None:
    for kind in KINDS:
        assert draw(9, kind, size).image.size == size


def test_an_unknown_place_or_thing_is_named_in_the_error() -> None:
    with pytest.raises(UnknownSceneError, match="moon"):
        draw(1, "moon", (64, 64))
    with pytest.raises(UnknownSceneError, match="dragon"):
        draw(1, "lake", (64, 64), cast=("dragon",))
