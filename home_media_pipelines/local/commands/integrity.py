"""`home-media integrity`: which originals are unchanged, and which are damaged."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.core.inventory.paths import locate
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import damage as damaged
from home_media_pipelines.db.tables.inventory import integrity as rows
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.db.tables.inventory.damage import DamagedFile
from home_media_pipelines.db.tables.inventory.integrity import Step
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json, State
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.settings import load_settings


def integrity(
    again: Annotated[
        bool,
        typer.Option("--again", help="First read the folders with damage again."),
    ] = False,
    accept: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Take a damaged file for what it is now, as you changed it yourself; "
            "may be repeated.",
        ),
    ] = None,
    state: State = None,
    json: Json = False,
) -> None:
    """Show since when originals are unchanged, and which are damaged.

    Exit status 1 when one is. Bring it back from a copy, then read it --again.
    """
    settings = load_settings(state=state)
    with open_databases(settings, console.note) as databases:
        with connect(databases.home_media) as conn:
            if accept:
                damaged.accept(conn, _named(conn, accept))
            folders = {it.folder for it in damaged.list_all(conn)}
        if again:
            _read(databases.home_media, sorted(folders))
        with connect(databases.home_media) as conn:
            totals = rows.by_folder(conn)
            damage = damaged.list_all(conn)
    if json:
        shown = {"folders": totals, "damage": damage}
        console.print_json({key: [asdict(it) for it in shown[key]] for key in shown})
    else:
        console.print_table(
            ("folder", "files", "unchanged", "since", "last read", "damaged"),
            [
                (
                    it.folder,
                    it.files,
                    it.unchanged,
                    it.unchanged_since and it.unchanged_since.date(),
                    it.verified_at and it.verified_at.date(),
                    it.damaged or None,
                )
                for it in totals
            ],
        )
        _print_damage(damage)
    if damage:
        raise typer.Exit(1)


def _print_damage(damage: Sequence[DamagedFile]) -> None:
    if not damage:
        return
    console.out.print()
    console.print_table(
        ("damaged", "seen", "intact until", "a good copy", "reason"),
        [
            (
                f"{it.library}/{it.path}",
                it.damaged_at.date(),
                it.intact_at and it.intact_at.date(),
                it.copy,
                it.reason,
            )
            for it in damage
        ],
    )


def _read(url: str, folders: Sequence[str]) -> None:
    from home_media_pipelines.defs.care.integrity import (
        read_folders,  # Dagster: a second
    )
    from home_media_pipelines.defs.resources import Database

    now = datetime.now(UTC)
    done = read_folders(Database(url=url), [Step(folder, now) for folder in folders])
    for folder, why in done.failed.items():
        console.fail(f"{folder}: {why}")


def _named(conn: psycopg.Connection, paths: Sequence[Path]) -> list[DamagedFile]:
    """Return the damaged files that a person means.

    Raises:
        HomeMediaError: one of the paths is no damaged file.
    """
    roots = {it.library: it.path for it in libraries.list_all(conn)}
    known = {locate(roots[it.library], it.path): it for it in damaged.list_all(conn)}
    named: list[DamagedFile] = []
    for path in paths:
        found = known.get(path.expanduser().absolute())
        if found is None:
            raise HomeMediaError(f"--accept {path}: is not known as damaged")
        named.append(found)
    return named
