"""How well a detector finds what the drawings show: COCO's average precision."""

import contextlib
import io
from collections.abc import Sequence

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from home_media_pipelines.sample.scenes import Box, Scene
from home_media_pipelines.sample.things import LABELS
from training.ground_truth import countable

SCALE = 1000
"""Boxes are fractions; COCO's evaluation counts in pixels."""


def average_precision(
    scenes: Sequence[Scene], found: Sequence[Sequence[tuple[str, float, Box]]]
) -> tuple[float, dict[str, float]]:
    """Mean average precision of the boxes at an IoU of 0.5, and each label's.

    Args:
        scenes: what was drawn.
        found: what the detector says of each: label, score and x, y, width, height as
            fractions. Low scores belong to it, or the curve ends early.

    Returns:
        The mean over the labels that were drawn; labels never drawn are left out.
    """
    true = [
        (number, thing.label, thing.box)
        for number, scene in enumerate(scenes)
        for thing in countable(scene)
    ]
    said = [
        (number, label, box, score)
        for number, hits in enumerate(found)
        for label, score, box in hits
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        drawn = COCO()
        drawn.dataset = {
            "info": {},
            "images": [{"id": number} for number in range(len(scenes))],
            "categories": [{"id": k, "name": name} for k, name in enumerate(LABELS)],
            "annotations": [
                {"id": k, "iscrowd": 0, "area": _area(box), **_row(number, label, box)}
                for k, (number, label, box) in enumerate(true, start=1)
            ],
        }
        drawn.createIndex()
        rows = [{**_row(*row), "score": score} for *row, score in said]
        evaluation = COCOeval(drawn, drawn.loadRes(rows), "bbox")
        evaluation.params.iouThrs = np.array([0.5])
        evaluation.evaluate()
        evaluation.accumulate()
    # precision: IoU threshold, recall, label, size of things (0: all), most hits
    curves = evaluation.eval["precision"][0, :, :, 0, -1]
    each = {
        label: float(curve.mean())
        for label, curve in zip(LABELS, curves.T, strict=True)
        if (curve >= 0).all()
    }
    return float(np.mean(list(each.values()))), each


def _row(number: int, label: str, box: Box) -> dict[str, object]:
    """Return a box of a picture as COCO writes it."""
    pixels = [value * SCALE for value in box]
    return {"image_id": number, "category_id": LABELS.index(label), "bbox": pixels}


def _area(box: Box) -> float:
    return box[2] * box[3] * SCALE * SCALE
