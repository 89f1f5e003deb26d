"""One run of networks over folders scattered over the library, newest first.

It takes their names, does what the assets do that need a graphics card, and reports a
materialization of each for each folder. What vision does without one is a run of its
own, `link_folders`: the two kinds may belong to two machines.
"""

import time

import dagster as dg
from pydantic import Field

from home_media_pipelines.defs.folder_pass import report_each
from home_media_pipelines.defs.resources import Database, Networks, PictureStore
from home_media_pipelines.defs.vision.crop_embeddings import (
    crop_embeddings,
    embed_crops,
)
from home_media_pipelines.defs.vision.detections import detect, detections
from home_media_pipelines.defs.vision.embeddings import embed, embeddings
from home_media_pipelines.defs.vision.finish_vision import finish_vision_pass
from home_media_pipelines.defs.vision.masks import draw_masks, masks
from home_media_pipelines.defs.vision.target_producers import (
    ASSETS,
    Blocked,
    Target,
    target_producers,
)
from home_media_pipelines.defs.vision.vision_pass import (
    VisionResources,
    refuse_others,
)
from home_media_pipelines.defs.vision.vision_runs import JOB, OP


class VisionConfig(dg.Config):
    """Keys of folders; which assets to make; and how long that may take, in hours."""

    folders: list[str]
    assets: list[str] = Field(default=[*ASSETS])
    hours: float | None = None


@dg.op(name=OP, pool="gpu", tags={"compute": "gpu"})
def run_networks(
    context: dg.OpExecutionContext,
    config: VisionConfig,
    database: Database,
    networks: Networks,
    thumbnail_store: PictureStore,
    key_frame_store: PictureStore,
) -> None:
    """Bring the folders up to date, asset by asset; what waits for weights is left.

    Raises:
        dg.Failure: an asset failed; the others are done and reported.
    """
    resources = VisionResources(database, networks, thumbnail_store, key_frame_store)
    until = None if config.hours is None else time.monotonic() + config.hours * 3600
    passes = {
        detections: lambda keys: detect(resources, keys, until=until),
        masks: lambda keys: draw_masks(resources, keys, until=until),
        embeddings: lambda keys: embed(resources, keys, until=until),
        crop_embeddings: lambda keys: embed_crops(resources, keys, until=until),
    }
    with database.connect() as conn:
        goals = target_producers(conn, networks)
    waits = {name: it for name, it in goals.items() if isinstance(it, Blocked)}
    if all(name in waits for name in config.assets if name in goals):
        reasons = dict.fromkeys(it.reason for it in waits.values())
        raise dg.Failure("; ".join(reasons), allow_retries=False)
    with database.connect() as conn:
        refuse_others(
            conn,
            [
                goal
                for name, goal in goals.items()
                if name in config.assets and isinstance(goal, Target)
            ],
        )
    failed: dict[str, str] = {}
    for asset, run_pass in passes.items():
        name = asset.key.to_user_string()
        if name not in config.assets or name in waits:
            continue
        started = time.perf_counter()
        try:
            done = run_pass(config.folders)
        except dg.Failure as failure:
            failed[name] = failure.description or "no reason given"
            continue
        seconds = time.perf_counter() - started
        context.log.info(f"{name}: {done.numbers(seconds) | done.notes}")
        not_done = {*done.left, *done.failed}
        keys = [key for key in config.folders if key not in not_done]
        report_each(context, asset, keys, done)
        failed |= done.failed
    if switched := finish_vision_pass(resources):
        context.log.info(f"switched to what was filled: {', '.join(switched)}")
    if failed:
        said = "\n".join(f"{what}: {why}" for what, why in failed.items())
        raise dg.Failure(said, allow_retries=False)


@dg.job(name=JOB, description=__doc__)
def vision_job() -> None:
    """Run the one op."""
    run_networks()
