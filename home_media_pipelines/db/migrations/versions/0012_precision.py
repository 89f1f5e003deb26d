"""How exactly a date is known, and which way up an image is shown."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
