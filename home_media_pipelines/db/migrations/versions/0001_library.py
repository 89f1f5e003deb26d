"""The library: files, their metadata, images, thumbnails, curation, gallery views."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
