"""How a revision applies its plain SQL file."""

from pathlib import Path

from alembic import op


def apply(path: Path) -> None:
    """Run every statement of a SQL file in the migration's own transaction.

    The file goes to the driver as it stands: SQLAlchemy would take a colon for a
    parameter, and psycopg a percent sign.
    """
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("a migration without a connection")
    with driver.cursor() as cursor:
        cursor.execute(path.read_text(encoding="utf-8"))
