"""`home-media backup` and `restore`: what cannot be made again, out and back in."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.db.admin.make_backup import make_backup
from home_media_pipelines.db.admin.restore import restore as load
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.io.backup_files import Manifest, check
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json, State
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.settings import load_settings


def backup(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Where backups go [default: HOME_MEDIA_BACKUPS]. Each gets a "
            "directory of its own there.",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Everything, not only what is irreplaceable.")
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Keep so many of a kind, and delete older ones."),
    ] = None,
    state: State = None,
    json: Json = False,
) -> None:
    """Back up what cannot be made again: what people said, libraries, ids, own taxa.

    Thumbnails and all that networks saw are left out: a restore makes them again from
    the originals. With --full the whole database is backed up, which saves that time.
    """
    settings = load_settings(state=state, backups=directory, backups_kept=keep)
    with open_databases(settings, console.note) as databases:
        place, manifest = make_backup(
            settings.backup_database_url or databases.home_media,
            settings.backups,
            "full" if full else "irreplaceable",
            keep=settings.backups_kept,
            now=datetime.now(UTC),
        )
    if json:
        console.print_json({"place": str(place), **_told(manifest)})
    else:
        console.out.print(f"{place}: {_said(manifest)}")


def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="One backup.")],
    root: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIBRARY=DIR",
            help="Where a library lies now, if not where it was; may be repeated.",
        ),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Only read the backup to its end.")
    ] = False,
    state: State = None,
    json: Json = False,
) -> None:
    """Load a backup into an empty database. Nothing that is there is overwritten.

    Then start home-media: it makes thumbnails and all else again from the originals.
    """
    settings = load_settings(state=state)
    if check_only:
        manifest = check(directory)
    else:
        roots = dict(map(_root, root or ()))
        with open_databases(settings, console.note, migrated=False) as databases:
            manifest = load(databases.home_media, directory, roots)
            with connect(databases.home_media) as conn:
                for it in libraries.list_all(conn):
                    if not it.path.is_dir():
                        console.note(f"library {it.library}: {it.path} is not there")
    if json:
        console.print_json(_told(manifest))
    else:
        verb = "whole" if check_only else "restored"
        console.out.print(f"{verb}: {_said(manifest)}")


def _root(text: str) -> tuple[str, Path]:
    library, equals, directory = text.partition("=")
    if not (equals and library and directory):
        raise HomeMediaError(f"--root {text}: should look like photos=/mnt/nas/photos")
    path = Path(directory).expanduser().absolute()
    if not path.is_dir():
        raise HomeMediaError(f"--root {text}: {path} is not a directory")
    return library, path


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "kind": manifest.kind,
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "rows": manifest.rows,
        "bytes": manifest.bytes,
        "tables": [asdict(it) for it in manifest.tables],
    }


def _said(manifest: Manifest) -> str:
    return (
        f"{manifest.rows:,} rows, {manifest.bytes / 1e6:.1f} MB, "
        f"{manifest.kind}, of {manifest.made_at}"
    )
