"""One module per table, its only writer; by subject."""
