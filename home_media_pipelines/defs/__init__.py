"""The asset graph: one asset, one file, one table; its checks below it."""
