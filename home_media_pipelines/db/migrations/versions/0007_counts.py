"""Counts of the whole library are kept, and found without looking at every folder."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
