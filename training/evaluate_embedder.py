"""How well the tiny embedder does on drawings that it was not trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.core.vision.masked_crop import MARGIN
from home_media_pipelines.sample.scenes import KINDS, Scene
from home_media_pipelines.sample.things import LABELS, THINGS
from training.facts import Facts, add_visible
from training.sentences import judge
from training.vocabulary import (
    COLOUR_WORDS,
    LABEL_WORDS,
    NAME_WORDS,
    SETTINGS,
    Claim,
    Sentence,
    shades,
)

Vector = NDArray[np.float32]
"""Of length 1, shape (dimension,); several are (how many, dimension)."""

See = Callable[[list[Image.Image]], Sequence[Vector]]
Read = Callable[[list[str]], Sequence[Vector]]

PLACES = {
    "beach": "on the beach",
    "meadow": "on a meadow",
    "snow": "in the snow",
    "city": "in a city street",
    "forest": "in a forest",
    "lake": "by a lake",
    "night": "on a starry night",
    "indoor": "in a room",
}
"""A phrase for each kind of scene, as captions say it."""

UNHEARD = (
    *("submarine", "xyzzy", "elephant", "saxophone", "pizza", "helicopter"),
    *("Kühlschrank", "Trompete", "giraffe", "spreadsheet", "Pinguin", "a castle"),
)
"""Searches for what no drawing shows, in words of no training sentence."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Shares of right answers, 0–1, and percentiles of cosines.

    `searches`: for "a red truck", "a truck in the snow", everyday words and whole
    captions, the share whose best picture shows what was asked. `kinds` and `labels`:
    pictures, and single things cut out plainly or before a mean colour, whose best
    description is theirs. `cosines`: percentiles 1, 5, 25, 50, 75, 95, 99 of true
    and false pairs of everyday words and pictures, and of words never heard, of which
    for each the best picture counts.
    """

    searches: dict[str, float]
    kinds: float
    labels: dict[str, float]
    cosines: dict[str, tuple[float, ...]]
    missed: tuple[str, ...]


def evaluate(
    gallery: Sequence[Scene],
    see: See,
    read: Read,
) -> Findings:
    """Search a gallery of drawings with words, and describe it with words.

    Args:
        gallery: drawings no network was trained on.
        see: embeds pictures.
        read: embeds texts.
    """
    facts = [facts_of(scene) for scene in gallery]
    pictures = np.stack(see([scene.image for scene in gallery]))
    asked = {
        "colour and label": coloured(),
        "label and place": placed(),
        "everyday words": everyday(),
        "captions": [caption(scene) for scene in gallery],
    }
    searches: dict[str, float] = {}
    missed: list[str] = []
    for name, sentences in asked.items():
        right, wrong = _search(sentences, facts, pictures, read)
        searches[name] = len(right) / max(1, len(right) + len(wrong))
        missed += wrong
    kinds = pictures @ np.stack(read([f"a photo {PLACES[kind]}" for kind in KINDS])).T
    own = [KINDS.index(scene.kind) for scene in gallery]
    labels = {
        name: _labelled(crops, see, read)
        for name, crops in (("plain", crops(gallery)), ("alone", crops(gallery, True)))
    }
    return Findings(
        searches,
        float((kinds.argmax(1) == own).mean()),
        labels,
        _cosines(facts, pictures, read),
        tuple(missed),
    )


def facts_of(scene: Scene) -> Facts:
    """Return what is true of a whole drawing."""
    facts = Facts()
    facts.add_scene(scene.kind, scene.light)
    ids = np.zeros(scene.image.size[::-1], np.uint8)
    for number, thing in enumerate(scene.objects, start=1):
        ids[thing.mask] = number
    areas = [int(thing.mask.sum()) for thing in scene.objects]
    add_visible(facts, list(scene.objects), areas, ids)
    return facts


def coloured() -> list[Sentence]:
    """Return "a red truck" for every label in every colour it is drawn in."""
    pairs = sorted({(t.label, c) for t in THINGS.values() for c in t.colours})
    return [
        Sentence(f"{_article(colour)} {colour} {label}", (_pair(label, colour),))
        for label, colour in pairs
    ]


def placed() -> list[Sentence]:
    """Return "a truck in the snow" for every label and kind of scene."""
    return [
        Sentence(f"a {label} {place}", (frozenset([label]), frozenset([kind])))
        for label in LABELS
        for kind, place in PLACES.items()
    ]


def everyday() -> list[Sentence]:
    """Return the single words one searches by: things, colours, places, names."""
    return [
        *(
            Sentence(word, (frozenset([label]),))
            for label, words in LABEL_WORDS.items()
            for word in words
        ),
        *(
            Sentence(word, (frozenset(shades(colour)),))
            for colour, words in COLOUR_WORDS.items()
            for word in words[:2]
        ),
        *(
            Sentence(word, (setting.atoms,))
            for setting in SETTINGS
            for word in setting.words
        ),
        *(
            Sentence(word, (frozenset([name]),))
            for name in ("Zoey", "Miezi", "Mia", "Leo", "Jonas", "Oma Inge")
            for word in NAME_WORDS.get(name, (name,))
        ),
    ]


def caption(scene: Scene) -> Sentence:
    """Return a drawing's own words: every thing in its colour, where it is."""
    claims: list[Claim] = [frozenset([scene.kind])]
    for thing in scene.objects:
        claims.append(
            frozenset([thing.name]) if thing.name else _pair(thing.label, thing.colour)
        )
    return Sentence(scene.caption, tuple(claims))


