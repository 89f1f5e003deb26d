"""Train the picture half of the tiny CLIP to say what drawings show, without words.

Atoms get a vector each in the space of the embeddings, and a picture is to lie near
those of all that is true of it: what a sentence says is then some of these vectors
together, so that reading can be learned afterwards, from embeddings that stay.
"""

import logging
import math
import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from home_media_pipelines.sample.scenes import KINDS
from home_media_pipelines.sample.things import LABELS
from training.facts import ATOMS, COLOURS, LEAST_AREA, Facts, places
from training.lessons import Pool, Seen, look
from training.losses import decide, pace, rank

LOG = logging.getLogger(__name__)

STEPS, BATCH, CROPS = 5000, 16, 4
"""Steps; pictures of one; those of them that are single things."""

RECENT = 512
"""Pictures of the last steps that an atom's own are ranked among: few show a pair."""

RATE, WARM_UP = 2e-3, 100
DECIDING = 85.0
"""How much deciding counts, beside ranking and pointing."""

SCALE, SHARPEST, BIAS = 20.0, 60.0, -4.0
"""Logits are cosine times a learned scale, at most SHARPEST, plus a learned bias."""

GRID, CHANNELS = 5, 512
"""Parts along a side of the map that the picture half ends in; numbers in each."""

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)

_LABELS, _KINDS = ([places(frozenset([x]))[0] for x in xs] for xs in (LABELS, KINDS))


def learn(
    visual: torch.nn.Module,
    lessons: Pool,
    rng: np.random.Generator,
    *,
    side: int,
    dimension: int,
    steps: int = STEPS,
) -> None:
    """Train the picture half.

    Args:
        visual: gives (pictures, dimension) of (pictures, 3, side, side).
        lessons: what to learn from.
        rng: chooses what is seen when.
        side: pixels of the square a picture is pressed into.
        dimension: numbers in an embedding.
        steps: how many.
    """
    start = time.process_time()
    teacher = Teacher(visual, dimension)
    trained = [*visual.parameters(), *teacher.pointing.parameters()]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.02},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
        {"params": [*teacher.atoms()], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), fused=True)
    visual.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * pace(step, steps, WARM_UP)
        seen = [look(lessons, rng, side, crop=i < CROPS) for i in range(BATCH)]
        features = visual(to_tensor([picture.pixels for picture in seen]))
        loss = teacher.name(features, seen) + teacher.point(seen)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(visual.parameters(), 2.0)
        optimizer.step()
        teacher.scale.data.clamp_(0, math.log(SHARPEST))
        if step % 100 == 99:
            spent = time.process_time() - start
            LOG.info("seeing %d: loss %.3f, %.0f CPU s", step + 1, loss.item(), spent)
    teacher.leave()


def to_tensor(pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
    """Stack pictures (side, side, 3) and normalize them as the model's transform."""
    stacked = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    scaled = (stacked - mean) / deviation
    return scaled.contiguous(memory_format=torch.channels_last)


class Teacher(torch.nn.Module):
    """Asks the picture half what is there, and where; gone when that is learned."""

    def __init__(self, visual: torch.nn.Module, dimension: int) -> None:
        super().__init__()
        count = len(ATOMS) + len(LABELS) * len(KINDS)
        self.vectors = torch.nn.Parameter(torch.randn(count, dimension))
        self.bias = torch.nn.Parameter(torch.full((count,), BIAS))
        self.scale = torch.nn.Parameter(torch.tensor(math.log(SCALE)))
        self._parts = [len(LABELS), len(COLOURS), len(LABELS) * len(COLOURS)]
        self.pointing = torch.nn.Linear(CHANNELS, sum(self._parts))
        self._map = torch.empty(0)
        nothing = torch.zeros(0, count, dtype=torch.bool)
        self._recent = [torch.zeros(0, dimension), nothing, nothing]
        self._hook = visual.layer4.register_forward_hook(self._keep)

    def _keep(self, _layer: torch.nn.Module, _given: object, made: Tensor) -> None:
        self._map = made

    def leave(self) -> None:
        """Listen no more."""
        self._hook.remove()

    def atoms(self) -> tuple[torch.nn.Parameter, ...]:
        """Return what turns cosines into what is said of each atom."""
        return self.vectors, self.bias, self.scale

    def name(self, features: Tensor, seen: Sequence[Seen]) -> Tensor:
        """Return the loss of naming what pictures show, from (pictures, dimension)."""
        true, unsure = known([picture.facts for picture in seen])
        made = (functional.normalize(features, dim=1), true, unsure)
        recent = [
            torch.cat(both)[:RECENT] for both in zip(made, self._recent, strict=True)
        ]
        self._recent = [each.detach() for each in recent]
        vectors = self.scale.exp() * functional.normalize(self.vectors, dim=1)
        logits = recent[0] @ vectors.T
        own = logits[: len(seen)]
        return (
            DECIDING * decide(own + self.bias, true, unsure)
            + rank(own, true, unsure)
            + rank(logits.T, recent[1].T, recent[2].T)
        )

    def point(self, seen: Sequence[Seen]) -> Tensor:
        """Return the loss of naming each thing where it stands in the pictures."""
        owners, shares, labels, colours = [], [], [], []
        for number, picture in enumerate(seen):
            for index, thing in enumerate(picture.things, start=1):
                share = where(picture.ids, index)
                if share is not None:
                    owners.append(number)
                    shares.append(share)
                    labels.append(LABELS.index(thing.label))
                    colours.append(COLOURS.index(thing.colour))
        weight = torch.from_numpy(np.stack(shares))[:, None]
        found = self.pointing((self._map.flatten(2)[owners] * weight).sum(2))
        label, colour = torch.tensor(labels), torch.tensor(colours)
        wanted = (label, colour, label * len(COLOURS) + colour)
        losses = map(functional.cross_entropy, found.split(self._parts, 1), wanted)
        return torch.stack(list(losses)).sum()


def known(facts: Sequence[Facts]) -> tuple[Tensor, Tensor]:
    """Return what is true, and what nobody can tell: atoms, then labels in kinds.

    Two tensors of bool, (pictures, atoms and pairs).
    """
    true = np.stack([each.true for each in facts])
    maybe = true | np.stack([each.open for each in facts])
    true, maybe = (np.concatenate([x, _placed(x)], 1) for x in (true, maybe))
    return torch.from_numpy(true), torch.from_numpy(maybe & ~true)


def _placed(atoms: NDArray[np.bool_]) -> NDArray[np.bool_]:
    both = atoms[:, _LABELS][:, :, None] & atoms[:, _KINDS][:, None]
    return both.reshape(len(atoms), -1)


def where(ids: NDArray[np.uint8] | None, number: int) -> NDArray[np.float32] | None:
    """Return which share of a thing is in each part of a picture, (GRID²,), row by row.

    None when too little of it shows. Without `ids` the thing is everywhere.
    """
    if ids is None:
        return np.full(GRID**2, 1 / GRID**2, np.float32)
    size = ids.shape[0] // GRID
    counts = (ids == number).reshape(GRID, size, GRID, size).sum((1, 3)).ravel()
    whole = counts.sum()
    if whole < LEAST_AREA * ids.size:
        return None
    return (counts / whole).astype(np.float32)
