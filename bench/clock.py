"""What work costs: processor and wall seconds, both sides in turn, medians."""

import json
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds: of processors (children that ended included), and on the wall."""

    cpu: float
    wall: float


Work = Callable[[], object]
"""What is measured; a `Cost` it returns counts instead of what we saw from outside."""


def cost(work: Work) -> Cost:
    """Do the work once."""
    started, before = time.perf_counter(), _processor()
    result = work()
    seen = Cost(_processor() - before, time.perf_counter() - started)
    return result if isinstance(result, Cost) else seen


def in_turn(
    sides: Mapping[str, Work], rounds: int, *, warm: bool = True
) -> dict[str, Cost]:
    """Measure every side once per round, forwards and backwards by turns.

    Returns:
        The median `Cost` by side, so what slows the machine down slows down all.
    """
    if warm:
        for work in sides.values():
            work()
    seen: dict[str, list[Cost]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides)
        for name in names[::-1] if number % 2 else names:
            seen[name].append(cost(sides[name]))
    return {
        name: Cost(
            statistics.median(it.cpu for it in costs),
            statistics.median(it.wall for it in costs),
        )
        for name, costs in seen.items()
    }


def node(script: str, peers: Path, *arguments: str | Path) -> Cost:
    """Run a peer in Node; it warms up by itself and reports what it cost."""
    command = ["node", str(Path(__file__).with_name("peers") / script)]
    done = subprocess.run(
        [*command, *map(str, arguments)],
        env={**os.environ, "BENCH_PEERS": str(peers), "UV_THREADPOOL_SIZE": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Cost(**json.loads(done.stdout))


def _processor() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(it.ru_utime + it.ru_stime for it in (own, children))
