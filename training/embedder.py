"""Train the tiny CLIP: pictures and sentences, English and German, in one space.

First the picture half learns to see, then the text half learns to read, beside
embeddings that stay: a step of reading costs little without pictures in it.
"""

import json
import logging
import math
import time
from pathlib import Path

import numpy as np
import open_clip
import torch
from safetensors.torch import save_file

from training import reading, seeing
from training.drawings import TRAINING, scenes
from training.lessons import Pool, pool
from training.tokens import vocabulary, write_tokenizer

LOG = logging.getLogger(__name__)

SIDE, DIMENSION = 160, 128
"""Pixels of the square a picture is pressed into; numbers in its embedding."""

DRAWINGS, DRAWN = 4000, 384
"""How many scenes are drawn, and the pixels of their longer side."""

CONFIG = {
    "model_cfg": {
        "embed_dim": DIMENSION,
        "init_logit_scale": math.log(10.0),
        "init_logit_bias": -6.0,
        "vision_cfg": {
            "image_size": SIDE,
            "layers": [1, 1, 1, 1],
            "width": 16,
            "head_width": 32,
        },
        "text_cfg": {
            "context_length": 32,
            "vocab_size": len(vocabulary()),
            "hf_tokenizer_name": "beside this file",
            "width": 96,
            "heads": 4,
            "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": seeing.MEAN,
        "std": seeing.DEVIATION,
        "interpolation": "bicubic",
        "resize_mode": "squash",
    },
}
"""`squash` presses a picture into the square, so that nothing at its rim is lost."""

WEIGHTS = "open_clip_model.safetensors"


def train(
    folder: Path, work: Path, *, seed: int = 0, drawings: Pool | None = None
) -> float:
    """Train, and make `folder` a model that open_clip loads as `local-dir:`.

    Args:
        folder: gets `open_clip_config.json`, the tokenizer and the weights.
        work: not used; drawings stay in memory.
        seed: of everything random.
        drawings: what to learn from, instead of drawing it.

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
    write_tokenizer(folder)
    config = json.dumps(CONFIG, indent=2)
    (folder / "open_clip_config.json").write_text(config + "\n")
    model, _, _ = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    model.visual.to(memory_format=torch.channels_last)
    seeing.learn(model.visual, lessons, rng, side=SIDE, dimension=DIMENSION)
    pictures = reading.views(model.visual, lessons, rng, side=SIDE)
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    reading.learn(model, tokenizer, pictures, rng)
    save(model, folder)
    return time.process_time() - start


def save(model: torch.nn.Module, folder: Path) -> None:
    """Write the weights in half precision."""
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in model.state_dict().items()
    }
    save_file(state, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)