def crops(
    gallery: Sequence[Scene], alone: bool = False
) -> list[tuple[Image.Image, str]]:
    """Cut the things that show at least 0.4 % of their picture, with their labels.

    Args:
        gallery: drawings.
        alone: paint what is not the thing in its picture's mean colour.
    """
    found: list[tuple[Image.Image, str]] = []
    for scene in gallery:
        width, height = scene.image.size
        mean = tuple(round(float(c)) for c in np.asarray(scene.image).mean((0, 1)))
        for thing in scene.objects:
            if thing.mask.mean() < 0.004:
                continue
            x, y, w, h = thing.box
            window = (
                max(0, round((x - w * MARGIN) * width)),
                max(0, round((y - h * MARGIN) * height)),
                min(width, round((x + w + w * MARGIN) * width)),
                min(height, round((y + h + h * MARGIN) * height)),
            )
            cut = scene.image.crop(window)
            if alone:
                ground = Image.new("RGB", cut.size, mean)
                ground.paste(cut, mask=Image.fromarray(thing.mask).crop(window))
                cut = ground
            found.append((cut, thing.label))
    return found


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"


def _pair(label: str, colour: str) -> Claim:
    return frozenset(f"{shade} {label}" for shade in shades(colour))


def _search(
    sentences: Sequence[Sentence],
    facts: Sequence[Facts],
    pictures: Vector,
    read: Read,
) -> tuple[list[str], list[str]]:
    """Return the sentences whose best picture fits, and those where it does not.

    A thing too small to be asked for is not wrong when found; a sentence that fits no
    picture is not asked.
    """
    true, unsure = judge(sentences, facts)
    best = (pictures @ np.stack(read([s.words for s in sentences])).T).argmax(0)
    right: list[str] = []
    wrong: list[str] = []
    for number, sentence in enumerate(sentences):
        if not true[:, number].any():
            continue
        fits = (true | unsure)[best[number], number]
        (right if fits else wrong).append(sentence.words)
    return right, wrong


def _labelled(
    crops: list[tuple[Image.Image, str]],
    see: See,
    read: Read,
) -> float:
    texts = np.stack(read([f"a photo of a {label}" for label in LABELS]))
    said = (np.stack(see([picture for picture, _ in crops])) @ texts.T).argmax(1)
    true = [LABELS.index(label) for _, label in crops]
    return float((said == true).mean())


def _cosines(
    facts: Sequence[Facts], pictures: Vector, read: Read
) -> dict[str, tuple[float, ...]]:
    sentences = everyday()
    true, unsure = judge(sentences, facts)
    cosines = pictures @ np.stack(read([s.words for s in sentences])).T
    unheard = (pictures @ np.stack(read(list(UNHEARD))).T).max(0)
    sides = {
        "true": cosines[true],
        "false": cosines[~true & ~unsure],
        "best of unheard": unheard,
    }
    at = (1, 5, 25, 50, 75, 95, 99)
    return {
        name: tuple(round(float(v), 3) for v in np.percentile(side, at))
        for name, side in sides.items()
    }
