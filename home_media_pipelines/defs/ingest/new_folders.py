"""One run of the whole chain of assets for a range of new folders."""

import dagster as dg

from home_media_pipelines.defs.partitions import folders

new_folders = dg.define_asset_job(
    "new_folders",
    selection=dg.AssetSelection.assets(
        "files", "exif", "images", "thumbnails", "key_frames", "taxonomy_links"
    ).without_checks(),
    partitions_def=folders,
    description=__doc__,
)
