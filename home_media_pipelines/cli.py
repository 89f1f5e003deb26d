"""The command `home-media`: which command lives where. Each loads when it is called."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from home_media_pipelines.core.errors import HomeMediaError

ROOM = "home_media_pipelines.local.commands"
HELP_FLAGS = {"help_option_names": ["-h", "--help"]}

COMMANDS = {
    "up": (
        "up:up_command",
        "Run the gallery and the asset graph until Ctrl-C.",
    ),
    "ingest": (
        "ingest:ingest_command",
        "Bring new and changed folders up to date, without any service.",
    ),
    "status": (
        "report:status",
        "Show libraries, agents, folders in trouble, and how far each asset has come.",
    ),
    "problems": (
        "report:problems",
        "List the files that could not be done, and why.",
    ),
    "integrity": (
        "integrity:integrity",
        "Show since when originals are unchanged, and which are damaged.",
    ),
    "doctor": (
        "doctor:doctor_command",
        "Check exiftool, database, disk space, ports and libraries. Changes nothing.",
    ),
    "backup": (
        "backup:backup",
        "Back up what cannot be made again: what people said, libraries, ids, own "
        "taxa.",
    ),
    "restore": (
        "backup:restore",
        "Load a backup into an empty database. Nothing that is there is overwritten.",
    ),
    "purge": (
        "purge:purge_command",
        "Forget files that are gone, and all that hung on them alone.",
    ),
    "sample": (
        "sample:sample_command",
        "Draw a sample library into an empty directory.",
    ),
    "library": ("library:commands", "The named roots on the NAS."),
    "models": (
        "models:commands",
        "The networks that look at pictures, and their weights.",
    ),
    "db": ("database:commands", "The database."),
}
"""By name: module and attribute below `local/commands`, and the help's first line.

The line stands here too, so that `home-media --help` imports no command.
"""


def load(name: str) -> Any:
    """Import a command; return it as typer runs it, with all its flags."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"{ROOM}.{module}"), attribute)
    only = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        only.add_typer(found, name=name)
    else:
        only.command(name)(found)
    return typer.main.get_group(only).commands[name]


class LazyGroup(TyperGroup):
    """A group that knows its commands by name, and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return what the help shows of a command, None when there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, short_help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command to run: here it is imported."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest


app = typer.Typer(
    name="home-media",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no rich, which takes as long as all else
    add_completion=False,
    context_settings=HELP_FLAGS,
)


@app.callback()
def home_media() -> None:
    """Every photograph on the family NAS, inventoried, described and found again."""


def main() -> None:
    """Run the command; an error we know is one clear line, and exit status 1."""
    try:
        app()
    except HomeMediaError as error:
        from home_media_pipelines.local.commands import console

        console.fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
