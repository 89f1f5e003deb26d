"""The asset graph: one asset, one file, one table; its checks below it."""

import warnings

import dagster as dg

# Every asset has a `backfill_policy`, which Dagster has called beta for years. Here,
# because whoever imports a part of the graph comes by first.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
