"""What Dagster costs in a first ingest of 5,000 folders of 20 photos of 12 MP.

Extrapolated from processor seconds (ours, its workers', Postgres') of five ingests:
again of one photo, with nothing changed (`walk`); of another photo (`first`); of the
same number of tiny files in few folders and in many, whose difference is what a folder
costs whatever is in it; of 12 MP photos, whose rate is what the work costs. A run ends
after `FILES_PER_RUN` files, and one run more costs what `first` costs beyond `walk`.
Against us we assume that orchestration keeps one core and the work all of them.
"""

import os
import tempfile
from pathlib import Path
from statistics import median

from PIL import Image

from bench.ingests import ingest_cost, vary
from bench.pictures import jpegs
from bench.rows import Bench, Row
from home_media_pipelines.defs.batches import FILES_PER_RUN
from home_media_pipelines.local.server.postgres import EmbeddedPostgres

FOLDERS = 5_000
PHOTOS = 20


def measure(bench: Bench) -> list[Row]:
    """Seconds of a folder, a run, a photo; and the share of the first two."""
    folders = bench.size(300, 8)
    tiny = bench.scratch / "tiny.jpg"
    Image.new("RGB", (64, 48), "orange").save(tiny)
    photo = jpegs(bench.peers / "pictures", 1, 12, small=bench.small)[0].read_bytes()
    count = bench.size(120, 2)
    with tempfile.TemporaryDirectory(prefix="home-media-bench-") as name:
        state = Path(name)
        state.chmod(0o711)  # Postgres does not run as root, and must get in
        with EmbeddedPostgres(state) as server:

            def seconds(library: str, folders: int, files: int, photo: bytes) -> float:
                root = _fill(bench.scratch / library, folders, files, photo)
                return ingest_cost(root, state, server).cpu

            seconds("warm", 1, 1, tiny.read_bytes())
            walk, first = (
                median(work(number) for number in range(bench.rounds))
                for work in (
                    lambda _: ingest_cost(bench.scratch / "warm", state, server).cpu,
                    lambda it: seconds(f"first {it}", 1, 1, tiny.read_bytes()),
                )
            )
            few = seconds("few", max(1, folders // 10), 20, tiny.read_bytes())
            many = seconds("many", folders, 2, tiny.read_bytes())
            work = seconds("work", 2, count // 2, photo)
    run = max(0.0, first - walk)
    folder = max(0.0, many - few) / (folders - max(1, folders // 10))
    each = max(0.001, work - first) / count
    total = FOLDERS * PHOTOS * each / (os.cpu_count() or 1)
    ours = walk + FOLDERS * PHOTOS / FILES_PER_RUN * run + FOLDERS * folder
    share = 100 * ours / (ours + total)
    return [
        Row(
            "a folder more, whatever is in it",
            f"{1000 * folder:.1f} ms",
            "",
            1000 * folder,
            "ms",
            note=f"{folders} folders against {max(1, folders // 10)}, the same files",
        ),
        Row("a run more", f"{run:.2f} s", "", run, "s"),
        Row("a 12 MP photo, all assets", f"{each:.3f} s", "", each, "s"),
        Row(
            "orchestration of 5,000 folders of 20 photos of 12 MP",
            f"{ours:,.0f} s",
            f"{total:,.0f} s",
            share,
            "%",
            at_most=5,
            note="extrapolated; peer: all other work on all cores",
        ),
    ]


def _fill(library: Path, folders: int, files: int, photo: bytes) -> Path:
    """Write a photo under other bytes each time; return `library`."""
    for number in range(folders):
        folder = library / f"{number:05}"
        folder.mkdir(parents=True)
        for place in range(files):
            salt = hash((library.name, number, place)) % 2**63
            (folder / f"{place:04}.jpg").write_bytes(vary(photo, salt))
    return library
