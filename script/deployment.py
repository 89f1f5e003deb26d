"""What `deploy/` takes from the code: the settings, documented and passed on."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from home_media_api.settings import Settings as ApiSettings
from home_media_pipelines.settings import OF_THE_API, Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
EXAMPLE = DEPLOY / ".env.example"
SERVER = DEPLOY / "compose.server.yaml"
WORKER = DEPLOY / "compose.worker.yaml"

PLACED = (
    "state",
    "derived",
    "backups",
    "weights",
    "agents",
    "port",
    "dagster_port",
    "database_url",
    "dagster_database_url",
    "api_database_url",
    "pipelines_database_url",
    "backup_database_url",
    "api_hosts",
    "api_listen",
    "gallery",
)
"""What the compose files set themselves, because they know where things are."""

SECRET = ("alert_url",)
"""What only the pipelines are told."""

INHERITED = {
    "workers": "; by default one per core",
    "timezone": ", as Europe/Berlin; a container's own is UTC",
}
"""Defaults that depend on the machine."""


def fields() -> dict[str, FieldInfo]:
    """Return every setting by its name, those of the API last."""
    ours = dict(Settings.model_fields)
    theirs = ApiSettings.model_fields
    return ours | {name.lower(): theirs[name.lower()] for name in OF_THE_API}


def accepted(field: FieldInfo) -> str:
    """Return what a setting may be where that is one of a few words, else nothing."""
    if get_origin(field.annotation) is not Literal:
        return ""
    *words, last = (f"`{word}`" for word in get_args(field.annotation))
    return f"; {', '.join(words)} or {last}"


def example(text: str) -> str:
    """Return `.env.example` with every setting as it should be."""
    return _between(text, "", example_rows())


def compose(text: str) -> str:
    """Return a compose file that hands on every setting of `.env`."""
    return _between(text, "  ", compose_rows())


def example_rows() -> Iterator[str]:
    """Yield each setting as a comment to take away: what it is, its default."""
    for name, field in fields().items():
        if name in PLACED:
            continue
        default = "" if name in INHERITED or field.default is None else field.default
        yield from textwrap.wrap(
            _sentence(field.description or "")
            + accepted(field).replace("`", "")
            + INHERITED.get(name, ""),
            width=86,
            initial_indent="# ",
            subsequent_indent="# ",
        )
        yield from (f"#HOME_MEDIA_{name.upper()}={default}", "")
    yield "# The compose files set by themselves:"
    placed = ", ".join(f"HOME_MEDIA_{name.upper()}" for name in PLACED)
    yield from textwrap.wrap(
        placed, width=86, initial_indent="#   ", subsequent_indent="#   "
    )


def compose_rows() -> Iterator[str]:
    """Yield each setting without a value, which hands on the one of `.env`."""
    for name in fields():
        if name not in PLACED + SECRET:
            yield f"HOME_MEDIA_{name.upper()}:"


def write() -> list[Path]:
    """Write them; return which."""
    EXAMPLE.write_text(example(EXAMPLE.read_text()))
    for file in (SERVER, WORKER):
        file.write_text(compose(file.read_text()))
    return [EXAMPLE, SERVER, WORKER]


def _between(text: str, indent: str, rows: Iterator[str]) -> str:
    before, opening, rest = text.partition(f"{indent}# settings\n")
    _, closing, after = rest.partition(f"{indent}# /settings\n")
    lines = "".join(f"{indent}{row}\n" if row else "\n" for row in rows)
    return before + opening + lines + closing + after


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
