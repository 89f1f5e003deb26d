"""How `home-media` talks: results to standard output, everything else to stderr."""

import json
import logging
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from home_media_pipelines.io import logs
from home_media_pipelines.local.commands.ingest_summary import Progress as Tell
from home_media_pipelines.settings import Settings

LINE_SECONDS = 10.0

out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


_log = logging.getLogger("home_media_pipelines.up")


def use_logs(settings: Settings) -> None:
    """From now on, what is going on is a line of JSON, if the settings say so."""
    if settings.log_format == "json":
        logs.install(settings.log_format, settings.log_level, "up")
        err.quiet = True


def note(line: str) -> None:
    """Tell a person what is going on."""
    if err.quiet:
        _log.info(line)
    _tell(printable(line), "dim")


def fail(line: str) -> None:
    """Tell a person why it did not work."""
    if err.quiet:
        _log.error(line)
    _tell(Text.assemble(("home-media: ", "bold red"), printable(line)))


def _tell(line: str | Text, style: str | None = None) -> None:
    """Print to stderr, if that takes it: a pipe may be gone, its file's disk full.

    There is nobody left to tell then, and the work itself goes on.
    """
    with suppress(OSError):
        err.print(line, style=style)


def printable(text: str) -> str:
    """Escape what a hostile file name could do to a terminal; keep line ends."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1]
        for letter in text
    )


def print_json(value: object) -> None:
    """Print a result for a script."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str))
    sys.stdout.write("\n")


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    styles: Mapping[str, str] | None = None,
) -> None:
    """Print a result for a person; `styles` colours a cell by its text.

    On a terminal what is long is folded. Anywhere else a row is a line, however long,
    so that `grep` finds whole names.
    """
    screen = Console(markup=False, highlight=False)
    texts = [
        ["" if cell is None else printable(str(cell)) for cell in row] for row in rows
    ]
    if not screen.is_terminal:
        sys.stdout.writelines(_lines_of([list(columns), *texts]))
        return
    folded = [Column(name, overflow="fold") for name in columns]
    table = Table(*folded, box=None, pad_edge=False, header_style="dim")
    for row in texts:
        table.add_row(*(Text(it, style=(styles or {}).get(it, "")) for it in row))
    screen.print(table)


def _lines_of(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row as one line, its cells below each other."""
    flat = [[cell.replace("\n", "\\n") for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*flat, strict=True)]
    for row in flat:
        cells = (set_cell_size(*it) for it in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip() + "\n"


class _Rate(ProgressColumn):
    """How many per second, lately."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="cyan")


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """Lend a function to tell progress to: a bar with rate and remaining time.

    Where stderr is no terminal, a line every ten seconds instead.
    """
    if not err.is_terminal:
        yield _lines()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield tell


def _lines() -> Tell:
    started = time.monotonic()
    told: dict[str, float] = {}

    def tell(what: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - told.get(what, started) < LINE_SECONDS:
            return
        told[what] = now
        rate = done / (now - started)
        line = f"{what}: {done:,}" + (f" of {total:,}" if total else "")
        line += f", {rate:,.1f}/s"
        if total and rate:
            line += f", {(total - done) / rate:,.0f} s left"
        _tell(line)

    return tell
