"""Weights that are cut off, swapped or poisoned are refused, and never run."""

import json
import os
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.detector import Detector
from home_media_pipelines.models.devices import CPU, choose, require
from home_media_pipelines.models.embedder import Embedder
from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    MissingWeightsError,
    NoGpuError,
)
from home_media_pipelines.models.quiet import quiet
from home_media_pipelines.models.registry import Model, WeightsFile
from home_media_pipelines.models.segmenter import Segmenter

pytestmark = pytest.mark.xdist_group("models")
torch = pytest.importorskip("torch")

NETWORKS = {"detector": Detector, "segmenter": Segmenter, "embedder": Embedder}
TINY = ("tiny-yolo", "tiny-sam2", "tiny-clip")


class Touch:
    """What a poisoned checkpoint runs when it is read as a pickle."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def copied(name: str, folder: Path) -> Model:
    """The model with files of its own, which may be damaged."""
    model = registry.get(name)
    assert model.folder is not None
    shutil.copytree(model.folder, folder)
    return replace(model, folder=folder)


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize("damage", ["cut off", "empty", "text"])
def test_weights_that_no_library_can_read_are_named(tmp_path, one_thread, name, damage):
    model = copied(name, tmp_path / "net")
    path = tmp_path / "net" / model.files[-1].name
    whole = path.read_bytes()
    half, text = whole[: len(whole) // 2], b"<html>404: not found</html>"
    path.write_bytes({"cut off": half, "empty": b"", "text": text}[damage])
    with pytest.raises(CorruptWeightsError) as caught:
        NETWORKS[model.role](model, tmp_path, CPU).load()
    assert str(tmp_path / "net") in str(caught.value)


@pytest.mark.parametrize("name", TINY)
def test_a_missing_file_is_found_missing_before_a_library_is_asked(tmp_path, name):
    """Asked for a path that is not there, ultralytics would fetch its name."""
    model = copied(name, tmp_path / "net")
    (tmp_path / "net" / model.files[-1].name).unlink()
    with pytest.raises(MissingWeightsError):
        NETWORKS[model.role](model, tmp_path, CPU).load()
    assert not (tmp_path / "net" / model.files[-1].name).exists()


def test_a_wrong_checksum_stops_before_a_library_reads_the_file(tmp_path, monkeypatch):
    model = copied("tiny-clip", tmp_path / "net")
    files = tuple(replace(file, sha256="0" * 64) for file in model.files)
    with pytest.raises(CorruptWeightsError, match="expected 0000"):
        Embedder(replace(model, files=files), tmp_path, CPU).load()


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("form", ["pickle", "archive"])
@pytest.mark.parametrize("role", ["detector", "segmenter", "embedder"])
def test_a_poisoned_checkpoint_runs_nothing(
    tmp_path, one_thread, monkeypatch, role, form
):
    """A .pt is a pickle, and a pickle is a program.

    Also where ultralytics was imported before we could tell it to take care.
    """
    quiet()
    monkeypatch.setattr("ultralytics.nn.tasks.SAFE_LOAD", False)
    folder, ran = tmp_path / "net", tmp_path / "ran"
    if role == "embedder":
        model = copied("tiny-clip", folder)
        (folder / "open_clip_model.safetensors").unlink()
        name = "open_clip_pytorch_model.bin"
        model = replace(model, files=(model.files[0], WeightsFile(name)))
    elif role == "segmenter":
        model = copied("tiny-sam2", folder)
        name = model.files[-1].name
    else:
        folder.mkdir()
        name = "net.pt"
        model = replace(
            registry.get("tiny-yolo"), files=(WeightsFile(name),), folder=folder
        )
    if form == "pickle":
        (folder / name).write_bytes(pickle.dumps({"model": Touch(ran)}))
    else:
        torch.save({"model": Touch(ran)}, folder / name)
    with pytest.raises(CorruptWeightsError):
        NETWORKS[role](model, tmp_path, CPU).load()
    assert not ran.exists()


def test_weights_of_another_network_are_refused(tmp_path, one_thread):
    """Loading them half would give a network that guesses."""
    model = copied("tiny-sam2", tmp_path / "net")
    path = tmp_path / "net" / model.files[-1].name
    state = torch.load(path, weights_only=True)
    state["model"].pop(next(iter(state["model"])))
    torch.save(state, path)
    with pytest.raises(CorruptWeightsError):
        Segmenter(model, tmp_path, CPU).load()


def test_vectors_of_another_length_than_promised_are_refused(tmp_path, one_thread):
    model = copied("tiny-clip", tmp_path / "net")
    with pytest.raises(CorruptWeightsError, match="expected dimension 512, found 128"):
        Embedder(replace(model, dimension=512), tmp_path, CPU).load()


def test_a_folder_without_weights_gives_no_random_network(tmp_path, one_thread):
    """The library would warn, and answer with noise."""
    model = copied("tiny-clip", tmp_path / "net")
    (tmp_path / "net" / "open_clip_model.safetensors").unlink()
    only_config = replace(model, files=model.files[:1])
    with pytest.raises(CorruptWeightsError, match="could not be loaded"):
        Embedder(only_config, tmp_path, CPU).load()


def test_a_tokenizer_of_the_model_s_own_is_read_from_its_folder(tmp_path, one_thread):
    """As the multilingual models have; nothing is asked of the net for it."""
    pytest.importorskip("transformers")
    import open_clip
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    folder = tmp_path / "net"
    folder.mkdir()
    words = ("<pad>", "<eos>", "<bos>", "<unk>", "ein", "roter", "ball", "hund")
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", 1)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "pad_token": "<pad>",
                "eos_token": "<eos>",
                "unk_token": "<unk>",
            }
        )
    )
    config = {
        "embed_dim": 16,
        "custom_text": True,
        "init_logit_bias": -10,
        "vision_cfg": {
            "image_size": 32,
            "layers": 1,
            "width": 32,
            "head_width": 16,
            "patch_size": 16,
        },
        "text_cfg": {
            "context_length": 8,
            "vocab_size": len(words),
            "hf_tokenizer_name": "somebody/elsewhere",
            "tokenizer_kwargs": {"clean": "canonicalize"},
            "width": 32,
            "heads": 2,
            "layers": 1,
            "no_causal_mask": True,
            "pool_type": "last",
        },
    }
    preprocessing = {"mean": [0.5] * 3, "std": [0.5] * 3, "resize_mode": "squash"}
    described = {"model_cfg": config, "preprocess_cfg": preprocessing}
    (folder / "open_clip_config.json").write_text(json.dumps(described))
    torch.manual_seed(0)
    made = open_clip.create_model(f"local-dir:{folder}")
    save_file(made.state_dict(), folder / "open_clip_model.safetensors")
    names = (
        "open_clip_config.json",
        "open_clip_model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    )
    files = tuple(WeightsFile(name) for name in names)
    model = Model("net", "embedder", "open_clip", "net", files, "MIT", 32, 16)

    network = Embedder(model, tmp_path, CPU, text_only=True)
    one, shouted, other = network.run_text(
        ["ein roter ball", "EIN ROTER BALL!", "hund"]
    )

    np.testing.assert_array_equal(one, shouted)
    assert not np.allclose(one, other, atol=1e-3)


def test_a_model_that_needs_a_gpu_says_so():
    with pytest.raises(NoGpuError, match=r"sam2\.1-large: it needs a GPU"):
        require(registry.get("sam2.1-large"), CPU)
    with pytest.raises(MissingWeightsError):
        weights.verify(registry.get("sam2.1-large"), Path("/nonexistent"))


def test_a_device_that_is_set_but_not_there_is_named():
    if torch.cuda.is_available():
        pytest.skip("there is one here")
    assert choose("cpu") == CPU
    with pytest.raises(
        NoGpuError, match=r"HOME_MEDIA_DEVICE is cuda: torch .* finds no"
    ):
        choose("cuda")
