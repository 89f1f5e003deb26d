"""The check that says whether there is room for what is derived."""

import dagster as dg

from home_media_pipelines.defs.ingest.thumbnails import thumbnails
from home_media_pipelines.defs.resources import Disks


def look_at_disks(disks: Disks) -> dg.AssetCheckEvaluation:
    """Return the verdict, for whoever reports it without a run."""
    why = disks.too_full()
    rooms = disks.rooms()
    return dg.AssetCheckEvaluation(
        asset_key=thumbnails.key,
        check_name="disk_has_room",
        passed=why is None,
        description=why,
        metadata={
            "reserve": disks.reserve,
            **{f"free_{name}": it.free for name, it in rooms.items()},
        },
    )


@dg.asset_check(asset=thumbnails)
def disk_has_room(disks: Disks) -> dg.AssetCheckResult:
    """More than the reserve is free where derived pictures are written.

    The sensor `alerts` tells it too, as soon as it changes.
    """
    seen = look_at_disks(disks)
    return dg.AssetCheckResult(
        passed=seen.passed, description=seen.description, metadata=seen.metadata
    )
