"""The partition of every derived asset: one folder of the NAS."""

import dagster as dg

folders = dg.DynamicPartitionsDefinition(name="folder")

FOLDERS_PER_RUN = 100
"""A run takes this many folders: each run costs seconds, each folder milliseconds."""

many_folders_per_run = dg.BackfillPolicy.multi_run(FOLDERS_PER_RUN)
