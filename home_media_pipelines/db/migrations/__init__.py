"""The schema, revision by revision: plain SQL, applied by Alembic."""

from pathlib import Path

MIGRATIONS = Path(__file__).parent
"""Where Alembic finds them."""
