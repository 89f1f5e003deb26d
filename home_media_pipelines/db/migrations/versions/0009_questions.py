"""Questions are composed of views: cameras and lenses lead to their images."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
