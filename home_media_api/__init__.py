"""The thin API: HTTP in, one query, JSON out."""
