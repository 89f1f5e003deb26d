"""Vision: what networks see in a content, the taxonomy, search by meaning."""

from pathlib import Path

from home_media_pipelines.db.migrations.apply import apply

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the statements of the SQL file beside this one."""
    apply(Path(__file__).with_suffix(".sql"))
