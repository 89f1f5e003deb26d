"""Peak memory of an ingest of large, odd and hostile pictures."""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pyvips
from PIL import Image

from bench.ingests import start, vary
from bench.pictures import SIDES, jpegs, photograph, sample
from bench.rows import Bench, Row

LIMIT = 1_500
"""Megabytes."""


def measure(bench: Bench) -> list[Row]:
    """Megabytes that the processes of one ingest hold at most, Postgres aside."""
    library = bench.scratch / "library"
    shutil.copytree(sample(bench), library)
    _fill(bench, library / "large")
    with tempfile.TemporaryDirectory(prefix="home-media-bench-") as state:
        Path(state).chmod(0o711)  # Postgres does not run as root, and must get in
        together, single = _watch(library, Path(state))
    files = sum(path.is_file() for path in library.rglob("*"))
    what = f"ingest of {files} files, among them 24 MP and a bomb"
    return [
        Row(
            f"{what}: all processes together",
            f"{together:,.0f} MB",
            "",
            together,
            "MB",
            at_most=LIMIT,
            note="shared libraries counted in each",
        ),
        Row(f"{what}: the largest process", f"{single:,.0f} MB", "", single, "MB"),
    ]


def _fill(bench: Bench, directory: Path) -> None:
    directory.mkdir()
    small = bench.small
    (photo,) = jpegs(bench.peers / "pictures", 1, 24, small=small)
    data = photo.read_bytes()
    for number in range(bench.size(24, 2)):
        (directory / f"{number}.jpg").write_bytes(vary(data, number))
    width, height = (side // (8 if small else 1) for side in SIDES[24])
    pixels = photograph(width, height, 99)
    image = Image.fromarray(pixels)
    image.save(directory / "large.png", compress_level=1)
    image.save(directory / "large.tif")
    image.save(directory / "progressive.jpg", progressive=True)
    image.save(directory / "large.webp", quality=80, method=0)
    wide = pixels.astype(np.uint16) * 257
    pyvips.Image.new_from_array(wide, interpretation="rgb16").pngsave(
        str(directory / "sixteen.png"), compression=1
    )
    side = bench.size(60_000, 17_000)
    Image.new("1", (side, side)).save(directory / "bomb.png")


def _watch(library: Path, state: Path) -> tuple[float, float]:
    """Peak megabytes of all processes, and of the largest one."""
    process = start(library, state)
    root = psutil.Process(process.pid)
    together = single = 0.0
    while process.poll() is None:
        sizes = [_resident(it) for it in _tree(root)]
        together = max(together, sum(sizes))
        single = max([single, *sizes])
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"the ingest ended with {process.returncode}")
    return together, single


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> float:
    try:
        if process.name() == "postgres":
            return 0.0
        return process.memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return 0.0
