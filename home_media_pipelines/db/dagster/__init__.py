"""Dagster's own database: its events and its numbers."""
