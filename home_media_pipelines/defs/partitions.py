"""The partition of every derived asset: one folder of the NAS."""

from collections.abc import Mapping, Sequence

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

folders = dg.DynamicPartitionsDefinition(name="folder")

FOLDERS_PER_RUN = 100
"""A run takes this many folders: each run costs seconds, each folder milliseconds."""

FOLDERS_PER_QUERY = 50
"""The same for what needs a graphics card. Dagster cuts a backfill by this number, so
another one also keeps its runs apart from those that need none."""

many_folders_per_run = dg.BackfillPolicy.multi_run(FOLDERS_PER_RUN)
many_folders_per_look = dg.BackfillPolicy.multi_run(FOLDERS_PER_QUERY)


def of_run(instance: dg.DagsterInstance, tags: Mapping[str, str]) -> Sequence[str]:
    """Return the folders that a run's tags say it is for: one, or a range of them."""
    if key := tags.get(PARTITION_NAME_TAG):
        return [key]
    ends = [
        tags.get(ASSET_PARTITION_RANGE_START_TAG),
        tags.get(ASSET_PARTITION_RANGE_END_TAG),
    ]
    keys = instance.get_dynamic_partitions("folder")
    if not all(end in keys for end in ends):
        return []
    first, last = (keys.index(end) for end in ends if end is not None)
    return keys[first : last + 1]
