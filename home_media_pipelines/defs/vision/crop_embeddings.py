"""Crop embeddings: what each detected object looks like, without what is around it."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
import numpy as np
import psycopg
from numpy.typing import NDArray
from PIL import Image

from home_media_pipelines.core.vision.masked_crop import masked_crop, mean_colour
from home_media_pipelines.core.vision.read_ahead import read_jpeg
from home_media_pipelines.db.tables.vision import crop_embeddings as rows
from home_media_pipelines.db.tables.vision import masks as mask_rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.db.tables.vision.analyses import PendingPicture
from home_media_pipelines.db.tables.vision.crop_embeddings import (
    CropEmbedding,
    crop_embeddings_table,
)
from home_media_pipelines.db.tables.vision.masks import StoredMask
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
    InputPicture,
    VisionResources,
    VisionStep,
    input_pictures,
    run_vision_pass,
)

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Masked:
    """A content and the masks in it, by frame."""

    content_id: str
    folder: str
    frames: list[tuple[InputPicture, list[StoredMask]]]


def embed_crops(
    resources: VisionResources, names: Sequence[str], *, until: float | None = None
) -> FolderPass:
    """Embed every masked detection of the folders that has no vector."""

    def step_for(
        goal: Target,
    ) -> VisionStep[Masked, Image.Image, Vector, CropEmbedding]:
        producer_id = goal.producer.producer_id
        masks = str(goal.producer.parameters["masks"])

        def prepare(
            conn: psycopg.Connection, pending: Sequence[PendingPicture]
        ) -> list[Masked]:
            ids = [it.content_id for it in pending]
            found: defaultdict[tuple[str, int], list[StoredMask]] = defaultdict(list)
            for it in mask_rows.of_contents(conn, masks, ids):
                found[it.content_id, it.frame].append(it)
            return [
                Masked(
                    it.content_id,
                    it.folder,
                    [
                        (picture, its)
                        for picture in input_pictures(resources, it)
                        if (its := found.get((it.content_id, picture.frame)))
                    ],
                )
                for it in pending
            ]

        def read(masked: Masked) -> list[Image.Image]:
            crops: list[Image.Image] = []
            for it, its in masked.frames:
                picture = read_jpeg(it.path)
                ground = mean_colour(picture)
                crops += [masked_crop(picture, mask.pixels, ground) for mask in its]
            return crops

        def finish(masked: Masked, found: Sequence[Vector]) -> list[CropEmbedding]:
            its = [mask for _, masks in masked.frames for mask in masks]
            return [
                CropEmbedding(mask.detection_id, mask.content_id, vector)
                for mask, vector in zip(its, found, strict=True)
            ]

        def store(
            conn: psycopg.Connection,
            found: list[CropEmbedding],
            contents: Sequence[str],
        ) -> None:
            table = crop_embeddings_table(found)
            rows.store(conn, table, producer_id=producer_id, contents=contents)

        return VisionStep(prepare, read, finish, store, GREY, "vectors")

    return run_vision_pass(resources, "crop_embeddings", names, step_for, until=until)


@dg.asset(
    partitions_def=folders,
    deps=["masks"],
    group_name="vision",
    kinds={"pytorch", "postgres"},
    tags={"compute": "gpu"},
    owners=["team:home"],
    pool="gpu",
    code_version=VERSIONS["crop_embeddings"],
    backfill_policy=many_folders_per_look,
)
def crop_embeddings(
    context: dg.AssetExecutionContext,
    database: Database,
    networks: Networks,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> dg.MaterializeResult:
    """A unit vector for every masked detection: to find more like it, and whose it is.

    The crop has 8 % around the mask; what does not belong to the object is painted
    over with the picture's mean colour.
    """
    started = time.perf_counter()
    resources = VisionResources(database, networks, thumbnail_store, key_frame_store)
    done = embed_crops(resources, context.partition_keys)
    finish_vision_pass(resources)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=crop_embeddings)
def crop_embedding_norms(database: Database) -> dg.AssetCheckResult:
    """Every vector has length 1."""
    with database.connect() as conn:
        producer_id = producers.active(conn, "crop_embeddings")
        odd = rows.count_odd_norms(conn, producer_id) if producer_id else 0
    return dg.AssetCheckResult(passed=not odd, metadata={"odd": odd})


crop_embeddings_coverage = coverage_check(crop_embeddings)
crop_embeddings_problems = problems_check(crop_embeddings)
