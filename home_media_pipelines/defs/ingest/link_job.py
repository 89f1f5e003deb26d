"""What vision does without a graphics card, over folders scattered over the library.

Key frames before networks look at videos, taxonomy links after they have looked. Runs
of networks may be on another machine; this stays where the library is.
"""

import time

import dagster as dg
from pydantic import Field

from home_media_pipelines.defs.folder_pass import failure, report_each
from home_media_pipelines.defs.ingest.key_frames import key_frames, make_key_frames
from home_media_pipelines.defs.resources import Database, PictureStore
from home_media_pipelines.defs.vision.taxonomy_links import link_folders as link
from home_media_pipelines.defs.vision.taxonomy_links import taxonomy_links
from home_media_pipelines.defs.vision.vision_runs import folders_of, needs_card

JOB = "link_folders"
OP = "link"


class FoldersToLink(dg.Config):
    """Keys of folders, and which assets to make."""

    folders: list[str]
    assets: list[str] = Field(default=["taxonomy_links"])


def link_config(folders: list[str], *assets: str) -> dict[str, object]:
    """Return the configuration of a run over these folders; without assets, links."""
    options = {"assets": list(assets)} if assets else {}
    return {"ops": {OP: {"config": {"folders": folders, **options}}}}


@dg.op(name=OP)
def link_seen(
    context: dg.OpExecutionContext,
    config: FoldersToLink,
    database: Database,
    key_frame_store: PictureStore,
) -> None:
    """Bring the folders up to date, asset by asset.

    Raises:
        dg.Failure: some folders failed; the others are done and reported.
    """
    passes = {
        key_frames: lambda keys: make_key_frames(database, key_frame_store, keys),
        taxonomy_links: lambda keys: link(database, keys),
    }
    keys, failed = list(config.folders), dict[str, str]()
    for asset, run_pass in passes.items():
        if asset.key.to_user_string() in config.assets:
            started = time.perf_counter()
            done = run_pass(keys)
            numbers = done.numbers(time.perf_counter() - started)
            context.log.info(f"{asset.key.to_user_string()}: {numbers}")
            failed |= done.failed
            keys = [key for key in keys if key not in done.failed]
            report_each(context, asset, keys, done)
    if failed:
        raise failure(config.folders, failed)


@dg.job(name=JOB, description=__doc__)
def link_folders() -> None:
    """Run the one op."""
    link_seen()


def _after(status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=f"links_after_vision_{status.value.lower()}",
        run_status=status,
        request_job=link_folders,
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for the taxonomy links of folders that networks looked at.",
    )
    def links_after_vision(
        context: dg.RunStatusSensorContext,
    ) -> dg.RunRequest | dg.SkipReason:
        """Follow every run of networks, whoever started it."""
        if not needs_card(context.dagster_run):
            return dg.SkipReason("no network was in it")
        folders = folders_of(context.instance, context.dagster_run)
        if not folders:
            return dg.SkipReason("it was about no folder")
        return dg.RunRequest(
            run_key=context.dagster_run.run_id, run_config=link_config(folders)
        )

    return links_after_vision


links_after_vision = _after(dg.DagsterRunStatus.SUCCESS)
links_after_failure = _after(dg.DagsterRunStatus.FAILURE)
"""What a run did before it failed counts."""
