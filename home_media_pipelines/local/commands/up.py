"""`home-media up`: the database and all services of one state directory."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from home_media_pipelines.db.connect import connect
from home_media_pipelines.local.commands import console, library_roots
from home_media_pipelines.local.commands.options import (
    DagsterPort,
    Directories,
    Port,
    State,
)
from home_media_pipelines.local.errors import ServiceError, StoppedError
from home_media_pipelines.local.server import dagster_home, orphan_processes
from home_media_pipelines.local.server.databases import (
    Databases,
    api_url,
    open_databases,
)
from home_media_pipelines.local.server.ports import check_ports, free_port
from home_media_pipelines.local.server.services import services
from home_media_pipelines.local.server.supervisor import Supervisor, stop_signals
from home_media_pipelines.settings import Settings, load_settings

Progress = Callable[[str], None]


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
    run(settings, prepare=prepare, on_ready=announce, progress=console.note)


def run(
    settings: Settings,
    *,
    prepare: Callable[[Databases], None],
    on_ready: Callable[[Settings], None],
    progress: Progress,
) -> None:
    """Run everything until Ctrl-C or SIGTERM, then stop everything.

    Args:
        settings: ports, state directory, databases.
        prepare: called with the migrated databases before any service starts.
        on_ready: called once, when every service answers.
        progress: told one line whenever something worth knowing happens.

    Raises:
        HomeMediaError: a port is taken, a database or service does not start.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    with stop_signals() as stopping, _only_one(settings.state, progress) as token:
        check_ports({"--port": settings.port, "--dagster-port": settings.dagster_port})
        with open_databases(settings, progress, last=True, stopping=stopping) as opened:
            if stopping.is_set():
                return
            prepare(opened)
            home = settings.state / "dagster"
            environment = dagster_home.prepare(settings, opened)
            environment["HOME_MEDIA_API_DATABASE_URL"] = api_url(settings, opened)
            port = free_port()
            workspace = dagster_home.write_workspace(home, port)
            supervisor = Supervisor(
                services(settings, opened, workspace=workspace, code_port=port),
                environment=environment,
                directory=home,
                logs=settings.state / "logs",
                token=token,
                progress=progress,
                log_days=settings.log_days,
            )
            supervisor.run(
                stopping,
                on_ready=lambda: on_ready(settings),
                every_second=lambda: _revive(opened, progress),
            )
            progress("stopping the database")


@contextmanager
def _only_one(state: Path, progress: Progress) -> Iterator[str]:
    """Be the only `up` of this state; end what a killed one left; lend a token."""
    record = state / "up.json"
    with (state / "up.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = _read(record)
            raise ServiceError(
                f"home-media is already up on {state}"
                + (f" (process {running['pid']})" if running else "")
            ) from None
        last = _read(record)
        count = (
            orphan_processes.end(orphan_processes.processes_of(str(last["token"])))
            if last
            else 0
        )
        if count:
            progress(f"ended {count} processes that the last start left behind")
        token = secrets.token_hex(16)
        unfinished = record.with_suffix(".tmp")
        unfinished.write_text(json.dumps({"token": token, "pid": os.getpid()}))
        unfinished.replace(record)
        yield token
        record.unlink(missing_ok=True)


def _read(record: Path) -> dict[str, str | int] | None:
    try:
        return json.loads(record.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _revive(opened: Databases, progress: Progress) -> None:
    """Start a database again that died; not if somebody asks to stop meanwhile."""
    with suppress(StoppedError):  # then the supervisor stops, too
        if opened.embedded is not None and opened.embedded.revive(progress):
            progress("the database had died; it runs again")
