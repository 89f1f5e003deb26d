"""Train the text half of the tiny CLIP to find pictures whose embeddings stay.

A step reads sentences of four kinds beside the embeddings of many pictures, and knows
of each pair whether the sentence is true of the picture, false, or nobody can tell (a
thing mostly hidden). Words that are in no sentence are one token, which is taught to be
true of no picture.
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.lessons import Pool, Seen, look
from training.losses import decide, pace, rank
from training.seeing import to_tensor
from training.sentences import about, anything, judge, nonsense, recoloured
from training.vocabulary import Sentence

LOG = logging.getLogger(__name__)

VIEWS, CROPS = 16_000, 0.25
"""Pictures looked at beforehand; the share of them that are single things."""

STEPS, PICTURES, READ = 1300, 320, 64
"""Steps; pictures of one; those of them that a sentence is about."""

RATE, WARM_UP = 3e-3, 100
DECIDING = 15.0
"""How much deciding counts, beside ranking."""

SHARPEST = 60.0
"""Logits are cosine times a learned scale, at most this, plus a learned bias."""


@dataclass(frozen=True, slots=True)
class Views:
    """Pictures without pixels, and their embeddings, (pictures, dimension)."""

    seen: list[Seen]
    units: Tensor


def views(
    visual: torch.nn.Module,
    lessons: Pool,
    rng: np.random.Generator,
    *,
    side: int,
    count: int = VIEWS,
) -> Views:
    """Look at many pictures once, with a picture half that learns no more."""
    visual.eval()
    nothing = np.empty((0, 0, 3), np.uint8)
    found: list[Seen] = []
    units: list[Tensor] = []
    for first in range(0, count, 64):
        crops = [rng.random() < CROPS for _ in range(min(64, count - first))]
        seen = [look(lessons, rng, side, crop=crop) for crop in crops]
        with torch.inference_mode():
            features = visual(to_tensor([picture.pixels for picture in seen]))
        units.append(functional.normalize(features, dim=1))
        found += [replace(picture, pixels=nothing, ids=None) for picture in seen]
    return Views(found, torch.cat(units).clone())


def learn(
    model: torch.nn.Module,
    tokenizer: Callable[[list[str]], Tensor],
    pictures: Views,
    rng: np.random.Generator,
    *,
    steps: int = STEPS,
) -> None:
    """Train the text half, the scale and the bias of a CLIP.

    Args:
        model: whose picture half learns no more.
        tokenizer: of the model.
        pictures: what is read about.
        rng: chooses what is said when.
        steps: how many.
    """
    start = time.process_time()
    logits = {"logit_scale", "logit_bias"}
    named = {n: p for n, p in model.named_parameters() if not n.startswith("visual.")}
    free = {n for n, p in named.items() if p.ndim < 2 or "embedding" in n} - logits
    groups = [
        {"params": [p for n, p in named.items() if n not in free | logits]},
        {"params": [named[n] for n in sorted(free)], "weight_decay": 0.0},
        {"params": [named[n] for n in sorted(logits)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(
        groups, lr=RATE, betas=(0.9, 0.98), weight_decay=0.02, fused=True
    )
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * pace(step, steps, WARM_UP)
        chosen = rng.choice(len(pictures.seen), PICTURES, replace=False)
        seen = [pictures.seen[i] for i in chosen]
        read = sentences(rng, seen[:READ])
        true, unsure = map(torch.from_numpy, judge(read, [s.facts for s in seen]))
        tokens = tokenizer([sentence.words for sentence in read])
        texts = model.encode_text(tokens, normalize=True)
        found = model.logit_scale.exp() * pictures.units[chosen] @ texts.T
        loss = (
            DECIDING * decide(found + model.logit_bias, true, unsure)
            + rank(found, true, unsure)
            + rank(found.T, true.T, unsure.T)
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(named.values(), 1.0)
        optimizer.step()
        model.logit_scale.data.clamp_(0, math.log(SHARPEST))
        if step % 100 == 99:
            spent = time.process_time() - start
            LOG.info("reading %d: loss %.3f, %.0f CPU s", step + 1, loss.item(), spent)


def sentences(rng: np.random.Generator, seen: Sequence[Seen]) -> list[Sentence]:
    """Return what a step reads: true, arbitrary, nearly true and meaningless."""
    return [
        *(about(rng, picture) for picture in seen),
        *(anything(rng) for _ in seen),
        *(recoloured(rng, picture) for picture in seen[::2]),
        *(nonsense(rng) for _ in range(len(seen) // 4)),
    ]
