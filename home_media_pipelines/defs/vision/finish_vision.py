"""What follows a pass of networks: cuts for search, an index, a switch, counts."""

from pathlib import Path
from typing import Any

from home_media_pipelines.core.vision import calibration
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.taxonomy import counts
from home_media_pipelines.db.tables.vision import (
    calibrations,
    embeddings,
    models,
    vector_indexes,
)
from home_media_pipelines.db.tables.vision.calibrations import Calibration
from home_media_pipelines.defs.vision.target_producers import (
    Blocked,
    Target,
    target_producers,
)
from home_media_pipelines.defs.vision.vision_pass import VisionResources
from home_media_pipelines.models import devices
from home_media_pipelines.models.open import open_network

SAMPLE = 5_000
"""Vectors that are looked at to tell where a search ends."""


def finish_vision_pass(resources: VisionResources) -> list[str]:
    """Make what was filled ready to be read, and read it once it covers everything.

    Returns:
        The assets that were switched.
    """
    with resources.database.connect() as conn:
        goals = target_producers(conn, resources.networks)
    embedder = goals["embeddings"]
    if isinstance(embedder, Target):
        _calibrate(resources, embedder)
    _index(resources, goals)
    with resources.database.connect() as conn:
        ready = models.switch_ready(conn)
        switched = models.switch(conn, ready) if ready else []
    with resources.database.connect() as conn:
        counts.compact(conn)
    return [it.asset for it in switched]


def _index(resources: VisionResources, goals: dict[str, Target | Blocked]) -> None:
    with connect(resources.database.url, autocommit=True) as conn:
        for table in ("embeddings", "crop_embeddings"):
            goal = goals[table]
            if isinstance(goal, Target):
                vector_indexes.ensure(conn, table, goal.producer.producer_id)


def _calibrate(resources: VisionResources, goal: Target) -> None:
    """Tell the cuts of an embedder, again when the library has grown twice as large."""
    producer_id = goal.producer.producer_id
    with resources.database.connect() as conn:
        known = calibrations.of_producer(conn, producer_id)
        if known and known.sampled >= SAMPLE:
            return
        sample = embeddings.sample(conn, producer_id, SAMPLE)
    if len(sample) < calibration.FEWEST:
        return
    if known and len(sample) < 2 * known.sampled:
        return
    device = devices.choose(resources.networks.device)  # pyright: ignore[reportArgumentType]: the settings checked it
    network: Any = open_network(
        "embedder", goal.model, Path(resources.networks.weights), device
    )
    cuts = calibration.cuts(
        sample,
        network.run_text(calibration.STRANGE),
        network.run_text(calibration.EVERYDAY),
    )
    if cuts is None:
        return
    with resources.database.connect() as conn:
        found = Calibration(cuts.possible, cuts.likely, len(sample))
        calibrations.store(conn, producer_id, found)
