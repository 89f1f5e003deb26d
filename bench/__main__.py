"""The command: `python -m bench [TOPIC…] [--small] [--write]`, see script/bench."""

import importlib
import os
import platform
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console
from rich.table import Table

from bench.rows import HEADINGS, Bench, Row, cells, markdown

TOPICS = (
    "first-run",
    "thumbnails",
    "hashing",
    "walk",
    "metadata",
    "copying",
    "timeline",
    "search",
    "vision",
    "overhead",
    "agents",
    "rescan",
    "memory",
)
"""Each is a module, by its name, with `measure(bench) -> list[Row]`."""

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- measured -->", "<!-- end of measured -->"
CACHE = Path.home() / ".cache" / "home-media" / "bench"

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    topics: Annotated[
        list[str] | None, typer.Argument(help=f"Of {', '.join(TOPICS)}; all.")
    ] = None,
    small: Annotated[
        bool, typer.Option(help="A quick try; its figures mean nothing.")
    ] = False,
    write: Annotated[bool, typer.Option(help="Put the table into the docs.")] = False,
    vision: Annotated[
        bool, typer.Option("--vision", help="The topics search and vision.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Medians of so many.")] = 5,
) -> None:
    """Measure and print; every line is a ratio of two sides measured in turn."""
    chosen = topics or (["search", "vision"] if vision else list(TOPICS))
    if unknown := sorted(set(chosen) - set(TOPICS)):
        raise typer.BadParameter(f"no such topic: {', '.join(unknown)}")
    out = Console()
    for topic in chosen:
        rows = measure(topic, small=small, rounds=rounds)
        out.print(_table(topic, rows))
        if write:
            words = ["script/bench", topic, *["--small"] * small]
            write_page([(topic, rows)], " ".join([*words, f"--rounds {rounds}"]))


def measure(
    topic: str, *, small: bool = False, rounds: int = 5, peers: Path | None = None
) -> list[Row]:
    """Measure one topic in a scratch directory of its own."""
    kept = peers or Path(os.environ.get("BENCH_PEERS", CACHE))
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="home-media-bench-") as scratch:
        bench = Bench(kept, Path(scratch), small, rounds)
        return importlib.import_module(f"bench.{topic.replace('-', '_')}").measure(
            bench
        )


def write_page(
    measured: Iterable[tuple[str, Sequence[Row]]], command: str, page: Path = PAGE
) -> None:
    """Replace the sections of these topics between the markers of the page."""
    before, _, rest = page.read_text().partition(START)
    between, _, after = rest.partition(END)
    sections = {
        text.partition("\n")[0]: text for text in between.strip().split("### ") if text
    }
    memory = psutil.virtual_memory().total / 2**30
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, {memory:.0f} GiB, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.0f}: `{command}`"
    )
    for topic, rows in measured:
        sections[topic] = f"{topic}\n\n{machine}\n\n{markdown(rows)}\n"
    ordered = sorted(sections, key=[*TOPICS, *sections].index)
    body = "".join(f"### {sections[topic].strip()}\n\n" for topic in ordered)
    page.write_text(f"{before}{START}\n\n{body}{END}{after}")


def _table(topic: str, rows: Sequence[Row]) -> Table:
    table = Table(title=topic, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading)
    for row in rows:
        style = {"met": "green", "missed": "red"}.get(row.verdict, "")
        table.add_row(*cells(row), style=style)
    return table


if __name__ == "__main__":
    app()
