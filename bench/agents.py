"""What it costs that networks run in containers on another machine's engine.

A real `home-media up` with its daemons, an engine of our own that plays the laptop, the
worker's image, tiny networks on the processor. The laptop sleeps until every folder
waits. Needs what tests of containers need (`script/docker-engine`).
"""

import os
import time
from statistics import median

from bench.rows import Bench, Row
from tests.docker.engine import Engine, why_none
from tests.docker.test_routing import TINY
from tests.docker.worker import build_worker, described, packages
from tests.faults.conftest import embedded
from tests.faults.living import Up
from tests.faults.world import Home, draw_library, until

HOURS = 3 * 3600

STARTS = """
    with at as (
        select run_id, r.pipeline_name as job,
               max(timestamp) filter (where dagster_event_type = 'PIPELINE_STARTING')
                   as launched,
               min(timestamp) filter (where dagster_event_type = 'STEP_START') as began
          from event_logs e join runs r using (run_id) group by 1, 2)
    select job, extract(epoch from began - launched)::float8 from at
     where began is not null
"""

CONTAINERS = """
    select count(*) from event_logs
     where dagster_event_type = 'ENGINE_EVENT'
       and event like '%[RoutingRunLauncher] container %'
"""


def measure(bench: Bench) -> list[Row]:
    """Seconds from wake to the first row and to the first step; containers a batch."""
    if reason := why_none():
        return [Row("containers on an agent", reason, "", 0, "")]
    folders = bench.size(1_000, 3)
    root = draw_library(bench.scratch / "nas" / "photos", folders, 1)
    keep = os.environ.get("TEST_DOCKER_KEEP")
    laptop = Engine(nvidia=True, keep=keep)
    try:
        laptop.start()
        build_worker(laptop)
        laptop.stop()
        with packages() as volumes, embedded() as home:
            derived = home.state / "derived"
            derived.mkdir()
            given = [*volumes, f"{derived}:/derived:ro"]
            text = described("laptop", laptop, given)
            (home.state / "agents.toml").write_text(text)
            up = Up(home, root, **TINY)
            try:
                return _drain(home, laptop, folders)
            finally:
                up.stop()
    finally:
        laptop.remove()


def _drain(home: Home, laptop: Engine, folders: int) -> list[Row]:
    """Wake the laptop when everything waits, and watch."""
    thumbnails = "select count(*) from thumbnails"
    until(lambda: home.one(thumbnails) == folders, HOURS, "every thumbnail", every=1)
    waiting = "select count(*) from run_tags where key = 'home_media/waiting'"
    until(lambda: home.one(waiting, True), 300, "runs to wait", every=0.5)
    laptop.start()
    woken = time.perf_counter()
    seen = "select count(*) from analyses where asset = 'detections'"
    until(lambda: home.one(seen), 600, "the first row", every=0.05)
    first = time.perf_counter() - woken
    whole = "select count(*) from analyses where asset = 'embeddings'"
    until(lambda: home.one(whole) == folders, HOURS, "the queue to drain", every=0.5)
    drained = time.perf_counter() - woken
    linked = ("link_folders", "SUCCESS")
    until(lambda: linked in home.runs(), 120, "what needs no card to follow")
    until(lambda: not home.unfinished_runs(), 600, "all runs to end")
    starts: dict[str, list[float]] = {}
    for job, seconds in home.rows(STARTS, True):
        starts.setdefault(job, []).append(seconds)
    there, here = median(starts["vision_job"]), median(starts["link_folders"])
    containers = int(str(home.one(CONTAINERS, True)))
    batches = len(starts["vision_job"])
    return [
        Row(
            "from wake to the first row",
            f"{first:.1f} s",
            "",
            first,
            "s",
            note="a look at agents every 30 s, a container, torch, the networks",
        ),
        Row(
            "from launch to the first step, in a container",
            f"{there:.1f} s",
            f"{here:.1f} s here",
            there - here,
            "s",
            note="the difference",
        ),
        Row(
            f"containers a batch, {folders} folders",
            f"{containers} containers",
            f"{batches} batches",
            containers / batches,
            "",
            at_most=1,
            note=f"drained in {drained:.0f} s",
        ),
    ]
