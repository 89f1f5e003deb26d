"""Every network that can be chosen, and which ones a profile chooses. No torch."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from home_media_pipelines.models.errors import UnknownModelError

Role = Literal["detector", "segmenter", "embedder"]
Profile = Literal["gpu", "cpu", "tiny", "off"]
Library = Literal["ultralytics", "sam2", "open_clip"]

ROLES: tuple[Role, ...] = ("detector", "segmenter", "embedder")

TINY = Path(__file__).with_name("tiny")
"""Networks that come with the package: they know the drawings of the sample."""

ULTRALYTICS = "https://github.com/ultralytics/assets/releases/download/v8.4.0"
SEGMENT_ANYTHING = "https://dl.fbaipublicfiles.com/segment_anything_2/092824"
HUGGING_FACE = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of a model, by the name it has on disk.

    Without a `url` it comes with the package. Without a `sha256` (64 hex digits) the
    one of its first fetch is kept, and a change refused.
    """

    name: str
    url: str | None = None
    sha256: str | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A network one can choose.

    `architecture` is what its library builds: of sam2 a configuration, which
    `overrides` change. `input_size` is the side in pixels of the square it sees,
    `dimension` the length of its vectors, `vocabulary` the set its labels are of.
    `folder` is where its files lie if not below the directory of weights. `score` is
    what a detector must be sure of for a thing to be recorded, 0–1; from which score
    on a thing counts in the tree is a matter of the thresholds of its taxa.
    """

    name: str
    role: Role
    library: Library
    architecture: str
    files: tuple[WeightsFile, ...]
    licence: str
    input_size: int
    dimension: int | None = None
    vocabulary: str | None = None
    overrides: tuple[str, ...] = ()
    needs_gpu: bool = False
    folder: Path | None = None
    score: float = 0.15


def _yolo(name: str, *, vocabulary: str = "coco80", needs_gpu: bool = False) -> Model:
    return Model(
        name,
        "detector",
        "ultralytics",
        name,
        (WeightsFile(f"{name}.pt", f"{ULTRALYTICS}/{name}.pt"),),
        "AGPL-3.0",
        640,
        vocabulary=vocabulary,
        needs_gpu=needs_gpu,
    )


def _sam2(
    name: str,
    file: str,
    letters: str,
    sha256: str,
    size: int,
    *,
    needs_gpu: bool = False,
) -> Model:
    return Model(
        name,
        "segmenter",
        "sam2",
        f"configs/sam2.1/sam2.1_hiera_{letters}.yaml",
        (WeightsFile(file, f"{SEGMENT_ANYTHING}/{file}", sha256, size),),
        "Apache-2.0",
        1024,
        needs_gpu=needs_gpu,
    )


def _clip(
    name: str,
    architecture: str,
    repository: str,
    licence: str,
    input_size: int,
    dimension: int,
    *,
    weights: str = "open_clip_model.safetensors",
    tokenizer: tuple[str, ...] = (),
    needs_gpu: bool = False,
) -> Model:
    files = ("open_clip_config.json", weights, *tokenizer)
    resolve = f"{HUGGING_FACE}/{repository}/resolve/main"
    return Model(
        name,
        "embedder",
        "open_clip",
        architecture,
        tuple(WeightsFile(file, f"{resolve}/{file}") for file in files),
        licence,
        input_size,
        dimension,
        needs_gpu=needs_gpu,
    )


_PICKLED = "open_clip_pytorch_model.bin"
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json")

_ALL = (
    _yolo("yolo11n-seg"),
    _yolo("yolo11s-seg"),
    _yolo("yolo11m-seg"),
    _yolo("yolo26n-seg"),
    _yolo("yolo26s-seg"),
    _yolo("yolo26m-seg"),
    _yolo("yolo26l-seg", needs_gpu=True),
    _yolo("yolo26m-objv1-seg", vocabulary="objects365"),
    _sam2(
        "sam2.1-tiny",
        "sam2.1_hiera_tiny.pt",
        "t",
        "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69",
        156_008_466,
    ),
    _sam2(
        "sam2.1-small",
        "sam2.1_hiera_small.pt",
        "s",
        "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38",
        184_416_285,
    ),
    _sam2(
        "sam2.1-base-plus",
        "sam2.1_hiera_base_plus.pt",
        "b+",
        "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5",
        323_606_802,
        needs_gpu=True,
    ),
    _sam2(
        "sam2.1-large",
        "sam2.1_hiera_large.pt",
        "l",
        "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318",
        898_083_611,
        needs_gpu=True,
    ),
    _clip(
        "clip-b32-256",
        "ViT-B-32-256",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        "MIT",
        256,
        512,
        weights=_PICKLED,
    ),
    _clip(
        "clip-b16",
        "ViT-B-16",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        "MIT",
        224,
        512,
        weights=_PICKLED,
    ),
    _clip(
        "clip-l14",
        "ViT-L-14",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        "MIT",
        224,
        768,
        weights=_PICKLED,
        needs_gpu=True,
    ),
    _clip(
        "siglip2-b32-256",
        "ViT-B-32-SigLIP2-256",
        "timm/ViT-B-32-SigLIP2-256",
        "Apache-2.0",
        256,
        768,
        tokenizer=_TOKENIZER,
    ),
    _clip(
        "siglip2-b16-256",
        "ViT-B-16-SigLIP2-256",
        "timm/ViT-B-16-SigLIP2-256",
        "Apache-2.0",
        256,
        768,
        tokenizer=_TOKENIZER,
    ),
    _clip(
        "siglip2-l16-256",
        "ViT-L-16-SigLIP2-256",
        "timm/ViT-L-16-SigLIP2-256",
        "Apache-2.0",
        256,
        1024,
        tokenizer=_TOKENIZER,
        needs_gpu=True,
    ),
    _clip("pe-core-b16", "PE-Core-B-16", "timm/PE-Core-B-16", "Apache-2.0", 224, 1024),
    Model(
        "tiny-yolo",
        "detector",
        "ultralytics",
        "tiny-yolo.yaml",
        (WeightsFile("tiny-yolo.yaml"), WeightsFile("tiny-yolo.safetensors")),
        "AGPL-3.0",
        256,
        vocabulary="drawings",
        folder=TINY / "yolo",
        score=0.25,
    ),
    Model(
        "tiny-sam2",
        "segmenter",
        "sam2",
        "tiny-sam2.json",
        (WeightsFile("tiny-sam2.json"), WeightsFile("tiny-sam2.pt")),
        "Apache-2.0",
        256,
        folder=TINY / "sam2",
    ),
    Model(
        "tiny-clip",
        "embedder",
        "open_clip",
        "tiny-clip",
        (
            WeightsFile("open_clip_config.json"),
            WeightsFile("open_clip_model.safetensors"),
            *map(WeightsFile, _TOKENIZER),
        ),
        "MIT",
        160,
        128,
        folder=TINY / "clip",
    ),
)

MODELS: Mapping[str, Model] = MappingProxyType({model.name: model for model in _ALL})

_PROFILES: Mapping[Profile, Mapping[Role, str]] = {
    "gpu": {
        "detector": "yolo26m-seg",
        "segmenter": "sam2.1-base-plus",
        "embedder": "siglip2-b16-256",
    },
    "cpu": {
        "detector": "yolo26n-seg",
        "segmenter": "sam2.1-tiny",
        "embedder": "clip-b32-256",
    },
    "tiny": {
        "detector": "tiny-yolo",
        "segmenter": "tiny-sam2",
        "embedder": "tiny-clip",
    },
    "off": {},
}


def get(name: str) -> Model:
    """Return the model of this name.

    Raises:
        UnknownModelError: there is none; it names those spelled like it.
    """
    try:
        return MODELS[name]
    except KeyError:
        near = difflib.get_close_matches(name, MODELS, n=3)
        raise UnknownModelError(name, near) from None


def of_profile(profile: Profile) -> dict[Role, Model | None]:
    """Return the model of each role; None where the profile wants none."""
    chosen = _PROFILES[profile]
    return {role: MODELS[chosen[role]] if role in chosen else None for role in ROLES}
