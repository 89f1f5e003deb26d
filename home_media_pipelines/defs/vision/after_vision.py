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
from home_media_pipelines.defs.vision.vision_pass import Eyes
from home_media_pipelines.defs.vision.vision_producers import Waits, Wanted, wanted
from home_media_pipelines.models import devices
from home_media_pipelines.models.open import open_network

SAMPLE = 5_000
"""Vectors that are looked at to tell where a search ends."""


def settle(eyes: Eyes) -> list[str]:
    """Make what was filled ready to be read, and read it once it covers everything.

    Returns:
        The assets that were switched.
    """
    with eyes.database.connect() as conn:
        goals = wanted(conn, eyes.networks)
    embedder = goals["embeddings"]
    if isinstance(embedder, Wanted):
        _calibrate(eyes, embedder)
    _index(eyes, goals)
    with eyes.database.connect() as conn:
        ready = models.switch_ready(conn)
        switched = models.switch(conn, ready) if ready else []
    with eyes.database.connect() as conn:
        counts.settle(conn)
    return [it.asset for it in switched]


def _index(eyes: Eyes, goals: dict[str, Wanted | Waits]) -> None:
    with connect(eyes.database.url, autocommit=True) as conn:
        for table in ("embeddings", "crop_embeddings"):
            goal = goals[table]
            if isinstance(goal, Wanted):
                vector_indexes.ensure(conn, table, goal.producer.producer_id)


def _calibrate(eyes: Eyes, goal: Wanted) -> None:
    """Tell the cuts of an embedder, again when the library has grown twice as large."""
    producer_id = goal.producer.producer_id
    with eyes.database.connect() as conn:
        known = calibrations.of_producer(conn, producer_id)
        if known and known.sampled >= SAMPLE:
            return
        sample = embeddings.sample(conn, producer_id, SAMPLE)
    if len(sample) < calibration.FEWEST:
        return
    if known and len(sample) < 2 * known.sampled:
        return
    device = devices.choose(eyes.networks.device)  # pyright: ignore[reportArgumentType]: the settings checked it
    network: Any = open_network(
        "embedder", goal.model, Path(eyes.networks.weights), device
    )
    cuts = calibration.cuts(
        sample,
        network.run_text(calibration.STRANGE),
        network.run_text(calibration.EVERYDAY),
    )
    if cuts is None:
        return
    with eyes.database.connect() as conn:
        found = Calibration(cuts.possible, cuts.likely, len(sample))
        calibrations.store(conn, producer_id, found)
