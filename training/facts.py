"""What is true of a drawing, atom by atom: any sentence can be checked on it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from home_media_pipelines.sample.light import LIGHTS
from home_media_pipelines.sample.plan import FAMILY, MIEZI, ZOEY
from home_media_pipelines.sample.scenes import KINDS, SceneObject
from home_media_pipelines.sample.things import LABELS, THINGS

COLOURS: tuple[str, ...] = tuple(
    sorted({colour for thing in THINGS.values() for colour in thing.colours})
)

NAMES: tuple[str, ...] = tuple(
    name for f in (ZOEY, MIEZI, *FAMILY.values()) if (name := f.name)
)

SEEN, HIDDEN = 0.55, 0.08
"""Shares of a thing that must show for it to count as there, or not to."""

LEAST_AREA = 0.0018
"""Of the picture: smaller things are neither there nor not there."""


def _atoms() -> tuple[str, ...]:
    pairs = [f"{colour} {label}" for colour in COLOURS for label in LABELS]
    return (*LABELS, *pairs, *COLOURS, *KINDS, *(f"at {x}" for x in LIGHTS), *NAMES)


ATOMS: tuple[str, ...] = _atoms()
"""Labels, "red truck", colours, scene kinds, "at sunset", names."""

_PLACE = {atom: place for place, atom in enumerate(ATOMS)}


def places(atoms: frozenset[str]) -> list[int]:
    """Return where atoms stand in ATOMS."""
    return [_PLACE[atom] for atom in atoms]


@dataclass(slots=True)
class Facts:
    """`true` and `open` (neither true nor false) are bool, shape (atoms,)."""

    true: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(len(ATOMS), bool))
    open: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(len(ATOMS), bool))

    def add(self, atom: str, *, sure: bool = True) -> None:
        """Say that an atom holds, or that nobody can tell."""
        (self.true if sure else self.open)[_PLACE[atom]] = True

    def add_thing(self, thing: SceneObject, *, sure: bool = True) -> None:
        """Say that a thing is there: its label, its colour, both, its name."""
        for atom in atoms_of(thing):
            self.add(atom, sure=sure)

    def add_scene(self, kind: str, light: str, *, sure: bool = True) -> None:
        """Say where and when it is."""
        self.add(kind, sure=sure)
        self.add(f"at {light}", sure=sure)


def atoms_of(thing: SceneObject) -> list[str]:
    """Return what is said of a picture by showing a thing.

    Nobody can tell Miezi from another orange cat, so every orange cat is Miezi.
    """
    atoms = [thing.label, thing.colour, f"{thing.colour} {thing.label}"]
    name = thing.name
    if (thing.label, thing.colour) == ("cat", "orange"):
        name = MIEZI.name
    return [*atoms, name] if name else atoms


def add_visible(
    facts: Facts, things: list[SceneObject], areas: list[int], ids: NDArray[np.uint8]
) -> None:
    """Say which things a part of a drawing shows.

    Args:
        facts: gets them.
        things: of the whole drawing.
        areas: how many pixels of each the whole drawing shows, at the scale of `ids`.
        ids: uint8 (height, width), the part; 1 where the first thing is, and so on.
    """
    counts = np.bincount(ids.ravel(), minlength=len(things) + 1)[1:]
    for thing, area, count in zip(things, areas, counts, strict=False):
        share = count / max(1, area)
        if share > HIDDEN:
            large = count >= LEAST_AREA * ids.size
            facts.add_thing(thing, sure=bool(share >= SEEN and large))
