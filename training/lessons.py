"""A pool of drawings, drawn once, from which batches of varied pictures are taken."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.core.vision.masked_crop import MARGIN
from home_media_pipelines.sample.scenes import Scene, SceneObject
from training.facts import Facts, add_visible

SCENE, CROP = 192, 112
"""Pixels of the squares that whole drawings and single things are kept as."""

_Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class WholeLesson:
    """A drawing pressed into a square; `ids` says which thing each pixel is of."""

    picture: _Pixels
    ids: _Pixels
    things: list[SceneObject]
    areas: list[int]
    kind: str
    light: str


@dataclass(frozen=True, slots=True)
class CropLesson:
    """One thing cut from a drawing: as it stands there, and before the mean colour."""

    picture: _Pixels
    alone: _Pixels
    thing: SceneObject
    facts: Facts
    facts_alone: Facts


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything drawn."""

    wholes: list[WholeLesson]
    crops: list[CropLesson]


def pool(scenes: Iterable[Scene]) -> Pool:
    """Press drawings and the things in them into small squares, to keep in memory."""
    found = Pool([], [])
    for scene in scenes:
        ids = np.zeros(scene.image.size[::-1], np.uint8)
        for number, thing in enumerate(scene.objects, start=1):
            ids[thing.mask] = number
        nothing = np.empty((0, 0), bool)
        things = [replace(thing, mask=nothing) for thing in scene.objects]
        found.wholes.append(_whole(scene, ids, things))
        mean = tuple(round(float(c)) for c in np.asarray(scene.image).mean((0, 1)))
        for number, thing in enumerate(scene.objects, start=1):
            if thing.mask.mean() >= 0.003:
                found.crops.append(_crop(scene, ids, things, number, mean))
    return found


def _whole(scene: Scene, ids: _Pixels, things: list[SceneObject]) -> WholeLesson:
    size = (SCENE, SCENE)
    small = np.asarray(Image.fromarray(ids).resize(size, Image.Resampling.NEAREST))
    areas = np.bincount(small.ravel(), minlength=len(things) + 1)[1:].tolist()
    picture = np.asarray(scene.image.resize(size, Image.Resampling.BICUBIC))
    return WholeLesson(picture, small, things, areas, scene.kind, scene.light)


def _crop(
    scene: Scene,
    ids: _Pixels,
    things: list[SceneObject],
    number: int,
    mean: tuple[int, ...],
) -> CropLesson:
    thing = things[number - 1]
    width, height = scene.image.size
    x, y, w, h = thing.box
    window = (
        max(0, round((x - w * MARGIN) * width)),
        max(0, round((y - h * MARGIN) * height)),
        min(width, round((x + w + w * MARGIN) * width)),
        min(height, round((y + h + h * MARGIN) * height)),
    )
    size = (CROP, CROP)
    picture = scene.image.crop(window)
    part = ids[window[1] : window[3], window[0] : window[2]]
    alone = Image.new("RGB", picture.size, mean)
    alone.paste(picture, mask=Image.fromarray(part == number))
    facts, facts_alone = Facts(), Facts()
    facts.add_scene(scene.kind, scene.light, sure=False)
    facts_alone.add_scene(scene.kind, scene.light, sure=False)
    facts_alone.add_thing(thing)
    areas = np.bincount(ids.ravel(), minlength=len(things) + 1)[1:].tolist()
    add_visible(facts, things, areas, part)
    facts.add_thing(thing)
    return CropLesson(
        np.asarray(picture.resize(size, Image.Resampling.BICUBIC)),
        np.asarray(alone.resize(size, Image.Resampling.BICUBIC)),
        thing,
        facts,
        facts_alone,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of a batch, what is true of it, and what a caption may speak of.

    `pixels` is uint8 (side, side, 3); `ids` is uint8 (side, side), which of `things` a
    pixel is of, counted from 1; None where that is not known.
    """

    pixels: _Pixels
    ids: _Pixels | None
    facts: Facts
    things: list[SceneObject]
    kind: str | None
    light: str | None


def look(pool: Pool, rng: np.random.Generator, side: int, *, crop: bool) -> Seen:
    """Take a random drawing, or thing, and vary its window, side and brightness."""
    seen = _look_at_thing(pool, rng, side) if crop else _look_at_scene(pool, rng, side)
    pixels, ids = seen.pixels, seen.ids
    if rng.random() < 0.5:
        pixels, ids = pixels[:, ::-1], None if ids is None else ids[:, ::-1]
    tint = rng.uniform(0.93, 1.07) * rng.uniform(0.97, 1.03, 3)
    bright = np.clip(pixels * tint + rng.uniform(-6, 6), 0, 255).astype(np.uint8)
    return replace(seen, pixels=bright, ids=ids)


def _look_at_scene(pool: Pool, rng: np.random.Generator, side: int) -> Seen:
    lesson = pool.wholes[int(rng.integers(len(pool.wholes)))]
    left, top, wide, tall = 0, 0, SCENE, SCENE
    if rng.random() < 0.6:
        wide, tall = (int(v) for v in rng.uniform(0.6, 1, 2) * SCENE)
        left = int(rng.integers(SCENE - wide + 1))
        top = int(rng.integers(SCENE - tall + 1))
    window = (left, top, left + wide, top + tall)
    facts = Facts()
    facts.add_scene(lesson.kind, lesson.light)
    part = lesson.ids[top : top + tall, left : left + wide]
    add_visible(facts, lesson.things, lesson.areas, part)
    pixels = _window(lesson.picture, window, side)
    rows = top + (np.arange(side) * tall + tall // 2) // side
    columns = left + (np.arange(side) * wide + wide // 2) // side
    ids = lesson.ids[np.ix_(rows, columns)]
    return Seen(pixels, ids, facts, lesson.things, lesson.kind, lesson.light)


def _look_at_thing(pool: Pool, rng: np.random.Generator, side: int) -> Seen:
    lesson = pool.crops[int(rng.integers(len(pool.crops)))]
    trim = rng.uniform(0, 0.07, 4) * CROP
    window = (trim[0], trim[1], CROP - trim[2], CROP - trim[3])
    alone = rng.random() < 0.5
    picture = lesson.alone if alone else lesson.picture
    pixels = _window(picture, window, side)
    facts = lesson.facts_alone if alone else lesson.facts
    return Seen(pixels, None, facts, [lesson.thing], None, None)


def _window(
    picture: _Pixels, window: tuple[float, float, float, float], side: int
) -> _Pixels:
    """Press a window (left, top, right, bottom) of a picture into a square."""
    how = Image.Resampling.BICUBIC
    whole = Image.fromarray(picture)
    return np.asarray(whole.resize((side, side), how, box=window))
