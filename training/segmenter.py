"""Train the tiny SAM2: the mask of what a box is drawn round."""

import json
import logging
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from home_media_pipelines.models.quiet import quiet
from training import crowds
from training.ground_truth import countable

LOG = logging.getLogger(__name__)

CHECKPOINT = "tiny-sam2"

CONFIG = "configs/sam2.1/sam2.1_hiera_t.yaml"

OVERRIDES = (
    "++model.image_size=256",
    "++model.image_encoder.trunk.embed_dim=24",
    "++model.image_encoder.trunk.stages=[1,1,2,1]",
    "++model.image_encoder.trunk.global_att_blocks=[3]",
    "++model.image_encoder.trunk.window_spec=[8,4,8,4]",
    "++model.image_encoder.neck.backbone_channel_list=[192,96,48,24]",
    "++model.image_encoder.neck.d_model=64",
    "++model.image_encoder.neck.position_encoding.num_pos_feats=64",
    "++model.memory_attention=null",
    "++model.memory_encoder=null",
)
"""The library's smallest network, narrower still; the memories are for videos only."""

DRAWN = 448
"""Pixels the scenes are drawn at before they are pressed into the network's square."""

BATCH = 4
"""Pictures of a step; it learns from every thing in them."""

RATE, BETAS = 1.5e-3, (0.9, 0.99)
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A square picture (side, side, 3) uint8 and its things.

    `masks` is float32 (things, side/2, side/2), the share of each 2 by 2 pixels that
    the thing fills; `boxes` (things, 4), two corners in pixels of the picture.
    """

    picture: NDArray[np.uint8]
    masks: NDArray[np.float32]
    boxes: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step sees.

    `pictures` float32 (pictures, 3, side, side); `masks` float32 (things, side/2,
    side/2); `boxes` (things, 2, 2), two corners in pixels; `owners` (things,): the
    picture a thing is in.
    """

    pictures: Tensor
    masks: Tensor
    boxes: Tensor
    owners: Tensor


def train(
    folder: Path,
    work: Path,
    *,
    seed: int = 0,
    count: int = 1500,
    warm_up_steps: int = 180,
    steps: int = 2200,
) -> float:
    """Train on `count` drawings, write `tiny-sam2.pt` and how to build it.

    Args:
        folder: gets the weights and `tiny-sam2.json`.
        work: not used; drawings stay in memory.
        seed: of everything random.
        count: drawings.
        warm_up_steps: of the decoder alone, see `warm_up`.
        steps: of the whole network.

    Returns:
        CPU seconds of training, drawing included.
    """
    start = time.process_time()
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(seed)
    model = untrained()
    lessons = draw_lessons(count, model.image_size)
    LOG.info("drawn after %.0f CPU s", time.process_time() - start)
    warm_up(model, rng, warm_up_steps)
    LOG.info("warm after %.0f CPU s", time.process_time() - start)
    learned = list(model.parameters())
    optimizer = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.01, betas=BETAS)
    order: list[int] = []
    overlap = 0.0
    for step in range(steps):
        pace = min(1.0, (step + 1) / 40) * (0.5 + 0.5 * np.cos(np.pi * step / steps))
        if len(order) < BATCH:
            order = rng.permutation(len(lessons)).tolist()
        chosen = [lessons[order.pop()] for _ in range(BATCH)]
        loss, reached = learn(model, batch(chosen, rng))
        _step(learned, optimizer, loss, RATE * pace)
        overlap = 0.95 * overlap + 0.05 * reached
        if step % 50 == 49:
            spent = time.process_time() - start
            LOG.info("step %d: IoU %.3f, %.0f CPU s", step + 1, overlap, spent)
    save(model, folder)
    return time.process_time() - start


