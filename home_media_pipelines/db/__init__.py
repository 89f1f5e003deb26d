"""Every statement the pipelines run: one module per table, its only writer."""
