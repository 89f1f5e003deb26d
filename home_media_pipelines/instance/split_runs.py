"""Runs that mix what needs a graphics card with what does not are taken apart."""

import time
from uuid import uuid4

import dagster as dg

from home_media_pipelines.core.operations.agents import POOL
from home_media_pipelines.instance.dagster_internals import (
    LaunchRunContext,
    PartitionBackfill,
)
from home_media_pipelines.instance.run_folders import of_run


def split(instance: dg.DagsterInstance, context: LaunchRunContext) -> bool:
    """Let a backfill do what a mixed run was asked for; return whether it was one.

    Somebody selected thumbnails and detections of a folder at once. Dagster cuts a
    backfill by the policy of each asset, in the order in which they build on each
    other, and those that need a card have a policy of their own.
    """
    run, workspace = context.dagster_run, context.workspace
    if not run.asset_selection or workspace is None:
        return False
    graph = workspace.asset_graph
    nodes = [graph.get(key) for key in run.asset_selection if graph.has(key)]
    kinds = {POOL in (it.pools or ()) for it in nodes}
    keys = of_run(instance, run.tags) if len(kinds) > 1 else []
    if not keys:
        return False
    backfill = PartitionBackfill.from_asset_partitions(
        backfill_id=uuid4().hex[:8],
        asset_graph=graph,
        partition_names=keys,
        asset_selection=[it.key for it in nodes if it.is_partitioned],
        backfill_timestamp=time.time(),
        tags={},
        dynamic_partitions_store=instance,
        all_partitions=False,
        title=None,
        description=f"Run {run.run_id[:8]}, a part for each kind of machine.",
        run_config=None,
    )
    instance.add_backfill(backfill)
    said = (
        "Part of this needs a graphics card and part does not: backfill "
        f"{backfill.backfill_id} does the same in parts, in its stead."
    )
    instance.report_run_canceled(run, said)
    return True
