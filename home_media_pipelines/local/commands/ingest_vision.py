"""The part of `home-media ingest` in which networks look at the pictures."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import dagster as dg
import psycopg

from home_media_pipelines.db.admin.status import Step
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.vision import backlog, models, producers
from home_media_pipelines.defs.ingest import key_frames, link_job
from home_media_pipelines.defs.resources import Networks
from home_media_pipelines.defs.vision.target_producers import (
    OFF,
    Blocked,
    target_producers,
)
from home_media_pipelines.defs.vision.vision_runs import JOB, portions, run_config
from home_media_pipelines.local.commands.run_failure import why_failed

ROUNDS = 5
"""What the masks of one round find, the crops of the next look at."""

Run = Callable[[str, dict[str, object]], dg.ExecuteInProcessResult]


@dataclass(slots=True)
class Seen:
    """How many contents were looked at, by asset, and what waits for which reason.

    What failed waits too, for another try.
    """

    looked_at: Counter[str] = field(default_factory=Counter[str])
    waiting: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, str] = field(default_factory=dict[str, str])


def see(url: str, networks: Networks, names: Collection[str], run: Run) -> Seen:
    """Let networks look at what they have not seen in these libraries.

    What is not there (packages, weights, a graphics card) is said, and waits: an
    ingest is complete without it.

    Args:
        url: of the database.
        networks: which.
        names: of libraries.
        run: executes a job of the graph with a configuration.
    """
    seen = Seen()
    before: list[backlog.WaitingFolder] = []
    for _ in range(ROUNDS):
        with connect(url) as conn:
            goals = target_producers(conn, networks)
            ready = producers.set_targets(
                conn,
                [it.producer for it in goals.values() if not isinstance(it, Blocked)],
            )
            if ready:
                videos = producers.register(conn, key_frames.PRODUCER)
                ready["key_frames"] = videos
            due = [
                it
                for it in backlog.due_folders(conn, ready)
                if it.folder.partition("/")[0] in names
            ]
        seen.waiting |= {
            asset: goal.reason
            for asset, goal in goals.items()
            if isinstance(goal, Blocked) and goal.reason != OFF
        }
        if not due or due == before:
            break
        before = due
        for folders in portions(due):
            before_looking = link_job.link_config(folders, "key_frames")
            seen.failed |= _failures(run(link_job.JOB, before_looking))
            result = run(JOB, run_config(folders))
            seen.looked_at += _looked_at(result)
            seen.failed |= _failures(result)
            linked = run(link_job.JOB, link_job.link_config(folders))
            seen.failed |= _failures(linked)
        if seen.failed:
            break
    seen.waiting |= seen.failed
    return seen


def steps(conn: psycopg.Connection) -> Iterator[Step]:
    """Yield how far each asset of networks is that is read or filled."""
    for asset, producer_id in producers.targets(conn, models.ASSETS).items():
        found = models.coverage(conn, asset, producer_id)
        if found.done:
            yield Step(asset, found.done + found.failed, found.contents)


def _looked_at(result: dg.ExecuteInProcessResult) -> Counter[str]:
    """Count the contents of each asset by what the run reported of its folders."""
    counts = Counter[str]()
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key is not None:
            found = event.materialization.metadata.get("images")
            if isinstance(found, dg.IntMetadataValue):
                counts[event.asset_key.to_user_string()] += found.value or 0
    return counts


def _failures(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    why = why_failed(result)
    return {} if why is None else {"networks": why}
