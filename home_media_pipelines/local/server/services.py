"""The processes of `home-media up`: how each is started and when it is ready."""

import json
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from home_media_pipelines.local.server.databases import Databases
from home_media_pipelines.local.server.ports import accepts
from home_media_pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """One process to keep alive.

    `ready` is asked again and again after a start, with the time of that start.
    `after` names a service that has to be ready first. `patience` is in seconds.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[datetime], bool]
    after: str | None = None
    patience: float = 120.0


def services(
    settings: Settings, databases: Databases, *, workspace: Path, code_port: int
) -> list[Service]:
    """Return what `up` runs. Webserver and daemon ask one code server for the graph.

    The webserver notices by itself when the code server comes up; the daemon would
    look again only after a minute.
    """
    web = settings.dagster_port
    style = f"--log-format {'json' if settings.log_format == 'json' else 'colored'}"
    return [
        Service(
            "code server",
            python(
                "dagster api grpc --module-name home_media_pipelines.definitions "
                f"--location-name home_media {style} --host 127.0.0.1 --port",
                str(code_port),
            ),
            lambda _: accepts(code_port),
        ),
        Service(
            "gallery",
            python("home_media_api"),
            lambda _: answers(f"http://127.0.0.1:{settings.port}/api/health"),
        ),
        Service(
            "Dagster UI",
            python(
                f"dagster_webserver {style} --host 127.0.0.1 --port {web} --workspace",
                str(workspace),
            ),
            lambda _: answers(f"http://127.0.0.1:{web}/server_info"),
        ),
        Service(
            "Dagster daemon",
            python(f"dagster._daemon run {style} --workspace", str(workspace)),
            lambda since: beats(databases.dagster, since),
            after="code server",
        ),
    ]


def python(module: str, *last: str) -> tuple[str, ...]:
    """Return the command that runs a module, its arguments split at spaces."""
    return (sys.executable, "-m", *module.split(), *last)


def answers(url: str) -> bool:
    """Whether a GET of `url` gives 200 and JSON."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            json.load(answer)
    except (OSError, ValueError):
        return False
    return True


def beats(url: str, since: datetime) -> bool:
    """Whether a daemon has put its heartbeat into Dagster's database since then."""
    try:
        with psycopg.connect(
            url, connect_timeout=2, options="-c statement_timeout=2000"
        ) as conn:
            row = conn.execute(
                "select from daemon_heartbeats where timestamp >= %(since)s limit 1",
                {"since": since.astimezone(UTC).replace(tzinfo=None)},
            ).fetchone()
    except psycopg.Error:  # not there yet
        return False
    return row is not None
