"""First run: a folder of 12 megapixel JPEGs until it can be browsed, from nothing.

Everything from the start of the process is in it: imports, the making of the database,
the reading of every byte. Peers make two small sizes and static pages.
"""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.clock import Cost, Work, in_turn
from bench.ingests import ingest, vary
from bench.pictures import jpegs
from bench.rows import Bench, Row

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of Linux's prctl."""


def measure(bench: Bench) -> list[Row]:
    """Photographs per second on the wall, and processor seconds per photograph."""
    count = bench.size(120, 6)
    library = bench.scratch / "library" / "2024"
    library.mkdir(parents=True)
    drawn = jpegs(bench.peers / "pictures", 4, 12, small=bench.small)
    for number in range(count):
        photo = vary(drawn[number % len(drawn)].read_bytes(), number)
        (library / f"IMG_{number:04}.jpg").write_bytes(photo)
    bench.scratch.chmod(0o711)  # Postgres does not run as root, and must get in
    _adopt_orphans()
    sides: dict[str, Work] = {
        "ours": partial(_ours, library.parent, bench.scratch / "state")
    }
    sigal = bench.peers / "sigal" / "bin" / "sigal"
    if sigal.exists():
        out = bench.scratch / "sigal"
        (bench.scratch / "sigal.conf.py").touch()  # it insists on one
        sides["sigal"] = partial(
            _peer, out, [sigal, "build", "-n", str(os.cpu_count()), library.parent, out]
        )
    thumbsup = bench.peers / "node_modules" / ".bin" / "thumbsup"
    if thumbsup.exists() and shutil.which("gm"):
        out = bench.scratch / "thumbsup"
        sides["thumbsup"] = partial(
            _peer,
            out,
            [
                *(thumbsup, "--input", library.parent, "--output", out),
                *("--concurrency", str(os.cpu_count()), "--usage-stats", "false"),
            ],
        )
    costs = in_turn(sides, bench.size(3, 1), warm=False)
    targets = {"sigal": 1.3, "thumbsup": 6.0}
    rows: list[Row] = []
    for peer in [it for it in costs if it != "ours"]:
        ours, theirs = costs["ours"], costs[peer]
        rows += [
            Row(
                f"{count} photographs until they can be browsed, of {peer}",
                f"{ours.wall:.1f} s",
                f"{theirs.wall:.1f} s",
                theirs.wall / ours.wall,
                at_least=targets[peer],
            ),
            Row(
                f"processor for each photograph, of {peer}",
                f"{ours.cpu / count:.3f} s",
                f"{theirs.cpu / count:.3f} s",
                theirs.cpu / ours.cpu,
                at_least=1.0 if peer == "sigal" else None,
            ),
        ]
    return rows


def _ours(library: Path, state: Path) -> Cost:
    shutil.rmtree(state, ignore_errors=True)
    return _with_descendants(lambda: ingest(library, state))


def _peer(out: Path, command: Sequence[str | Path]) -> Cost:
    shutil.rmtree(out, ignore_errors=True)
    return _with_descendants(
        lambda: subprocess.run(
            [str(it) for it in command],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=out.parent,
        )
    )


def _adopt_orphans() -> None:
    """Become the parent of what outlives its own, such as a database server."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _with_descendants(work: Work) -> Cost:
    """Do the work, wait for all that it started; count the processor time of all."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    wall = time.perf_counter() - started
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(spent, wall)
