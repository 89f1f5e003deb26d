"""Writes what docs and `deploy/` take from the code: settings, commands, the schema."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from home_media_api.settings import Settings as ApiSettings
from home_media_pipelines.cli import COMMANDS, load
from home_media_pipelines.db.admin.migrate import migrate
from home_media_pipelines.local.server import distribution
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import OF_THE_API, Settings
from script import deployment, metadata_page
from script.deployment import accepted

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
CLI = REPOSITORY / "docs" / "cli.md"
SCHEMA = REPOSITORY / "docs" / "schema.sql"

COMPUTED = {
    "state": "the user's data directory",
    "derived": "`<state>/derived`",
    "weights": "`<state>/weights`",
    "backups": "`<state>/backups`",
    "agents": "`<state>/agents.toml`",
    "timezone": "the machine's",
    "workers": "one per core",
    "gallery": "where `script/build` puts it",
    "dagster_database_url": "`dagster` on the same server",
    "api_database_url": "made at start",
    "database_url": "the embedded server",
    "api_hosts": "",
    "api_listen": "`127.0.0.1`",
}
"""Defaults that depend on the machine."""


def readme(text: str) -> str:
    """Return the README with its two tables as they should be."""
    for name, rows in (("commands", command_rows()), ("settings", setting_rows())):
        before, opening, rest = text.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        text = before + opening + "".join(rows) + closing + after
    return text


def setting_rows() -> Iterator[str]:
    """Yield a table of every `HOME_MEDIA_*`."""
    yield "| setting | default | what it is |\n|---|---|---|\n"
    fields = dict(Settings.model_fields)
    fields |= {
        name.lower(): ApiSettings.model_fields[name.lower()] for name in OF_THE_API
    }
    for name, field in fields.items():
        default = COMPUTED[name] if name in COMPUTED else _default(field)
        what = f"{field.description}{accepted(field)}"
        yield f"| `HOME_MEDIA_{name.upper()}` | {default} | {what} |\n"


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else f"`{field.default}`"


def command_rows() -> Iterator[str]:
    """Yield a table of every command and the first line of its help."""
    yield "| command | what it does |\n|---|---|\n"
    for path, command in _commands():
        first = (command.help or "").partition("\n")[0]
        yield f"| `{_usage(path, command)}` | {first} |\n"


def cli() -> str:
    """Return `docs/cli.md`."""
    parts = ["# The command `home-media`\n\nWritten by `script/docs`.\n"]
    for path, command in _commands():
        described = [_row(parameter) for parameter in command.params]
        rows = [f"| `{name}` | {text} |\n" for name, text in described if text]
        parts.append(f"\n## {path}\n\n    {_usage(path, command)}\n\n")
        parts.append(f"{(command.help or '').strip()}\n\n")
        parts.append("".join(["| flag | what it does |\n|---|---|\n", *rows]))
    return "".join(parts)


def _commands() -> Iterator[tuple[str, Any]]:
    def below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path, command
        for name, one in (inner or {}).items():
            yield from below(f"{path} {name}", one)

    found = [
        pair for name in COMMANDS for pair in below(f"home-media {name}", load(name))
    ]
    yield from sorted(found, key=lambda pair: pair[0])


def _usage(path: str, command: Any) -> str:
    arguments = (it for it in command.params if it.param_type_name == "argument")
    return " ".join([path, *map(_placeholder, arguments)])


def _placeholder(argument: Any) -> str:
    """Return an argument as a usage shows it: in brackets where it can be left out."""
    name = argument.metavar or argument.name.upper()
    name = name if argument.required else f"[{name}]"
    return f"{name}..." if argument.nargs == -1 else name


def _row(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return _placeholder(parameter), parameter.help or ""
    text = (parameter.help or "").replace("|", "\\|")
    if isinstance(parameter.default, int) and not isinstance(parameter.default, bool):
        text += f" [default: {parameter.default}]"
    return ", ".join(parameter.opts), text


def schema(server: EmbeddedPostgres, url: str) -> str:
    """Return `docs/schema.sql`: what the migrations make, by `pg_dump`."""
    done = subprocess.run(
        [
            str(server.distribution / "bin" / "pg_dump"),
            "--schema-only",
            "--no-owner",
            f"--dbname={url}",
        ],
        env=distribution.environment(server.distribution),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = _worth_reading(done.stdout.splitlines())
    return (
        "-- The schema after all migrations. Written by `script/docs`.\n"
        + "\n".join(lines)
    )


def _worth_reading(lines: Iterable[str]) -> Iterator[str]:
    """Leave out comments, session settings, Alembic's table, runs of empty lines."""
    empty = True
    for line in lines:
        if line.startswith(("--", "SET ", "SELECT pg_catalog.", "\\")):
            continue
        if line or not empty:
            yield line
        empty = not line


def main() -> None:
    """Write them all."""
    README.write_text(readme(README.read_text()))
    CLI.write_text(cli())
    metadata_page.PAGE.write_text(metadata_page.page())
    with tempfile.TemporaryDirectory(prefix="home-media-docs-") as name:
        state = Path(name)
        state.chmod(0o711)  # Postgres does not run as root, and must get in
        with EmbeddedPostgres(state, fsync=False) as server:
            migrate(server.uri("home_media"))
            SCHEMA.write_text(schema(server, server.uri("home_media")))
    written = [README, CLI, metadata_page.PAGE, SCHEMA, *deployment.write()]
    sys.stdout.write(f"wrote {', '.join(map(str, written))}\n")


if __name__ == "__main__":
    main()
