"""The partition of every derived asset: one folder of the NAS."""

import dagster as dg

folders = dg.DynamicPartitionsDefinition(name="folder")

FOLDERS_PER_RUN = 100
"""A run takes this many folders: each run costs seconds, each folder milliseconds."""

FOLDERS_PER_QUERY = 50
"""The same for what needs a graphics card. Dagster cuts a backfill by this number, so
another one also keeps its runs apart from those that need none."""

many_folders_per_run = dg.BackfillPolicy.multi_run(FOLDERS_PER_RUN)
many_folders_per_look = dg.BackfillPolicy.multi_run(FOLDERS_PER_QUERY)
