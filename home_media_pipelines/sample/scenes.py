"""Compose a scene: a place, things in depth order, what of each is visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.sample.animals import Appearance
from home_media_pipelines.sample.animals import person as draw_person
from home_media_pipelines.sample.backdrops import BACKDROPS, Stage
from home_media_pipelines.sample.light import LIGHTS, Light, develop, lit_layer
from home_media_pipelines.sample.paint import Sketch
from home_media_pipelines.sample.things import CAST, THINGS, Thing

KINDS: tuple[str, ...] = tuple(BACKDROPS)
Box = tuple[float, float, float, float]


class UnknownSceneError(HomeMediaError):
    """A scene was asked for with a place, light or thing nobody can draw."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"nobody can draw {self.name!r}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Who or what should be in a scene: a key of THINGS, perhaps named and dressed."""

    thing: str
    colour: str | None = None
    name: str | None = None
    look: Appearance | None = None
    grown: float = 1.0


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One thing in a scene.

    `box` is x, y, width, height as fractions 0-1 of what is visible; `mask` is bool,
    shape (height, width) of the picture, True where the thing itself is seen.
    """

    label: str
    colour: str
    box: Box
    mask: NDArray[np.bool_]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawn picture (RGB), what a person would say of it, what is where."""

    image: Image.Image
    kind: str
    light: str
    caption: str
    objects: tuple[SceneObject, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    figure: Figure
    thing: Thing
    colour: str
    layer: Image.Image
    x: int
    y: int
    depth: float


def draw(
    seed: int | np.random.Generator,
    kind: str,
    size: tuple[int, int],
    *,
    cast: Sequence[Figure | str] | None = None,
    light: str | None = None,
    grain: float = 1.6,
) -> Scene:
    """Draw one scene of `size` (width, height) pixels.

    Args:
        seed: the same seed and arguments give the same pixels.
        kind: one of KINDS.
        size: pixels of the picture.
        cast: things to show; without it one to five that suit the place.
        light: a key of LIGHTS; without it one that suits the place.
        grain: standard deviation of the film grain in grey levels.

    Raises:
        UnknownSceneError: `kind`, `light` or a thing is not one we draw.
    """
    rng = np.random.default_rng(seed)
    if kind not in BACKDROPS:
        raise UnknownSceneError(kind)
    light = light or _light_for(kind, rng)
    if light not in LIGHTS:
        raise UnknownSceneError(light)
    sun = LIGHTS[light]
    image = Image.new("RGB", size)
    stage = BACKDROPS[kind](image, rng, sun)
    figures = _figures(kind, cast, rng)
    placed = _place(figures, stage, size, sun, rng)
    owner = Image.new("L", size, 0)
    for number, item in enumerate(placed, start=1):
        if item.thing.place == "water":
            _reflect(image, item)
        elif item.thing.place == "ground":
            _shadow(image, item, stage, sun)
        image.paste(item.layer.convert("RGB"), (item.x, item.y), item.layer)
        solid = item.layer.getchannel("A").point([0] * 128 + [255] * 128)
        owner.paste(number, (item.x, item.y), solid)
    seen = np.asarray(owner)
    objects = tuple(
        made
        for number, item in enumerate(placed, start=1)
        if (made := _object(item, seen == number)) is not None
    )
    image = develop(image, rng, grain)
    return Scene(image, kind, light, _caption(kind, light, objects), objects)


def _light_for(kind: str, rng: np.random.Generator) -> str:
    if kind == "night":
        return "night"
    choice = ("noon", "noon", "noon", "morning", "morning", "sunset", "overcast")
    return choice[int(rng.integers(len(choice)))]


def _figures(
    kind: str, cast: Sequence[Figure | str] | None, rng: np.random.Generator
) -> list[Figure]:
    if cast is None:
        names = CAST[kind]
        count = int(rng.choice([1, 2, 3, 4, 5], p=[0.14, 0.26, 0.28, 0.2, 0.12]))
        cast = [names[i] for i in rng.permutation(len(names))[:count]]
    figures = [f if isinstance(f, Figure) else Figure(f) for f in cast]
    for figure in figures:
        if figure.thing not in THINGS:
            raise UnknownSceneError(figure.thing)
    return figures


def _place(
    figures: list[Figure],
    stage: Stage,
    size: tuple[int, int],
    light: Light,
    rng: np.random.Generator,
) -> list[_Placed]:
    """Find a spot for every figure and draw it; far ones first."""
    width, height = size
    unit = min(height, width * 0.86)
    taken: list[tuple[float, float, float, float]] = []
    placed: list[_Placed] = []
    spots = [_depth(THINGS[f.thing], rng) for f in figures]
    for figure, depth in sorted(
        zip(figures, spots, strict=True), key=lambda pair: -pair[1]
    ):
        thing = THINGS[figure.thing]
        tall = unit * thing.height * figure.grown * float(rng.uniform(0.92, 1.1))
        tall *= 0.62 + 0.38 * depth
        wide = tall * thing.size[0] / thing.size[1]
        band = {"water": stage.water, "sky": stage.sky}.get(thing.place) or stage.ground
        foot = height * (band[0] + (band[1] - band[0]) * depth)
        if thing.place == "sky" and stage.sky:
            foot = max(foot + tall * 0.6, tall * 1.05)
        left = _spot(taken, (wide, tall), foot, width, rng)
        taken.append((left, foot - tall, wide, tall))
        names = list(thing.colours)
        colour = figure.colour or names[int(rng.integers(len(names)))]
        layer = _layer(figure, thing, colour, tall=tall, light=light, rng=rng)
        at = (round(left), round(foot - layer.height))
        placed.append(_Placed(figure, thing, colour, layer, *at, depth))
    order = {"sky": 0, "water": 1, "ground": 2}
    return sorted(placed, key=lambda p: (order[p.thing.place], p.depth))


def _depth(thing: Thing, rng: np.random.Generator) -> float:
    return float(rng.uniform(*thing.depth))


def _spot(
    taken: list[tuple[float, float, float, float]],
    size: tuple[float, float],
    foot: float,
    width: int,
    rng: np.random.Generator,
) -> float:
    """Return the left edge that hides least of what stands already, of 14 tries."""
    wide, tall = size
    room = max(1.0, width * 0.96 - wide)
    best, least = 0.0, float("inf")
    for _ in range(14):
        left = width * 0.02 + float(rng.random()) * room
        hidden = 0.0
        for x, y, w, h in taken:
            over_x = max(0.0, min(left + wide, x + w) - max(left, x))
            over_y = max(0.0, min(foot, y + h) - max(foot - tall, y))
            hidden += over_x * over_y / min(wide * tall, w * h)
        if hidden < least:
            best, least = left, hidden
        if least < 0.06:
            break
    return best


def _layer(
    figure: Figure,
    thing: Thing,
    colour: str,
    *,
    tall: float,
    light: Light,
    rng: np.random.Generator,
) -> Image.Image:
    shrink = 2 if tall > 260 else 4
    sketch = Sketch(*thing.size, tall / thing.size[1] * shrink)
    paint = thing.colours.get(colour) or next(iter(thing.colours.values()))
    brush = partial(draw_person, look=figure.look) if figure.look else thing.draw
    brush(sketch, paint, rng)
    layer = lit_layer(sketch.finish(shrink), light)
    if thing.flips and rng.random() < 0.5:
        layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return layer


def _shadow(image: Image.Image, item: _Placed, stage: Stage, light: Light) -> None:
    """Lay the thing's soft shadow on the ground, away from the sun."""
    alpha = item.layer.getchannel("A")
    w, h = max(2, alpha.width // 4), max(2, alpha.height // 4)
    flat = max(2, round(h * 0.2))
    lean = (0.9 if stage.sun_left else -0.9) * flat
    pad = round(abs(lean)) + 8
    canvas = Image.new("L", (w + 2 * pad, flat + 16), 0)
    canvas.paste(alpha.resize((w, flat)), (pad, 6))
    foot = flat + 6
    shear = (1, lean / flat, -lean * foot / flat, 0, 1, 0)
    cast = canvas.transform(canvas.size, Image.Transform.AFFINE, shear)
    cast = cast.filter(ImageFilter.GaussianBlur(2.2))
    power = 0.2 if light.name in ("overcast", "night") else 0.34
    cast = cast.point([round(v * power) for v in range(256)])
    cast = cast.resize((cast.width * 4, cast.height * 4), Image.Resampling.BILINEAR)
    at = (item.x - pad * 4, item.y + item.layer.height - foot * 4)
    image.paste((24, 26, 56), at, cast)
    base = Image.new("L", (w + 24, 28), 0)
    dot = Image.radial_gradient("L").point([max(0, 200 - 2 * v) for v in range(256)])
    base.paste(dot.resize((max(2, round(w * 1.05)), 18)), (10, 5))
    base = base.resize((base.width * 4, max(8, round(h * 0.8))))
    spot = (item.x - 48, item.y + item.layer.height - round(base.height * 0.52))
    image.paste((20, 22, 40), spot, base.point([round(v * 0.55) for v in range(256)]))


def _reflect(image: Image.Image, item: _Placed) -> None:
    """Mirror a boat in the water below it, fading and blurred."""
    layer = item.layer.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    layer = layer.resize((layer.width, max(2, round(layer.height * 0.62))))
    layer = layer.filter(ImageFilter.GaussianBlur(3))
    fade = Image.linear_gradient("L").resize(layer.size)
    fade = fade.point([round((255 - v) * 0.5) for v in range(256)])
    mask = Image.composite(fade, Image.new("L", fade.size, 0), layer.getchannel("A"))
    at = (item.x, item.y + round(item.layer.height * 0.955))
    image.paste(layer.convert("RGB"), at, mask)


def _object(item: _Placed, mask: NDArray[np.bool_]) -> SceneObject | None:
    """Return what is visible of a placed thing; None when nothing to speak of is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0 or mask.sum() < 24:
        return None
    height, width = mask.shape
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    box = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    figure = item.figure
    return SceneObject(item.thing.label, item.colour, box, mask, figure.name)


_PLACES = {
    "beach": "on the beach",
    "meadow": "on a meadow",
    "snow": "in the snow",
    "city": "in a city street",
    "forest": "in a forest",
    "lake": "by a lake",
    "night": "on a starry night",
    "indoor": "in a room",
}
_TIMES = {
    "noon": "",
    "morning": " in the morning",
    "sunset": " at sunset",
    "overcast": " on a grey day",
    "night": "",
}


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"


def _caption(kind: str, light: str, objects: Sequence[SceneObject]) -> str:
    """Return a sentence such as "a red truck and a brown dog on a meadow at sunset"."""
    words: list[str] = []
    for thing in objects:
        word = thing.name or (
            f"a person in {thing.colour}"
            if thing.label == "person"
            else f"{_article(thing.colour)} {thing.colour} {thing.label}"
        )
        if word not in words:
            words.append(word)
    listed = (
        ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
        if words
        else "nobody"
    )
    return f"{listed} {_PLACES[kind]}{_TIMES[light]}"
