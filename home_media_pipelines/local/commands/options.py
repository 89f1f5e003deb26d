"""Flags that many commands share, and how a command gets at the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from home_media_pipelines.db.connect import connect
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.settings import Settings, load_settings

State = Annotated[
    Path | None,
    typer.Option(help="Directory of the database, thumbnails and logs."),
]
Port = Annotated[
    int | None, typer.Option(help="Port of gallery and API [default: 8000].")
]
DagsterPort = Annotated[
    int | None, typer.Option(help="Port of the Dagster UI [default: 3000].")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a script.")]
Directories = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="DIR",
        help="Directories of pictures; each becomes a library named after its folder.",
    ),
]


@contextmanager
def database(state: Path | None) -> Iterator[tuple[Settings, psycopg.Connection]]:
    """Lend the settings and one transaction in the home_media database."""
    settings = load_settings(state=state)
    with (
        open_databases(settings, console.note) as databases,
        connect(databases.home_media) as conn,
    ):
        yield settings, conn
