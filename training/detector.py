"""Train the tiny YOLO: boxes, names and masks of the things the sample draws."""

import json
import logging
import shutil
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from home_media_pipelines.models.quiet import quiet
from home_media_pipelines.models.registry import TINY
from home_media_pipelines.sample.scenes import Scene
from home_media_pipelines.sample.things import LABELS
from training.crowds import lessons
from training.ground_truth import countable

LOG = logging.getLogger(__name__)

SIDE = 256
"""Pixels of the square the network sees; a picture is fitted into it."""

DRAWN = 448
"""Pixels the scenes are drawn at: shrinking gives the edges a photograph has."""

CHECKPOINT = "tiny-yolo"

ARCHITECTURE = TINY / "yolo" / f"{CHECKPOINT}.yaml"

DRAWINGS, EPOCHS, RATE = 1500, 9, 2e-3
"""How many are drawn, how often each is seen, the highest learning rate."""


def train(folder: Path, work: Path, *, seed: int = 0) -> float:
    """Train on drawings; write the weights, and the architecture beside them.

    Args:
        folder: gets `tiny-yolo.safetensors` and `tiny-yolo.yaml`.
        work: a scratch folder; what is in it is replaced.
        seed: of everything random.

    Returns:
        CPU seconds of training, drawing included.
    """
    start = time.process_time()
    quiet()
    from ultralytics import YOLO

    torch.set_num_threads(1)
    data = draw_set(work / "drawings", DRAWINGS)
    LOG.info("drawn after %.0f CPU s", time.process_time() - start)
    YOLO(ARCHITECTURE, task="segment").train(
        data=str(data),
        epochs=EPOCHS,
        imgsz=SIDE,
        batch=8,
        nbs=16,  # else it waits for the gradients of 64 pictures before each step
        device="cpu",
        workers=0,
        cache="ram",
        optimizer="AdamW",
        lr0=RATE,
        lrf=0.02,
        cos_lr=True,
        warmup_epochs=0.5,
        weight_decay=5e-4,
        amp=False,
        mosaic=0.3,
        close_mosaic=2,
        scale=0.25,
        translate=0.1,
        hsv_h=0.01,
        hsv_s=0.2,
        hsv_v=0.2,
        fliplr=0.5,
        mask_ratio=4,
        val=False,
        plots=False,
        save=True,
        project=str(work),
        name="trained",
        exist_ok=True,
        deterministic=True,
        seed=seed,
        verbose=False,
        pretrained=False,
    )
    trained = YOLO(work / "trained" / "weights" / "last.pt")
    save(trained.model, folder / f"{CHECKPOINT}.safetensors")
    (folder / ARCHITECTURE.name).write_text(ARCHITECTURE.read_text())
    return time.process_time() - start


def save(model: torch.nn.Module, path: Path) -> None:
    """Write a network's weights in half precision, no pickle, names beside them."""
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in model.state_dict().items()
    }
    names = {str(number): label for number, label in enumerate(LABELS)}
    save_file(state, path, {"names": json.dumps(names), "imgsz": str(SIDE)})
    path.chmod(0o644)


def draw_set(folder: Path, count: int) -> Path:
    """Draw `count` lessons and their outlines as ultralytics reads them.

    ultralytics insists on judging the last epoch; a few pictures do for that.

    Returns:
        The data set's yaml. What the folder held is gone.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for number, scene in enumerate(lessons(count, DRAWN)):
        shrunk = shrink(np.asarray(scene.image), smooth=number % 3 > 0)
        cv2.imwrite(str(folder / "images" / f"{number:05}.png"), shrunk[:, :, ::-1])
        lines = "\n".join(outlines(scene))
        (folder / "labels" / f"{number:05}.txt").write_text(lines)
    few = [f"./images/{number:05}.png" for number in range(8)]
    (folder / "few.txt").write_text("\n".join(few))
    names = dict(enumerate(LABELS))
    described = {"path": str(folder), "train": "images", "val": "few.txt"}
    data = folder / "lessons.yaml"
    data.write_text(json.dumps({**described, "names": names}))
    return data


def shrink(pixels: NDArray[np.uint8], *, smooth: bool) -> NDArray[np.uint8]:
    """Fit (height, width, 3) into the network's square.

    Both ways happen in use: `smooth` averages as Pillow does, the other picks pixels
    as ultralytics' own resizing does.
    """
    height, width = pixels.shape[:2]
    share = SIDE / max(height, width)
    size = round(width * share), round(height * share)
    how = cv2.INTER_AREA if smooth else cv2.INTER_LINEAR
    return cv2.resize(pixels, size, interpolation=how)


def outlines(scene: Scene) -> list[str]:
    """One line a thing: its class, then its outline as fractions, x before y.

    The format has one outline a thing, so pieces on both sides of what stands before
    are joined by a line of no width, and holes are filled.
    """
    from ultralytics.data.converter import merge_multi_segment

    lines: list[str] = []
    for thing in countable(scene):
        height, width = thing.mask.shape
        found, _ = cv2.findContours(
            thing.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
        )
        pieces = [piece.reshape(-1, 2) for piece in found if len(piece) > 2]
        whole = (
            np.concatenate(merge_multi_segment([p.ravel().tolist() for p in pieces]))
            if len(pieces) > 1
            else pieces[0]
        )
        points = (whole + 0.5) / (width, height)
        numbers = " ".join(f"{value:.5f}" for value in points.ravel())
        lines.append(f"{LABELS.index(thing.label)} {numbers}")
    return lines
