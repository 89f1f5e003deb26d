"""Alerts, the webhook they go to, and measurements."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
