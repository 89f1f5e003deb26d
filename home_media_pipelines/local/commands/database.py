"""`home-media db …`: bringing a database to today's schema, and its logins."""

import sys
from typing import Annotated

import typer

from home_media_pipelines.db.admin.migrate import newest_revision
from home_media_pipelines.db.admin.roles import Logins, ensure_logins
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import State
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.settings import load_settings

commands = typer.Typer(no_args_is_help=True, help="The database.")


@commands.command()
def migrate(
    roles: Annotated[
        bool,
        typer.Option(
            "--roles",
            help="Also make the logins of HOME_MEDIA_PIPELINES_, API_, DAGSTER_ and "
            "BACKUP_DATABASE_URL, each with the rights that it needs.",
        ),
    ] = False,
    state: State = None,
) -> None:
    """Bring the database to today's schema, as every other command does too.

    A deployment does it once, as the owner of the tables; its services then use
    logins that may not.
    """
    settings = load_settings(state=state)
    logins = Logins(
        pipelines=settings.pipelines_database_url,
        api=settings.api_database_url,
        dagster=settings.dagster_database_url,
        backup=settings.backup_database_url,
    )
    with open_databases(settings, console.note) as databases:
        console.out.print(f"the schema is at revision {newest_revision()}")
        if roles:
            made = ensure_logins(databases.home_media, logins)
            console.out.print(f"logins: {', '.join(made) or 'none are wanted'}")


@commands.command("uri")
def db_uri(
    dagster: Annotated[
        bool, typer.Option("--dagster", help="Dagster's own database.")
    ] = False,
    state: State = None,
) -> None:
    """Print the libpq URI, password included.

    Starts the embedded server when it is not running, and leaves it running.
    """
    settings = load_settings(state=state)
    with open_databases(settings, console.note, linger=True) as databases:
        sys.stdout.write(
            (databases.dagster if dagster else databases.home_media) + "\n"
        )
