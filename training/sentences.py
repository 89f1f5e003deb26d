"""Sentences to learn from: true of a picture, true of others, true of none."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from home_media_pipelines.sample.scenes import KINDS, SceneObject
from home_media_pipelines.sample.things import LABELS, THINGS
from training.facts import ATOMS, COLOURS, NAMES, Facts, atoms_of, places
from training.lessons import Seen
from training.vocabulary import (
    COLOUR_WORDS,
    JOINS,
    PALMS,
    SETTINGS,
    Claim,
    Sentence,
    any_of,
    article,
    framed,
    name,
    noun,
    setting_of,
    shades,
)

_OF_LABEL = {
    label: sorted({c for t in THINGS.values() if t.label == label for c in t.colours})
    for label in LABELS
}

UNTAUGHT = "xyzzy"
"""A word of no other sentence."""


def about(rng: np.random.Generator, seen: Seen) -> Sentence:
    """Say something true of a picture: some of its things, perhaps where or when."""
    things = [t for t in seen.things if seen.facts.true[places(frozenset([t.label]))]]
    draw = rng.random()
    if seen.kind and seen.light and (draw < 0.22 or not things):
        setting = setting_of(rng, seen.kind, seen.light)
        words = setting.words if rng.random() < 0.6 else setting.phrases
        return Sentence(framed(rng, any_of(rng, words)), (setting.atoms,))
    if not things:
        return anything(rng)
    count = min(len(things), int(rng.choice([1, 2, 3, 5], p=[0.68, 0.2, 0.08, 0.04])))
    chosen = [things[i] for i in rng.permutation(len(things))[:count]]
    said = [_thing(rng, thing) for thing in chosen]
    words = JOINS[int(rng.integers(len(JOINS)))].join(w for w, _ in said)
    claims = [claim for _, claim in said]
    if seen.kind and seen.light and rng.random() < 0.3:
        setting = setting_of(rng, seen.kind, seen.light)
        words = f"{words} {any_of(rng, setting.phrases)}"
        claims.append(setting.atoms)
    return Sentence(framed(rng, words), tuple(claims))


def _thing(rng: np.random.Generator, thing: SceneObject) -> tuple[str, Claim]:
    names = [atom for atom in atoms_of(thing) if atom in NAMES]
    if names and rng.random() < 0.5:
        return name(rng, names[0])
    return noun(rng, thing.label, thing.colour if rng.random() < 0.55 else None)


def anything(rng: np.random.Generator) -> Sentence:
    """Say what somebody may search for, whether or not a picture shows it."""
    draw = rng.random()
    if draw < 0.2:
        setting = SETTINGS[int(rng.integers(len(SETTINGS)))]
        words = setting.words if rng.random() < 0.6 else setting.phrases
        return Sentence(framed(rng, any_of(rng, words)), (setting.atoms,))
    if draw < 0.27:
        who = NAMES[int(rng.integers(len(NAMES)))]
        words, claim = name(rng, who)
        return Sentence(framed(rng, words), (claim,))
    if draw < 0.32:
        colour = COLOURS[int(rng.integers(len(COLOURS)))]
        word = any_of(rng, COLOUR_WORDS[colour])
        words = f"something {word}" if rng.random() < 0.3 else word
        return Sentence(words, (frozenset(shades(colour)),))
    if draw < 0.34:
        return Sentence(
            framed(rng, any_of(rng, PALMS)), (frozenset(["tree"]), frozenset(["beach"]))
        )
    label = LABELS[int(rng.integers(len(LABELS)))]
    colour = None
    if draw > 0.55:
        own = _OF_LABEL[label] if rng.random() < 0.85 else COLOURS
        colour = own[int(rng.integers(len(own)))]
    words, claim = noun(rng, label, colour)
    if draw < 0.88:
        return Sentence(framed(rng, words), (claim,))
    kind = KINDS[int(rng.integers(len(KINDS)))]
    setting = next(s for s in SETTINGS if kind in s.atoms)
    words = f"{words} {any_of(rng, setting.phrases)}"
    return Sentence(framed(rng, words), (claim, setting.atoms))


def recoloured(rng: np.random.Generator, seen: Seen) -> Sentence:
    """Say a thing of the picture in a colour that the thing may have, but has not."""
    things = [t for t in seen.things if seen.facts.true[places(frozenset([t.label]))]]
    if not things:
        return anything(rng)
    thing = things[int(rng.integers(len(things)))]
    own = [c for c in _OF_LABEL[thing.label] if c != thing.colour] or list(COLOURS)
    words, claim = noun(rng, thing.label, own[int(rng.integers(len(own)))])
    return Sentence(framed(rng, words), (claim,))


def nonsense(rng: np.random.Generator) -> Sentence:
    """Say a word nobody taught, which is true of nothing; all of them read alike."""
    word, draw = UNTAUGHT, rng.random()
    if draw < 0.2:
        word = f"{word} {UNTAUGHT}"
    elif draw < 0.5:
        colour = COLOURS[int(rng.integers(len(COLOURS)))]
        word = f"{any_of(rng, COLOUR_WORDS[colour])} {word}"
    return Sentence(framed(rng, article(rng, word)), (frozenset(),))


def judge(
    sentences: Sequence[Sentence], facts: Sequence[Facts]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Check every sentence on every picture.

    Returns:
        Two bool arrays of shape (pictures, sentences): it is true; nobody can tell.
    """
    claims = sorted({c for s in sentences for c in s.claims}, key=sorted)
    number = {claim: i for i, claim in enumerate(claims)}
    atoms = np.zeros((len(ATOMS), len(claims)), np.float32)
    for claim, column in number.items():
        atoms[places(claim), column] = 1
    sure = np.stack([f.true for f in facts]).astype(np.float32) @ atoms > 0
    maybe = np.stack([f.true | f.open for f in facts]).astype(np.float32) @ atoms > 0
    columns = [[number[claim] for claim in s.claims] for s in sentences]
    true = np.stack([sure[:, c].all(1) for c in columns], 1)
    possible = np.stack([maybe[:, c].all(1) for c in columns], 1)
    return true, possible & ~true
