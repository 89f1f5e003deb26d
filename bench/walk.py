"""The walk against `find -printf`."""

import subprocess
from collections import deque
from pathlib import Path

from bench.clock import in_turn
from bench.rows import Bench, Row
from home_media_pipelines.core.inventory.walk import summarise, walk


def measure(bench: Bench) -> list[Row]:
    """Files per second, from the cache: 5,000 folders of 20 files."""
    folders = bench.size(5_000, 50)
    root = plant(bench.scratch / "walked", folders)
    costs = in_turn(
        {
            "walk": lambda: deque(walk(root, depth=3), 0),
            "signed": lambda: summarise(walk(root, depth=3)),
            "find": lambda: _find(root),
        },
        bench.rounds,
    )
    rate = {name: folders * 20 / it.cpu for name, it in costs.items()}

    def row(what: str, name: str, least: float | None, note: str) -> Row:
        return Row(
            what,
            f"{rate[name]:,.0f} files/s",
            f"{rate['find']:,.0f} files/s",
            rate[name] / rate["find"],
            at_least=least,
            note=note,
        )

    return [
        row("walk, of find -printf", "walk", 0.8, "processor time"),
        row(
            "walk with a signature per folder, of find -printf",
            "signed",
            None,
            "processor time; find signs nothing",
        ),
    ]


def plant(root: Path, folders: int, *, files: int = 20) -> Path:
    """Make so many folders, fifty to a parent, of files that hold their name."""
    for number in range(folders):
        folder = root / f"{2000 + number // 50}" / f"{number % 50:02} holiday"
        folder.mkdir(parents=True)
        for place in range(files):
            path = folder / f"DSC_{number:05}_{place:04}.JPG"
            path.write_bytes(path.name.encode())
    return root


def _find(root: Path) -> None:
    subprocess.run(
        ["find", root, "-type", "f", "-printf", "%p\\t%s\\t%T@\\t%m\\n"],
        stdout=subprocess.DEVNULL,
        check=True,
    )
