"""Runs say that they live, in a table."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
