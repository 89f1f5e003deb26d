"""The runs that need a graphics card: which wait, which work, in what order they go."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
import psycopg

from home_media_pipelines.core.operations.agents import (
    AGENT_TAG,
    POOL,
    PRIORITY_TAG,
    WAITING_TAG,
)
from home_media_pipelines.core.operations.gpu_queue import IN_TURN, Speed
from home_media_pipelines.db.tables.vision import analyses
from home_media_pipelines.defs.batches import BROKEN, UNFINISHED
from home_media_pipelines.defs.vision.target_producers import ASSETS
from home_media_pipelines.defs.vision.vision_runs import folders_of, needs_card

LATELY = timedelta(days=2)
RUNS_LATELY = 20

NO_LONGER = "no longer"
"""Tag of a run that waited; Dagster takes no tag away."""


@dataclass(frozen=True, slots=True)
class GpuRuns:
    """Unfinished runs of the pool: those in Dagster's queue, and those that left it."""

    queued: list[dg.DagsterRun]
    working: list[dg.DagsterRun]

    @property
    def by_agent(self) -> Counter[str]:
        """How many runs are at work on each agent."""
        return Counter(it.tags.get(AGENT_TAG, "") for it in self.working)


def unfinished(instance: dg.DagsterInstance) -> GpuRuns:
    """Return the runs that wait for a card or work on one."""
    runs = [
        run
        for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED))
        if needs_card(run) and run.status is not dg.DagsterRunStatus.NOT_STARTED
    ]
    queued = [it for it in runs if it.status is dg.DagsterRunStatus.QUEUED]
    return GpuRuns(queued, [it for it in runs if it not in queued])


def allow(instance: dg.DagsterInstance, runs: int) -> None:
    """Let so many runs of the pool work at once; none closes the gate."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return
    limits = {it.name: it.limit for it in storage.get_pool_limits()}
    chosen = {it.name for it in storage.get_pool_limits() if not it.from_default}
    if POOL not in chosen or limits[POOL] != runs:
        storage.set_concurrency_slots(POOL, runs)


def beside_others(instance: dg.DagsterInstance, runs: int) -> int:
    """Return how many of so many runs may work and leave a place for any other run.

    They come first in Dagster's queue, and a place in it is taken by what works on
    another machine too: four agents would keep a server of four places from its own.
    """
    queue = instance.get_concurrency_config().run_queue_config
    most = queue.max_concurrent_runs if queue else None
    return runs if most is None or most < 1 else min(runs, max(1, most - 1))


def say_why(instance: dg.DagsterInstance, runs: GpuRuns, why: str) -> None:
    """Keep the tag up to date that says what a run waits for."""
    for run in runs.queued:
        said = run.tags.get(WAITING_TAG)
        if said != why and (said or why != IN_TURN):
            instance.add_run_tags(run.run_id, {WAITING_TAG: why})
    for run in runs.working:
        if run.tags.get(WAITING_TAG, NO_LONGER) != NO_LONGER:
            instance.add_run_tags(run.run_id, {WAITING_TAG: NO_LONGER})


def newest_first(
    instance: dg.DagsterInstance,
    conn: psycopg.Connection,
    queued: Iterable[dg.DagsterRun],
) -> None:
    """Give queued runs the age of their newest folder as priority.

    A run that has a priority keeps it: somebody chose it, or we did.
    """
    folders = {
        it.run_id: folders_of(instance, it)
        for it in queued
        if PRIORITY_TAG not in it.tags
    }
    days = analyses.newest(conn, sorted({it for of in folders.values() for it in of}))
    for run_id, keys in folders.items():
        known = [days[key] for key in keys if key in days]
        if known:
            instance.add_run_tags(run_id, {PRIORITY_TAG: str(max(known))})


def speed(
    instance: dg.DagsterInstance,
    conn: psycopg.Connection,
    agents: Collection[str],
    now: datetime,
) -> Speed:
    """Measure the latest runs on these agents, from their start to their end."""
    spans = list(_spans(instance, agents, now))
    seconds = sum((last - first).total_seconds() for first, last in spans)
    return Speed(analyses.made_within(conn, ASSETS, spans), seconds)


def _spans(
    instance: dg.DagsterInstance, agents: Collection[str], now: datetime
) -> Iterable[tuple[datetime, datetime]]:
    ended = [dg.DagsterRunStatus.SUCCESS, *BROKEN]
    records: Sequence[dg.RunRecord] = instance.get_run_records(
        dg.RunsFilter(
            tags={AGENT_TAG: sorted(agents)},
            statuses=[dg.DagsterRunStatus.STARTED, *ended],
            updated_after=now - LATELY,
        ),
        limit=RUNS_LATELY,
    )
    for it in records:
        working = it.dagster_run.status is dg.DagsterRunStatus.STARTED
        if it.start_time is None or (it.end_time is None and not working):
            continue
        first = datetime.fromtimestamp(it.start_time, UTC)
        last = now if it.end_time is None else datetime.fromtimestamp(it.end_time, UTC)
        if last > first:
            yield first, last
