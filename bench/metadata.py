"""ExifTool in batches against one process per file and against exiftool-vendored."""

import subprocess
from functools import partial
from pathlib import Path

from bench.clock import Cost, Work, cost, in_turn, node
from bench.pictures import sample
from bench.rows import Bench, Row
from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.core.inventory.walk import walk
from home_media_pipelines.io.exiftool import ExifTool


def measure(bench: Bench) -> list[Row]:
    """Files per second on the wall, of one ExifTool process that is warm."""
    root = sample(bench)
    files = [
        root / unquote_path(file.path)
        for directory in walk(root, depth=3)
        for file in directory.files
        if file.path.endswith(".jpg") and "broken" not in file.path
    ]
    files = files[: bench.size(len(files), 8)]
    single = files[: bench.size(10, 2)]
    sides: dict[str, Work] = {
        "ours": partial(_ours, files, 1),
        "two": partial(_ours, files, 2),
        "each": partial(_each, single),
    }
    if bench.has("exiftool-vendored"):
        sides["vendored"] = partial(node, "metadata.mjs", bench.peers, *files)
    costs = in_turn(sides, bench.rounds, warm=False)
    rate = {
        name: len(single if name == "each" else files) / it.wall
        for name, it in costs.items()
    }

    def row(what: str, one: str, other: str, least: float | None = None) -> Row:
        figures = f"{rate[one]:.0f} files/s", f"{rate[other]:.0f} files/s"
        return Row(what, *figures, rate[one] / rate[other], at_least=least)

    rows = [row("one process, of one process per file", "ours", "each")]
    if "vendored" in rate:
        rows.append(row("one process, of exiftool-vendored", "ours", "vendored", 1))
    return [*rows, row("two processes against one", "two", "ours")]


def _ours(files: list[Path], processes: int) -> Cost:
    named = {f"{number:064x}": path for number, path in enumerate(files)}
    first = dict(list(named.items())[: 32 * processes])
    with ExifTool(processes) as tool:
        list(tool.read(first))
        return cost(lambda: list(tool.read(named)))


def _each(files: list[Path]) -> None:
    for path in files:
        subprocess.run(
            ["exiftool", "-json", "-n", path], stdout=subprocess.DEVNULL, check=True
        )
