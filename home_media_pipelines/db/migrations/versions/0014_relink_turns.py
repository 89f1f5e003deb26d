"""New keywords wait for a linking that is under way, and are then linked again."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
