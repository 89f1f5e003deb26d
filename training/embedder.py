"""Train the tiny CLIP: pictures and sentences, English and German, in one space.

A step sees BATCH pictures and as many sentences of four kinds, and knows of each pair
whether the sentence is true of the picture, false, or nobody can tell (a thing mostly
hidden). Two losses: one ranks, as CLIP's does but with several right answers; one
decides each pair by itself, as SigLIP's does, so that a cosine means the same for
every search and a search for what is nowhere finds nothing. Words that are in no
sentence keep a row of zeros in the table of tokens, all alike, and are taught to be
true of no picture.
"""

import json
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from open_clip.tokenizer import SimpleTokenizer
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from home_media_pipelines.sample.things import LABELS
from training.drawings import TRAINING, scenes
from training.facts import ATOMS, COLOURS, LEAST_AREA
from training.lessons import Pool, Seen, look, pool
from training.sentences import about, anything, judge, nonsense, recoloured
from training.words import Sentence, all_words

LOG = logging.getLogger(__name__)

SIDE, DIMENSION = 128, 64
"""Pixels of the square a picture is pressed into; numbers in its embedding."""

DRAWINGS, DRAWN = 3000, 384
"""How many scenes are drawn, and the pixels of their longer side."""

STEPS, BATCH = 2200, 32
"""Steps; pictures of one."""

EARLY, EARLY_CROPS, CROPS = 0.1, 16, 9
"""Single things among a step's pictures: many in an early share of steps, then few."""

RATE, WARM_UP = 3e-3, 100
NAMING, POINTING, DECIDING = 1.5, 0.7, 10.0
"""How much three of the losses count, beside the one that ranks."""

GRID, CHANNELS = 4, 384
"""Parts along a side of the map that the picture half ends in; numbers in each."""

SCALE, BIAS, SHARPEST = 10.0, -6.0, 24.0
"""Logits are cosine times a learned scale, at most SHARPEST, plus a learned bias."""

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)

CONFIG = {
    "model_cfg": {
        "embed_dim": DIMENSION,
        "init_logit_scale": math.log(SCALE),
        "init_logit_bias": BIAS,
        "vision_cfg": {
            "image_size": SIDE,
            "layers": [1, 1, 1, 1],
            "width": 12,
            "head_width": 32,
        },
        "text_cfg": {
            "context_length": 32,
            "vocab_size": 49408,
            "width": 48,
            "heads": 4,
            "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": MEAN,
        "std": DEVIATION,
        "interpolation": "bicubic",
        "resize_mode": "squash",
    },
}
"""`squash` presses a picture into the square, so that nothing at its rim is lost."""

WEIGHTS = "open_clip_model.safetensors"


def train(
    folder: Path,
    work: Path,
    *,
    seed: int = 0,
    drawings: Pool | None = None,
    steps: int = STEPS,
) -> float:
    """Train, and make `folder` a model that open_clip loads as `local-dir:`.

    Args:
        folder: gets `open_clip_config.json` and the weights.
        work: not used; drawings stay in memory.
        seed: of everything random.
        drawings: what to learn from, instead of drawing it.
        steps: how many.

    Returns:
        CPU seconds of training, drawing included.
    """
    del work
    start = time.process_time()
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(seed)
    lessons = drawings or pool(scenes(TRAINING, DRAWINGS, DRAWN, most=6))
    LOG.info("drawn after %.0f CPU s", time.process_time() - start)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).unlink(missing_ok=True)
    config = json.dumps(CONFIG, indent=2)
    (folder / "open_clip_config.json").write_text(config + "\n")
    model, _, _ = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    tokenizer = SimpleTokenizer(context_length=model.context_length)
    unknown, table = untaught(tokenizer), taught(tokenizer)
    shorten(model, table)
    model.visual.to(memory_format=torch.channels_last)
    teacher = Teacher(model.visual)
    optimizer = _optimizer(model, teacher)
    model.train()
    running = 0.0
    for step in range(steps):
        pace = min(1.0, (step + 1) / WARM_UP)
        pace *= 0.5 + 0.5 * math.cos(math.pi * step / steps)
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * max(pace, 0.004)
        crops = EARLY_CROPS if step < steps * EARLY else CROPS
        seen = [look(lessons, rng, SIDE, crop=i < crops) for i in range(BATCH)]
        read = sentences(rng, seen, unknown)
        tokens = table.rows[tokenizer([sentence.words for sentence in read])]
        loss = _loss(model, teacher, seen, read, tokens)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        model.logit_scale.data.clamp_(0, math.log(SHARPEST))
        running = loss.item() if step == 0 else 0.97 * running + 0.03 * loss.item()
        if step % 50 == 49:
            spent = time.process_time() - start
            LOG.info("step %d: loss %.3f, %.0f CPU s", step + 1, running, spent)
    save(model, table, folder)
    return time.process_time() - start


