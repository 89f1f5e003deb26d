"""What pictures and sentences are punished for, given what is true of which."""

import math

import torch
from torch import Tensor
from torch.nn import functional


def decide(logits: Tensor, true: Tensor, unsure: Tensor) -> Tensor:
    """Binary cross entropy of each pair of which it is known; true ones count more.

    As SigLIP decides: each pair by itself, so that a cosine means the same for every
    search, and a search for what is nowhere finds nothing.
    """
    each = functional.binary_cross_entropy_with_logits(
        logits, true.float(), reduction="none"
    )
    weight = torch.where(true, 2.0, 1.0) * ~unsure
    return (each * weight).sum() / weight.sum()


def rank(logits: Tensor, true: Tensor, unsure: Tensor) -> Tensor:
    """Cross entropy of each row that has right answers, all of them equally right.

    As CLIP ranks, but for pairs of which nobody can tell, which are left out.
    """
    rows = true.any(1)
    shown = logits[rows].masked_fill(unsure[rows], -1e4)
    wanted = true[rows].float()
    return functional.cross_entropy(shown, wanted / wanted.sum(1, keepdim=True))


def pace(step: int, steps: int, warm_up: int) -> float:
    """Return which share of its highest learning rate a step has: a half cosine."""
    fall = 0.5 + 0.5 * math.cos(math.pi * step / steps)
    return max(0.004, fall * min(1.0, (step + 1) / warm_up))
