"""The gallery tells of an image which networks looked at it."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