def sentences(
    rng: np.random.Generator, seen: Sequence[Seen], unknown: Sequence[str]
) -> list[Sentence]:
    """Return what a step reads: true, arbitrary, nearly true and meaningless."""
    return [
        *(about(rng, picture) for picture in seen),
        *(anything(rng) for _ in range(len(seen) * 5 // 4)),
        *(recoloured(rng, picture) for picture in seen[::3]),
        *(nonsense(rng, unknown) for _ in range(len(seen) // 4)),
    ]


def untaught(tokenizer: SimpleTokenizer) -> list[str]:
    """Return words no sentence has: whole ones, and pieces of those that have."""
    known = {int(i) for i in tokenizer(all_words()).unique()}
    whole = {word.lower() for words in all_words() for word in words.split()}
    words: list[str] = []
    for number, token in tokenizer.decoder.items():
        plain = token.removesuffix("</w>")
        if not (plain.isascii() and plain.isalpha() and len(plain) > 2):
            continue
        rare = number not in known and token.endswith("</w>") and number % 11 == 0
        piece = number in known and plain not in whole
        if rare or piece:
            words.append(plain)
    return words


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of the table of tokens that are learned; all others stay zero.

    `tokens` are the numbers of the learned ones, rising, int64; `rows` says for each
    token of the whole vocabulary where its row is while learning: 0 is the zero row.
    """

    tokens: Tensor
    rows: Tensor


def taught(tokenizer: SimpleTokenizer) -> Table:
    """Return which tokens sentences are made of.

    Rows keep the order of tokens, so the end of a text is still its largest number,
    by which open_clip finds it.
    """
    tokens = tokenizer(all_words()).unique()
    tokens = tokens[tokens > 0]
    rows = torch.zeros(tokenizer.vocab_size, dtype=torch.long)
    rows[tokens] = torch.arange(1, len(tokens) + 1)
    return Table(tokens, rows)


def shorten(model: torch.nn.Module, table: Table) -> None:
    """Swap the table of tokens for one of the learned rows, at random values."""
    width = model.token_embedding.embedding_dim
    short = torch.nn.Embedding(len(table.tokens) + 1, width, padding_idx=0)
    with torch.no_grad():
        short.weight[1:].normal_(std=0.25)
    model.token_embedding = short


def to_tensor(pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
    """Stack pictures (side, side, 3) and normalize them as the model's transform."""
    stacked = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    scaled = (stacked - mean) / deviation
    return scaled.contiguous(memory_format=torch.channels_last)


class Teacher(torch.nn.Module):
    """Asks the picture half what is there, and where, without words.

    Words alone teach slowly: pictures mean nothing yet while their words mean nothing.
    It is gone when the network is trained.
    """

    def __init__(self, visual: torch.nn.Module) -> None:
        super().__init__()
        self._naming = torch.nn.Linear(DIMENSION, len(ATOMS))
        torch.nn.init.constant_(self._naming.bias, -3.0)
        self._label = torch.nn.Linear(CHANNELS, len(LABELS))
        self._colour = torch.nn.Linear(CHANNELS, len(COLOURS))
        self._both = torch.nn.Linear(CHANNELS, len(LABELS) * len(COLOURS))
        self._map = torch.empty(0)
        visual.layer4.register_forward_hook(self._keep)

    def _keep(self, _layer: torch.nn.Module, _given: object, made: Tensor) -> None:
        self._map = made

    def name(self, features: Tensor, seen: Sequence[Seen]) -> Tensor:
        """Return the loss of naming what pictures show, from (pictures, DIMENSION).

        What is true and what is not weigh the same, however little is true.
        """
        true = torch.from_numpy(np.stack([picture.facts.true for picture in seen]))
        unsure = torch.from_numpy(np.stack([picture.facts.open for picture in seen]))
        logits = self._naming(features)
        missed = functional.softplus(-logits[true]).mean()
        return missed + functional.softplus(logits[~true & ~unsure]).mean()

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
        found = (self._map.flatten(2)[owners] * weight).sum(2)
        label, colour = torch.tensor(labels), torch.tensor(colours)
        return (
            functional.cross_entropy(self._label(found), label)
            + functional.cross_entropy(self._colour(found), colour)
            + functional.cross_entropy(self._both(found), label * len(COLOURS) + colour)
        )


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


def _loss(
    model: torch.nn.Module,
    teacher: Teacher,
    seen: Sequence[Seen],
    read: Sequence[Sentence],
    tokens: Tensor,
) -> Tensor:
    facts = [picture.facts for picture in seen]
    true, unsure = (torch.from_numpy(found) for found in judge(read, facts))
    features = model.encode_image(to_tensor([picture.pixels for picture in seen]))
    pictures = functional.normalize(features, dim=1)
    texts = model.encode_text(tokens, normalize=True)
    logits = model.logit_scale.exp() * pictures @ texts.T
    return (
        NAMING * teacher.name(features, seen)
        + POINTING * teacher.point(seen)
        + DECIDING * decide(logits + model.logit_bias, true, unsure)
        + rank(logits, true, unsure)
        + rank(logits.T, true.T, unsure.T)
    )


def decide(logits: Tensor, true: Tensor, unsure: Tensor) -> Tensor:
    """Binary cross entropy of each pair of which it is known; true ones count more."""
    each = functional.binary_cross_entropy_with_logits(
        logits, true.float(), reduction="none"
    )
    weight = torch.where(true, 2.0, 1.0) * ~unsure
    return (each * weight).sum() / weight.sum()


def rank(logits: Tensor, true: Tensor, unsure: Tensor) -> Tensor:
    """Cross entropy of each row that has right answers, all of them equally right."""
    rows = true.any(1)
    shown = logits[rows].masked_fill(unsure[rows], -1e4)
    wanted = true[rows].float()
    return functional.cross_entropy(shown, wanted / wanted.sum(1, keepdim=True))


def _optimizer(
    model: torch.nn.Module, teacher: torch.nn.Module
) -> torch.optim.Optimizer:
    named = dict(model.named_parameters())
    logits = {"logit_scale", "logit_bias"}
    free = {n for n, p in named.items() if p.ndim < 2 or "embedding" in n} - logits
    weights = [p for n, p in named.items() if n not in free | logits]
    return torch.optim.AdamW(
        [
            {"params": [*weights, *teacher.parameters()], "most": RATE},
            {"params": [named[n] for n in sorted(free)], "most": RATE},
            {"params": [named[n] for n in sorted(logits)], "most": 4 * RATE},
        ],
        betas=(0.9, 0.98),
        weight_decay=0.02,
        fused=True,
    )


def save(model: torch.nn.Module, table: Table, folder: Path) -> None:
    """Write the weights in half precision, and the table of tokens in a quarter.

    The table is 49,408 rows, nearly all zero; eight bits a number lets it be wide
    enough to tell apart all that a sentence may say, in a small file.
    """
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in model.state_dict().items()
    }
    learned = model.token_embedding.weight.detach()[1:]
    whole = torch.zeros(len(table.rows), learned.shape[1], dtype=torch.float8_e4m3fn)
    whole[table.tokens] = learned.to(torch.float8_e4m3fn)
    state["token_embedding.weight"] = whole
    save_file(state, folder / WEIGHTS)
