"""The databases a command works with: embedded, or external where one is set."""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from home_media_pipelines.db.admin.migrate import migrate
from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.db.errors import MigrationError, RoleError
from home_media_pipelines.local.errors import LocalError
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import Settings

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Databases:
    """URLs with passwords: never print or log one unasked."""

    home_media: str
    dagster: str
    embedded: EmbeddedPostgres | None


@contextmanager
def open_databases(
    settings: Settings,
    progress: Progress = lambda _: None,
    *,
    linger: bool = False,
    last: bool = False,
    migrated: bool = True,
    stopping: threading.Event | None = None,
) -> Iterator[Databases]:
    """Lend migrated databases; let go of the embedded server at the end.

    Args:
        settings: an external `database_url` there means that no server is started.
        progress: told one line when something takes longer than usual.
        linger: leave the embedded server running afterwards (`db uri`).
        last: stop it afterwards even if somebody asked it to linger (`up`).
        migrated: False leaves the schema as it is (`restore`).
        stopping: once it is set, nothing waits for the embedded server any more.

    Raises:
        HomeMediaError: a database cannot be started, reached or used.
    """
    if settings.database_url is not None:
        databases = _external(settings.database_url, settings.dagster_database_url)
        if migrated:
            migrate(databases.home_media)
        yield databases
        return
    server = EmbeddedPostgres(settings.state, stopping=stopping)
    server.start(progress, linger=linger)
    try:
        databases = Databases(
            server.uri("home_media"),
            settings.dagster_database_url or server.uri("dagster"),
            server,
        )
        if migrated:
            migrate(databases.home_media)
        yield databases
    finally:
        server.stop(lingering=last)


def api_url(settings: Settings, databases: Databases) -> str:
    """Return the URL of the login that sees only what the API may see.

    Raises:
        LocalError: it has to be made, and we may not make it.
    """
    if settings.api_database_url is not None:
        return settings.api_database_url
    try:
        return ensure_api_role(
            databases.home_media, _password(settings.state / "api-password")
        )
    except RoleError as error:
        raise LocalError(
            f"{error}; make a login yourself and set HOME_MEDIA_API_DATABASE_URL"
        ) from error


def _external(url: str, dagster_url: str | None) -> Databases:
    """Check that the server answers; make Dagster's database beside ours."""
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as conn:
            if dagster_url is None:
                dagster_url = urlsplit(url)._replace(path="/dagster").geturl()
                _make_dagster(conn)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise MigrationError(
            f"the database of HOME_MEDIA_DATABASE_URL does not answer: {reason}"
        ) from error
    return Databases(url, dagster_url, None)


def _make_dagster(conn: psycopg.Connection) -> None:
    row = conn.execute("select from pg_database where datname = 'dagster'").fetchone()
    if row is not None:
        return
    try:
        conn.execute(SQL("create database {}").format(Identifier("dagster")))
    except psycopg.errors.DuplicateDatabase:
        return
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            "there is no database `dagster` on the server and we may not create it: "
            "create it, or set HOME_MEDIA_DAGSTER_DATABASE_URL"
        ) from error


def _password(path: Path) -> str:
    """Return the password kept in `path`, made at first use, readable by us only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
        try:
            path.hardlink_to(unfinished)
        except FileExistsError:
            pass  # another process made it first: that one counts
        finally:
            unfinished.unlink()
    return path.read_text()
