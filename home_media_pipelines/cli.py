"""The command `home-media`. Each function is one command, and thin."""

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.db.connect import connect
from home_media_pipelines.local.commands import backup as backup_commands
from home_media_pipelines.local.commands import (
    console,
    doctor,
    library_roots,
    up,
    worker_doctor,
)
from home_media_pipelines.local.commands import database as database_commands
from home_media_pipelines.local.commands import integrity as integrity_commands
from home_media_pipelines.local.commands import library as library_commands
from home_media_pipelines.local.commands import models as model_commands
from home_media_pipelines.local.commands import report as report_commands
from home_media_pipelines.local.commands.options import (
    DagsterPort,
    Directories,
    Json,
    Port,
    State,
)
from home_media_pipelines.local.server import dagster_home
from home_media_pipelines.local.server.databases import Databases, open_databases
from home_media_pipelines.settings import Settings, load_settings

app = typer.Typer(
    name="home-media",
    help="Every photograph on the family NAS, inventoried, described and found again.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(library_commands.commands, name="library")
app.add_typer(model_commands.commands, name="models")
app.add_typer(database, name="db")
database.command("migrate")(database_commands.migrate)
app.command()(report_commands.status)
app.command()(report_commands.problems)
app.command()(integrity_commands.integrity)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)


@app.command("up")
def up_command(
    directories: Directories = None,
    state: State = None,
    port: Port = None,
    dagster_port: DagsterPort = None,
) -> None:
    """Run the gallery and the asset graph until Ctrl-C."""

    def prepare(databases: Databases) -> None:
        with connect(databases.home_media) as conn:
            library_roots.choose(conn, directories or [], settings)

    def announce(settings: Settings) -> None:
        console.out.print(f"Gallery      http://localhost:{settings.port}")
        console.out.print(f"Asset graph  http://localhost:{settings.dagster_port}")
        console.note("Ctrl-C stops everything.")

    settings = load_settings(state=state, port=port, dagster_port=dagster_port)
    console.use_logs(settings)
    console.note(f"starting home-media in {settings.state}")
    up.run(settings, prepare=prepare, on_ready=announce, progress=console.note)


@app.command("ingest")
def ingest_command(
    directories: Directories = None, state: State = None, json: Json = False
) -> None:
    """Bring new and changed folders up to date, without any service.

    Exit status 1 when a folder could not be done or a library not be reached. A broken
    file is no failure: `home-media problems` lists it.
    """
    from home_media_pipelines.local.commands import ingest

    settings = load_settings(state=state)
    with open_databases(settings, console.note) as databases:
        with connect(databases.home_media) as conn:
            chosen = library_roots.choose(conn, directories or [], settings)
        if not chosen:
            raise HomeMediaError(
                "there is no library yet: name a directory of pictures"
            )
        with console.progress_bar() as tell:
            summary = ingest.run(settings, databases, chosen, tell)
    if json:
        console.print_json({**asdict(summary), "complete": summary.complete})
    else:
        counts = [(key, value) for key, value in asdict(summary).items() if value]
        for key, value in counts:
            if not isinstance(value, dict):
                shown = f"{value:.1f}" if isinstance(value, float) else f"{value:,}"
                console.out.print(f"{key:9} {shown}")
        for reason in dict.fromkeys(summary.waiting.values()):
            console.note(reason)
        for where, why in (
            *summary.unreachable.items(),
            *summary.failed_folders.items(),
        ):
            console.fail(f"{where}: {why}")
    if not summary.complete:
        raise typer.Exit(1)


@app.command("doctor")
def doctor_command(
    state: State = None,
    port: Port = None,
    dagster_port: DagsterPort = None,
    worker: Annotated[
        bool,
        typer.Option(
            "--worker", help="What a run finds beside a graphics card, instead."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Check exiftool, database, disk space, ports and libraries. Changes nothing.

    Exit status 1 when something keeps home-media from working.
    """
    settings = load_settings(state=state, port=port, dagster_port=dagster_port)
    found = (
        worker_doctor.examine(settings)
        if worker
        else doctor.examine(settings, console.note)
    )
    if json:
        console.print_json([asdict(finding) for finding in found])
    else:
        console.print_table(
            ("check", "verdict", "detail"),
            [(finding.name, finding.verdict, finding.detail) for finding in found],
            styles={"ok": "green", "warning": "yellow", "error": "bold red"},
        )
    if any(finding.verdict == "error" for finding in found):
        raise typer.Exit(1)


@database.command("uri")
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


@app.command("sample")
def sample_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other pictures.")] = 7,
    pictures: Annotated[int, typer.Option(min=1, help="About how many.")] = 300,
    json: Json = False,
) -> None:
    """Draw a sample library into an empty directory."""
    from home_media_pipelines.sample.library import draw_library

    with console.progress_bar() as tell:
        drawn = draw_library(
            directory,
            seed=seed,
            pictures=pictures,
            progress=lambda done, total: tell("pictures", done, total),
        )
    if json:
        console.print_json(asdict(drawn))
    else:
        console.out.print(
            f"{drawn.pictures} pictures, {drawn.files} files, "
            f"{drawn.bytes / 1e6:.0f} MB in {drawn.directory}"
        )


@app.command("purge")
def purge_command(
    folders: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FOLDER]...",
            help="Also forget, at once, what is gone from these folders. One that "
            "lost many files is held back until you say so here.",
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(min=0, help="Only what has been missing this long.")
    ] = 30,
    state: State = None,
    json: Json = False,
) -> None:
    """Forget files that are gone, and all that hung on them alone.

    What a person said is kept: it holds again when the same picture comes back.
    """
    from dagster import DagsterInstance  # takes a second to import

    from home_media_pipelines.local.commands.purge import purge

    settings = load_settings(state=state)
    now = datetime.now(UTC)
    with open_databases(settings, console.note) as databases:
        os.environ.update(dagster_home.prepare(settings, databases))
        with DagsterInstance.get() as instance:
            purged = purge(
                databases.home_media,
                instance,
                settings.derived,
                before=now - timedelta(days=days),
                now=now,
                keys=folders or (),
            )
    if json:
        console.print_json(asdict(purged))
    else:
        console.out.print(
            f"forgot {purged.files} files, {purged.images} images, "
            f"{len(purged.folders)} folders, {len(purged.contents)} sets of thumbnails"
        )


def main() -> None:
    """Run the command; an error we know is one clear line, and exit status 1."""
    try:
        app()
    except HomeMediaError as error:
        console.fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
