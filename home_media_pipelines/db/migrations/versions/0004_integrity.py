"""Originals read again: unchanged, or damaged."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
