"""Alembic: imported only when there is something to upgrade, it takes a second."""

import psycopg
import sqlalchemy
import sqlalchemy.exc
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.pool import NullPool

from home_media_pipelines.db.errors import MigrationError
from home_media_pipelines.db.migrations import MIGRATIONS


def upgrade(url: str, revision: str = "head") -> None:
    """Run the revisions up to this one that table `alembic_version` does not know yet.

    Raises:
        MigrationError: a newer program made the database, or a statement fails.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url),
        poolclass=NullPool,
    )
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except CommandError as error:
        raise MigrationError(
            f"this database was made by a newer home-media: {error}"
        ) from error
    except sqlalchemy.exc.DBAPIError as error:
        raise MigrationError(f"the schema cannot be made: {error.orig}") from error
    finally:
        engine.dispose()
