"""Masks: which pixels of a picture belong to each detection."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
import psycopg
from PIL import Image

from home_media_pipelines.core.errors import MaskError
from home_media_pipelines.core.vision.detections import Detection
from home_media_pipelines.core.vision.read_ahead import read_jpeg
from home_media_pipelines.core.vision.rle import area, crop_and_encode
from home_media_pipelines.db.tables.vision import detections as detection_rows
from home_media_pipelines.db.tables.vision import masks as rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.db.tables.vision.analyses import PendingPicture
from home_media_pipelines.db.tables.vision.masks import Mask, masks_table
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
    InputPicture,
    VisionResources,
    VisionStep,
    input_pictures,
    run_vision_pass,
)

SAMPLE = 2_000
"""Masks that a check decodes."""

Box = tuple[float, float, float, float]
Prompted = tuple[Image.Image, list[Box]]


@dataclass(frozen=True, slots=True)
class Boxed:
    """A content and what was detected in it, by frame."""

    content_id: str
    folder: str
    frames: list[tuple[InputPicture, list[Detection]]]


def draw_masks(
    resources: VisionResources, names: Sequence[str], *, until: float | None = None
) -> FolderPass:
    """Draw the mask of every detection in the folders that has none."""

    def step_for(goal: Target) -> VisionStep[Boxed, Prompted, list, Mask]:
        producer_id = goal.producer.producer_id
        detections = str(goal.producer.parameters["detections"])

        def prepare(
            conn: psycopg.Connection, pending: Sequence[PendingPicture]
        ) -> list[Boxed]:
            ids = [it.content_id for it in pending]
            found: defaultdict[tuple[str, int], list[Detection]] = defaultdict(list)
            for it in detection_rows.of_contents(conn, detections, ids):
                found[it.content_id, it.frame].append(it)
            return [
                Boxed(
                    it.content_id,
                    it.folder,
                    [
                        (picture, hits)
                        for picture in input_pictures(resources, it)
                        if (hits := found.get((it.content_id, picture.frame)))
                    ],
                )
                for it in pending
            ]

        def read(boxed: Boxed) -> list[Prompted]:
            return [
                (read_jpeg(it.path), [(h.x, h.y, h.width, h.height) for h in hits])
                for it, hits in boxed.frames
            ]

        def finish(boxed: Boxed, found: Sequence[list]) -> list[Mask]:
            made: list[Mask] = []
            for (_, hits), segments in zip(boxed.frames, found, strict=True):
                for hit, segment in zip(hits, segments, strict=True):
                    if pixels := crop_and_encode(segment.mask):
                        made.append(
                            Mask(
                                hit.detection_id,
                                hit.content_id,
                                pixels,
                                segment.score,
                                segment.stability,
                            )
                        )
            return made

        def store(
            conn: psycopg.Connection, found: list[Mask], contents: Sequence[str]
        ) -> None:
            table = masks_table(found)
            rows.store(conn, table, producer_id=producer_id, contents=contents)

        harmless = (GREY, [(0.25, 0.25, 0.5, 0.5)])
        return VisionStep(prepare, read, finish, store, harmless, "masks")

    return run_vision_pass(resources, "masks", names, step_for, until=until)


@dg.asset(
    partitions_def=folders,
    deps=["detections"],
    group_name="vision",
    kinds={"pytorch", "postgres"},
    tags={"compute": "gpu"},
    owners=["team:home"],
    pool="gpu",
    code_version=VERSIONS["masks"],
    backfill_policy=many_folders_per_look,
)
def masks(
    context: dg.AssetExecutionContext,
    database: Database,
    networks: Networks,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> dg.MaterializeResult:
    """The pixels of every detection: COCO run lengths of the window around them.

    The boxes are prompts for a segmenter, which sees each picture of 1024 pixels once
    for all of them. Where none is chosen the detector draws them itself.
    """
    started = time.perf_counter()
    resources = VisionResources(database, networks, thumbnail_store, key_frame_store)
    done = draw_masks(resources, context.partition_keys)
    finish_vision_pass(resources)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=masks)
def mask_areas(database: Database) -> dg.AssetCheckResult:
    """Run lengths cover as much as is stored beside them, inside their window."""
    with database.connect() as conn:
        producer_id = producers.active(conn, "masks")
        sample = rows.sample(conn, producer_id, SAMPLE) if producer_id else []
    wrong: list[str] = []
    for detection_id, mask in sample:
        try:
            covered = area(mask.counts)
        except MaskError:
            covered = -1
        stored = mask.area * mask.picture_width * mask.picture_height
        if abs(covered - stored) > max(1.0, stored * 1e-4):
            wrong.append(str(detection_id))
    return dg.AssetCheckResult(
        passed=not wrong,
        metadata={
            "looked_at": len(sample),
            "wrong": len(wrong),
            "examples": dg.MetadataValue.json(wrong[:20]),
        },
    )


masks_coverage = coverage_check(masks)
masks_problems = problems_check(masks)
masks_drift = drift_check(masks)