def untrained() -> torch.nn.Module:
    """Build the network with random weights, ready to learn.

    sam2 sets Hydra up when imported, in a way that Hydra 1.4 refuses; it leaves a
    Hydra that is set up already as it is.
    """
    quiet()
    from hydra import initialize_config_module
    from hydra.core.global_hydra import GlobalHydra

    if not GlobalHydra.instance().is_initialized():
        initialize_config_module("sam2")
    from sam2.build_sam import build_sam2

    with warnings.catch_warnings(category=UserWarning, action="ignore"):
        model = build_sam2(
            CONFIG, None, device="cpu", hydra_overrides_extra=list(OVERRIDES)
        )
    return model.train()


def save(model: torch.nn.Module, folder: Path) -> None:
    """Write the weights in half precision, as sam2 reads them, and how to build it."""
    state = {
        name: value.half() if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    torch.save({"model": state}, folder / f"{CHECKPOINT}.pt")
    built = {"config": CONFIG, "overrides": list(OVERRIDES)}
    (folder / f"{CHECKPOINT}.json").write_text(json.dumps(built, indent=2) + "\n")


def draw_lessons(count: int, side: int) -> list[Lesson]:
    """Draw `count` scenes and press them into squares of `side` pixels."""
    lessons: list[Lesson] = []
    for scene in crowds.lessons(count, DRAWN):
        things = countable(scene)
        if not things:
            continue
        masks = [
            Image.fromarray(thing.mask.astype(np.uint8) * 255).resize(
                (side // 2, side // 2), Image.Resampling.BOX
            )
            for thing in things
        ]
        boxes = np.array([thing.box for thing in things]) * side
        boxes[:, 2:] += boxes[:, :2]
        pressed = scene.image.resize((side, side), Image.Resampling.BILINEAR)
        shares = np.stack([np.asarray(mask, np.float32) / 255 for mask in masks])
        lessons.append(Lesson(np.asarray(pressed), shares, boxes))
    return lessons


def batch(lessons: list[Lesson], rng: np.random.Generator) -> Batch:
    """Stack lessons, some mirrored, with boxes as if drawn by hand."""
    pictures, masks, boxes, owners = [], [], [], []
    for number, lesson in enumerate(lessons):
        side, corners = lesson.picture.shape[0], lesson.boxes
        size = np.tile(corners[:, 2:] - corners[:, :2], 2)
        corners = corners + 0.04 * size * rng.normal(size=corners.shape)
        picture, truth = lesson.picture, lesson.masks
        if rng.random() < 0.5:
            picture, truth = picture[:, ::-1], truth[:, :, ::-1]
            corners = corners[:, [2, 1, 0, 3]]
            corners[:, [0, 2]] = side - corners[:, [0, 2]]
        pictures.append(picture)
        masks.append(truth)
        boxes.append(np.clip(corners, 0, side))
        owners += [number] * len(truth)
    stacked = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
    return Batch(
        (stacked - MEAN) / DEVIATION,
        torch.from_numpy(np.concatenate(masks)),
        torch.from_numpy(np.concatenate(boxes)).float().view(-1, 2, 2),
        torch.tensor(owners),
    )


def learn(model: torch.nn.Module, seen: Batch) -> tuple[Tensor, float]:
    """Return the loss of one step, and the mean IoU it reached on its own pictures.

    All four masks the decoder offers are taught, because the library falls back on
    the other three when it finds the first one unstable.
    """
    _, features, _, sizes = model._prepare_backbone_features(
        model.forward_image(seen.pictures)
    )
    features[-1] = features[-1] + model.no_mem_embed
    maps = [
        each.permute(1, 2, 0).reshape(len(seen.pictures), -1, *size)[seen.owners]
        for each, size in zip(features, sizes, strict=True)
    ]
    logits, said = decode(model, maps, seen.boxes)
    larger = functional.interpolate(logits, scale_factor=2, mode="bilinear")
    each = torch.stack([mask_loss(larger[:, k], seen.masks) for k in range(4)], 1)
    with torch.no_grad():
        drawn, true = larger > 0, seen.masks[:, None] > 0.5
        union = (drawn | true).flatten(2).sum(2).clamp(min=1)
        overlap = (drawn & true).flatten(2).sum(2) / union
    loss = each[:, 0].mean() + each[:, 1:].min(1).values.mean()
    loss = loss + 0.1 * each[:, 1:].mean() + functional.mse_loss(said, overlap)
    return loss, overlap[:, 0].mean().item()


def decode(
    model: torch.nn.Module, maps: list[Tensor], boxes: Tensor
) -> tuple[Tensor, Tensor]:
    """Return logits (things, 4, side/4, side/4) and the IoU the network expects."""
    # the library's predictor gives boxes as two points, labelled 2 and 3
    labels = torch.tensor([[2, 3]]).expand(len(boxes), 2)
    sparse, dense = model.sam_prompt_encoder(
        points=(boxes, labels), boxes=None, masks=None
    )
    logits, said, _, _ = model.sam_mask_decoder.predict_masks(
        image_embeddings=maps[-1],
        image_pe=model.sam_prompt_encoder.get_dense_pe(),
        sparse_prompt_embeddings=sparse,
        dense_prompt_embeddings=dense,
        repeat_image=False,
        high_res_features=maps[:-1],
    )
    return logits, said


def mask_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy and Dice loss of masks (things, height, width), one number each."""
    entropy = functional.binary_cross_entropy_with_logits(
        logits, target, reduction="none"
    )
    share, wanted = logits.sigmoid().flatten(1), target.flatten(1)
    common = 2 * (share * wanted).sum(1) + 1
    dice = 1 - common / (share.sum(1) + wanted.sum(1) + 1)
    return 2 * entropy.flatten(1).mean(1) + dice


def warm_up(
    model: torch.nn.Module, rng: np.random.Generator, steps: int, count: int = 32
) -> None:
    """Teach the decoder on noise what a prompt means: fill this box.

    A network trained as a whole from the start learns "everything" and stays there;
    from "the mask is the box" it learns to follow edges. The keys of the cross
    attentions begin as their queries, so that like places attend to each other.
    """
    for name, part in model.sam_mask_decoder.transformer.named_modules():
        crossing = "cross_attn" in name or "final_attn" in name
        if crossing and hasattr(part, "k_proj"):
            part.k_proj.weight.data.copy_(part.q_proj.weight.data)
    for conv in model.image_encoder.neck.convs:
        conv.conv.weight.data.mul_(0.3)
    learned = [
        *model.sam_mask_decoder.parameters(),
        *model.sam_prompt_encoder.parameters(),
    ]
    optimizer = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.01, betas=BETAS)
    side, width = model.image_size, model.hidden_dim
    grid = side // 4
    for step in range(steps):
        boxes, target = _boxes_to_fill(rng, count, side, grid)
        maps = [
            0.3 * torch.randn(count, channels, grid // shrunk, grid // shrunk)
            for channels, shrunk in ((width // 8, 1), (width // 4, 2), (width, 4))
        ]
        logits, _ = decode(model, maps, boxes)
        loss = sum(mask_loss(logits[:, k], target).mean() for k in range(4)) / 4
        _step(learned, optimizer, loss, RATE * min(1, (step + 1) / 30))


def _boxes_to_fill(
    rng: np.random.Generator, count: int, side: int, grid: int
) -> tuple[Tensor, Tensor]:
    """Return boxes (count, 2, 2) in pixels, and their insides (count, grid, grid)."""
    size = rng.uniform(0.06, 0.8, (count, 2)) * side
    corner = rng.uniform(0, 1, (count, 2)) * (side - size)
    boxes = torch.from_numpy(np.stack([corner, corner + size], 1)).float()
    places = (torch.arange(grid) + 0.5) * (side / grid)
    inside = (places >= boxes[:, :1, :].mT) & (places < boxes[:, 1:, :].mT)
    across, down = inside.float().unbind(1)
    return boxes, down[:, :, None] * across[:, None, :]


def _step(
    learned: list[Tensor], optimizer: torch.optim.Optimizer, loss: Tensor, rate: float
) -> None:
    """Take one step of `optimizer` at `rate`, its gradient cut to length one."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learned, 1.0)
    optimizer.step()
