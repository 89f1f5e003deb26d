"""Embeddings: what each picture means, as a vector that words can be compared with."""

import time
from collections.abc import Sequence

import dagster as dg
import numpy as np
import psycopg
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.core.vision.read_ahead import read_jpeg
from home_media_pipelines.db.tables.vision import embeddings as rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.db.tables.vision.analyses import PendingPicture
from home_media_pipelines.db.tables.vision.embeddings import Embedding, embeddings_table
from home_media_pipelines.defs.folder_pass import FolderPass, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_look
from home_media_pipelines.defs.resources import Database, Networks, PictureStore
from home_media_pipelines.defs.vision.finish_vision import finish_vision_pass
from home_media_pipelines.defs.vision.target_producers import VERSIONS, Target
from home_media_pipelines.defs.vision.vision_checks import (
    coverage_check,
    problems_check,
)
from home_media_pipelines.defs.vision.vision_pass import (
    GREY,
    VisionResources,
    VisionStep,
    input_pictures,
    run_vision_pass,
)

Vector = NDArray[np.float32]


def embed(
    resources: VisionResources, names: Sequence[str], *, until: float | None = None
) -> FolderPass:
    """Embed every picture and key frame of the folders that has no vector."""

    def step_for(
        goal: Target,
    ) -> VisionStep[PendingPicture, Image.Image, Vector, Embedding]:
        producer_id, side = goal.producer.producer_id, goal.model.input_size

        def read(picture: PendingPicture) -> list[Image.Image]:
            return [
                read_jpeg(it.path, shortest=side)
                for it in input_pictures(resources, picture)
            ]

        def finish(picture: PendingPicture, found: Sequence[Vector]) -> list[Embedding]:
            return [
                Embedding(picture.content_id, vector, it.frame, it.time_offset)
                for it, vector in zip(
                    input_pictures(resources, picture), found, strict=True
                )
            ]

        def store(
            conn: psycopg.Connection, found: list[Embedding], contents: Sequence[str]
        ) -> None:
            table = embeddings_table(found)
            rows.store(conn, table, producer_id=producer_id, contents=contents)

        return VisionStep(lambda _, it: it, read, finish, store, GREY, "vectors")

    return run_vision_pass(resources, "embeddings", names, step_for, until=until)


@dg.asset(
    partitions_def=folders,
    deps=["thumbnails", "key_frames"],
    group_name="vision",
    kinds={"pytorch", "postgres"},
    tags={"compute": "gpu"},
    owners=["team:home"],
    pool="gpu",
    code_version=VERSIONS["embeddings"],
    backfill_policy=many_folders_per_look,
)
def embeddings(
    context: dg.AssetExecutionContext,
    database: Database,
    networks: Networks,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> dg.MaterializeResult:
    """A unit vector for every picture and every key frame of a video.

    Pictures and words that mean the same lie close to each other. Vectors of two
    models live side by side until the new ones are complete.
    """
    started = time.perf_counter()
    resources = VisionResources(database, networks, thumbnail_store, key_frame_store)
    done = embed(resources, context.partition_keys)
    finish_vision_pass(resources)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=embeddings)
def embedding_norms(database: Database) -> dg.AssetCheckResult:
    """Every vector has length 1."""
    with database.connect() as conn:
        producer_id = producers.active(conn, "embeddings")
        odd = rows.count_odd_norms(conn, producer_id) if producer_id else 0
    return dg.AssetCheckResult(passed=not odd, metadata={"odd": odd})


embeddings_coverage = coverage_check(embeddings)
embeddings_problems = problems_check(embeddings)
