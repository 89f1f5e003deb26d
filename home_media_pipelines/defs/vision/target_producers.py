"""Which producer each asset that looks at pictures should have, or what it waits for.

The networks are those of the profile, unless a person chose others. What an asset
builds on is part of its producer's identity, so another detector also means other
masks. Nothing here imports torch: sensors ask every half minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from home_media_pipelines.core.vision.masked_crop import MARGIN
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.vision import models as model_rows
from home_media_pipelines.defs.resources import Networks
from home_media_pipelines.io.key_frames import MOST as FRAMES
from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.detector import MOST, OVERLAP
from home_media_pipelines.models.devices import gpu_is_likely
from home_media_pipelines.models.errors import (
    ModelError,
    NotInstalledError,
    UnknownModelError,
)
from home_media_pipelines.models.open import missing_packages
from home_media_pipelines.models.registry import Model, Role

ASSETS = ("detections", "masks", "embeddings", "crop_embeddings")
"""In the order in which they build on each other."""

VERSIONS = {"detections": "1", "masks": "1", "embeddings": "1", "crop_embeddings": "1"}
"""Code versions: another one, and everything is looked at again."""

INPUT = 1024
"""Long edge of the pictures that detector and segmenter are given, in pixels."""

OFF = "vision is off"


@dataclass(frozen=True, slots=True)
class Target:
    """A producer, and the network that makes its rows.

    `role` is what the network does here: a detector can also be the segmenter.
    """

    producer: Producer
    role: Role
    model: Model


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why an asset cannot be made now."""

    reason: str
    error: ModelError | None = None


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where networks run: here, with these weights, or on another machine."""

    weights: Path
    elsewhere: bool

    @property
    def has_card(self) -> bool:
        """Whether there is a graphics card, as far as one can tell from here."""
        return self.elsewhere or gpu_is_likely()

    def weights_hash(self, model: Model) -> str:
        """Return the identity of a model's weights.

        Elsewhere they need not lie here, if `lock.json` or the registry knows them.

        Raises:
            ModelError: they are missing, or damaged.
        """
        if self.elsewhere and weights.missing(model, self.weights):
            return weights.promised(model, self.weights)
        return weights.verify(model, self.weights)


def target_producers(
    conn: psycopg.Connection, networks: Networks
) -> dict[str, Target | Blocked]:
    """Return, by asset, who should make it or what it waits for.

    Weights are read once per process, to know their hash.
    """
    try:
        chosen = chosen_models(conn, networks)
    except UnknownModelError as error:
        return dict.fromkeys(ASSETS, Blocked(str(error), error))
    if not any(chosen.values()):
        return dict.fromkeys(ASSETS, Blocked(OFF))
    runtime = Runtime(Path(networks.weights), networks.elsewhere)
    if networks.device == "cuda" and not runtime.has_card:
        reason = (
            "waits for a graphics card: HOME_MEDIA_DEVICE is cuda, and none is here"
        )
        return dict.fromkeys(ASSETS, Blocked(reason))
    found: dict[str, Target | Blocked] = {}
    found["detections"] = detections = _detections(chosen, runtime)
    found["masks"] = masks = _masks(chosen, runtime, detections)
    found["embeddings"] = _embeddings(chosen, runtime)
    found["crop_embeddings"] = _crop_embeddings(chosen, runtime, masks)
    return found


def chosen_models(
    conn: psycopg.Connection, networks: Networks
) -> dict[Role, Model | None]:
    """Return the model of each role: a person's choice, or that of the profile.

    Raises:
        UnknownModelError: a choice is no model of this version.
    """
    chosen = registry.of_profile(networks.profile)  # pyright: ignore[reportArgumentType]: the settings checked it
    if networks.profile == "off":
        return chosen
    choices = model_rows.choices(conn)
    for role in registry.ROLES:
        if name := choices.get(role):
            chosen[role] = None if name == "none" else registry.get(name)
    return chosen


def _detections(
    chosen: Mapping[Role, Model | None], runtime: Runtime
) -> Target | Blocked:
    model = chosen["detector"]
    return _of(
        "detections",
        model,
        "detector",
        runtime,
        {
            "input": INPUT,
            "score": model.score if model else None,
            "iou": OVERLAP,
            "most": MOST,
            "frames": FRAMES,
        },
    )


def _masks(
    chosen: Mapping[Role, Model | None], runtime: Runtime, detections: Target | Blocked
) -> Target | Blocked:
    if isinstance(detections, Blocked):
        return detections
    upstream: dict[str, object] = {"detections": detections.producer.producer_id}
    model = chosen["segmenter"]
    if model is None:
        return _of(
            "masks",
            detections.model,
            "segmenter",
            runtime,
            {**upstream, "input": INPUT, "source": "detector"},
        )
    return _of("masks", model, "segmenter", runtime, {**upstream, "input": INPUT})


def _embeddings(
    chosen: Mapping[Role, Model | None], runtime: Runtime
) -> Target | Blocked:
    model = chosen["embedder"]
    size = model.input_size if model else 0
    return _of(
        "embeddings", model, "embedder", runtime, {"input": size, "frames": FRAMES}
    )


def _crop_embeddings(
    chosen: Mapping[Role, Model | None], runtime: Runtime, masks: Target | Blocked
) -> Target | Blocked:
    if isinstance(masks, Blocked):
        return masks
    return _of(
        "crop_embeddings",
        chosen["embedder"],
        "embedder",
        runtime,
        {
            "masks": masks.producer.producer_id,
            "margin": MARGIN,
            "background": "mean",
        },
    )


def _of(
    asset: str,
    model: Model | None,
    role: Role,
    runtime: Runtime,
    parameters: Mapping[str, object],
) -> Target | Blocked:
    if model is None:
        return Blocked(f"no {role} is chosen")
    if missing := () if runtime.elsewhere else missing_packages(model):
        lacking = NotInstalledError(missing)
        return Blocked(f"waits for packages: {lacking}", lacking)
    try:
        weights_hash = runtime.weights_hash(model)
    except ModelError as error:
        return Blocked(f"waits for weights: {error}", error)
    if model.needs_gpu and not runtime.has_card:
        return Blocked(f"waits for a graphics card: {model.name} needs one")
    producer = Producer(asset, VERSIONS[asset], model.name, weights_hash, parameters)
    return Target(producer, role, model)
