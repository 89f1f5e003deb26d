"""The folders that a run is for, as its tags say."""

from collections.abc import Mapping, Sequence

import dagster as dg

from home_media_pipelines.instance.dagster_internals import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)


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
