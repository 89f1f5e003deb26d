"""Looks at everything home-media needs on this machine, and changes nothing."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import psycopg
import typer

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import (
    DagsterPort,
    Json,
    Port,
    State,
)
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.local.server.ports import is_free
from home_media_pipelines.settings import Settings, load_settings

Verdict = Literal["ok", "warning", "error"]
LITTLE_SPACE = 2 * 2**30  # bytes
NO_SPACE = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. Only an `error` keeps home-media from working."""

    name: str
    verdict: Verdict
    detail: str


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
    from home_media_pipelines.local.commands import worker_doctor  # reads this

    settings = load_settings(state=state, port=port, dagster_port=dagster_port)
    found = (
        worker_doctor.examine(settings) if worker else examine(settings, console.note)
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


def examine(settings: Settings, progress: Callable[[str], None]) -> list[Finding]:
    """Return what was found, in the order in which things are needed."""
    return [
        exiftool(),
        space("state", settings.state),
        space("derived", settings.derived),
        port("gallery", settings.port, "--port"),
        port("Dagster UI", settings.dagster_port, "--dagster-port"),
        *_database(settings, progress),
    ]


def exiftool() -> Finding:
    """ExifTool is on PATH and runs."""
    program = shutil.which("exiftool")
    if program is None:
        return Finding(
            "exiftool",
            "error",
            "not found: install libimage-exiftool-perl (Debian) or exiftool (brew)",
        )
    try:
        answer = subprocess.run(
            [program, "-ver"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("exiftool", "error", f"{program} does not run: {error}")
    return Finding("exiftool", "ok", f"{answer.stdout.strip()} ({program})")


def space(name: str, directory: Path) -> Finding:
    """There is room where we write."""
    there = next(p for p in (directory, *directory.parents) if p.exists())
    free = shutil.disk_usage(there).free
    detail = f"{free / 2**30:.1f} GiB free at {directory}"
    if not os.access(there, os.W_OK):
        return Finding(f"{name} directory", "error", f"{there} is not writable")
    verdict = "error" if free < NO_SPACE else "warning" if free < LITTLE_SPACE else "ok"
    return Finding(f"{name} directory", verdict, detail)


def port(name: str, number: int, flag: str) -> Finding:
    """`up` could listen. Its own ports are taken while it runs, hence no error."""
    if is_free(number):
        return Finding(f"port of the {name}", "ok", f"{number} is free")
    return Finding(
        f"port of the {name}",
        "warning",
        f"{number} is in use: by `home-media up`, or choose another with {flag}",
    )


def library(row: libraries.Library) -> Finding:
    """The root can be read; better if it cannot be written."""
    name, root = f"library {row.library}", row.path
    try:
        with os.scandir(root) as entries:
            next(entries, None)
    except OSError as error:
        return Finding(name, "error", f"{row.root}: {error.strerror}")
    if os.access(root, os.W_OK):
        return Finding(
            name,
            "warning",
            f"{row.root} is readable, and writable though home-media never writes "
            "there: a read-only mount would be safer",
        )
    return Finding(name, "ok", f"{row.root} is readable and not writable")


def _database(settings: Settings, progress: Callable[[str], None]) -> Iterator[Finding]:
    kind = "embedded" if settings.database_url is None else "external"
    try:
        with (
            open_databases(settings, progress) as databases,
            connect(databases.home_media) as conn,
        ):
            yield Finding("database", "ok", f"{kind}, PostgreSQL {_version(conn)}")
            rows = conn.execute(
                """
                select extname, extversion from pg_extension
                 where extname in ('vector', 'ltree') order by extname
                """
            ).fetchall()
            detail = ", ".join(f"{name} {version}" for name, version in rows)
            yield Finding("extensions", "ok" if len(rows) == 2 else "error", detail)
            with connect(databases.dagster) as dagster:
                yield Finding("Dagster's database", "ok", dagster.info.dbname)
            yield from map(library, libraries.list_all(conn))
    except (HomeMediaError, psycopg.Error) as error:
        yield Finding("database", "error", str(error).strip())


def _version(conn: psycopg.Connection) -> str:
    major, minor = divmod(conn.info.server_version, 10_000)
    return f"{major}.{minor}"
