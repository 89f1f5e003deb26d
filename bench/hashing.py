"""BLAKE3 of files against b3sum and sha256sum."""

import shutil
import subprocess
from functools import partial
from pathlib import Path

import numpy as np

from bench.clock import Work, in_turn
from bench.rows import Bench, Row
from home_media_pipelines.core.inventory.hashing import hash_file


def measure(bench: Bench) -> list[Row]:
    """Megabytes per second on the wall: one large file, then many of a photo's size."""
    large = _files(bench.scratch / "large", 1, bench.size(512, 16))
    photos = _files(bench.scratch / "photos", bench.size(100, 4), 4)
    return [
        *_rows(bench, f"one file of {bench.size(512, 16)} MB", large, 0.9),
        *_rows(bench, "files of 4 MB", photos, 0.9),
    ]


def _rows(bench: Bench, what: str, files: list[Path], least: float) -> list[Row]:
    sides: dict[str, Work] = {
        "ours": lambda: [hash_file(file) for file in files],
        "sha256sum": partial(_run, "sha256sum", files),
    }
    b3sum = shutil.which("b3sum") or bench.peers / "b3sum/usr/bin/b3sum"
    if Path(b3sum).exists():
        sides["b3sum"] = partial(_run, b3sum, files)
    costs = in_turn(sides, bench.rounds)
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    rate = {name: megabytes / it.wall for name, it in costs.items()}
    peers = [name for name in ("b3sum", "sha256sum") if name in rate]
    return [
        Row(
            f"{what}, of {peer}",
            f"{rate['ours']:,.0f} MB/s",
            f"{rate[peer]:,.0f} MB/s",
            rate["ours"] / rate[peer],
            at_least=least if peer == "b3sum" else None,
        )
        for peer in peers
    ]


def _files(directory: Path, count: int, megabytes: int) -> list[Path]:
    directory.mkdir()
    random = np.random.default_rng(7)
    paths = [directory / f"{number}.jpg" for number in range(count)]
    for path in paths:
        path.write_bytes(random.bytes(megabytes * 1_000_000))
    return paths


def _run(program: str | Path, files: list[Path]) -> None:
    subprocess.run([program, *files], stdout=subprocess.DEVNULL, check=True)
