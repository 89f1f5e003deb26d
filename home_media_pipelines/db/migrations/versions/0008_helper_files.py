"""Files that their names tell to be no pictures or videos of their own."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
