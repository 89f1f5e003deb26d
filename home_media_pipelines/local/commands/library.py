"""`home-media library …`: the named roots on the NAS."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from home_media_pipelines.db.admin.remove_library import remove_library
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.local.commands import console, library_roots
from home_media_pipelines.local.commands.options import Json, State, database

commands = typer.Typer(no_args_is_help=True, help="The named roots on the NAS.")


@commands.command()
def add(
    *,
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
    name: Annotated[
        str | None, typer.Option(help="Its name [default: after the folder].")
    ] = None,
    depth: Annotated[
        int, typer.Option(help="Directories deeper than this join their ancestor.")
    ] = 3,
    include: Annotated[
        list[str] | None, typer.Option(help="Only paths that match; may be repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="No paths that match; may be repeated.")
    ] = None,
    state: State = None,
    json: Json = False,
) -> None:
    """Add a directory of pictures. Nothing is read yet, and never anything written."""
    with database(state) as (settings, conn):
        row = library_roots.add(
            conn,
            directory,
            settings,
            name=name,
            depth=depth,
            include=include or (),
            exclude=exclude or (),
        )
    if json:
        console.print_json(asdict(row))
    else:
        console.out.print(f"library {row.library}: {row.root}")


@commands.command("list")
def list_all(state: State = None, json: Json = False) -> None:
    """List the libraries and whether they can be reached."""
    with database(state) as (_, conn):
        rows = libraries.list_all(conn)
    if json:
        console.print_json([asdict(row) for row in rows])
        return
    console.print_table(
        ("library", "root", "depth", "state", "reason"),
        [(row.library, row.root, row.depth, row.state, row.reason) for row in rows],
    )


@commands.command()
def remove(name: str, state: State = None) -> None:
    """Forget a library. Its pictures on disk and what a person said are kept."""
    with database(state) as (_, conn):
        remove_library(conn, name, now=datetime.now(UTC))
    console.out.print(f"library {name} is forgotten; its files were not touched")
