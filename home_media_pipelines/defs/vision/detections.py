"""Detections: what is in each picture, where, and how sure the model is."""

import time
from collections.abc import Sequence

import dagster as dg
import psycopg
from PIL import Image

from home_media_pipelines.core.vision.detections import (
    Detection,
    detection_id,
    detections_table,
)
from home_media_pipelines.core.vision.read_ahead import read_jpeg
from home_media_pipelines.db.tables.vision import detections as rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.db.tables.vision.analyses import PendingPicture
from home_media_pipelines.defs.folder_pass import FolderPass, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_look
from home_media_pipelines.defs.resources import Database, Networks, PictureStore
from home_media_pipelines.defs.vision.finish_vision import finish_vision_pass
from home_media_pipelines.defs.vision.target_producers import VERSIONS, Target
from home_media_pipelines.defs.vision.vision_checks import (
    coverage_check,
    drift_check,
    problems_check,
)
from home_media_pipelines.defs.vision.vision_pass import (
    GREY,
    VisionResources,
    VisionStep,
    input_pictures,
    run_vision_pass,
)


def detect(
    resources: VisionResources, names: Sequence[str], *, until: float | None = None
) -> FolderPass:
    """Detect what is in every picture of the folders without a row of the producer."""

    def step_for(
        goal: Target,
    ) -> VisionStep[PendingPicture, Image.Image, list, Detection]:
        producer_id, side = goal.producer.producer_id, goal.model.input_size

        def read(picture: PendingPicture) -> list[Image.Image]:
            return [
                read_jpeg(it.path, shortest=side)
                for it in input_pictures(resources, picture)
            ]

        def finish(picture: PendingPicture, found: Sequence[list]) -> list[Detection]:
            return [
                Detection(
                    detection_id(picture.content_id, producer_id, it.frame, number),
                    picture.content_id,
                    it.frame,
                    it.time_offset,
                    hit.label,
                    hit.score,
                    *hit.box,
                )
                for it, hits in zip(
                    input_pictures(resources, picture), found, strict=True
                )
                for number, hit in enumerate(hits)
            ]

        def store(
            conn: psycopg.Connection, found: list[Detection], contents: Sequence[str]
        ) -> None:
            table = detections_table(found)
            rows.store(conn, table, producer_id=producer_id, contents=contents)

        return VisionStep(lambda _, it: it, read, finish, store, GREY, "detections")

    return run_vision_pass(resources, "detections", names, step_for, until=until)


@dg.asset(
    partitions_def=folders,
    deps=["thumbnails", "key_frames"],
    group_name="vision",
    kinds={"pytorch", "postgres"},
    tags={"compute": "gpu"},
    owners=["team:home"],
    pool="gpu",
    code_version=VERSIONS["detections"],
    backfill_policy=many_folders_per_look,
)
def detections(
    context: dg.AssetExecutionContext,
    database: Database,
    networks: Networks,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> dg.MaterializeResult:
    """Objects in every picture and key frame: label, score, box in fractions.

    Looks at the thumbnail of 1024 pixels. Only what the producer of today has not done
    is looked at; a folder's rows are stored in one transaction.
    """
    started = time.perf_counter()
    resources = VisionResources(database, networks, thumbnail_store, key_frame_store)
    done = detect(resources, context.partition_keys)
    finish_vision_pass(resources)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=detections)
def boxes_inside(database: Database) -> dg.AssetCheckResult:
    """Every box lies inside its picture."""
    with database.connect() as conn:
        producer_id = producers.active(conn, "detections")
        outside = rows.count_outside(conn, producer_id) if producer_id else 0
    return dg.AssetCheckResult(passed=not outside, metadata={"outside": outside})


detections_coverage = coverage_check(detections)
detections_problems = problems_check(detections)
detections_drift = drift_check(detections)
