"""Facets are counted, and the days of a taxon."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
