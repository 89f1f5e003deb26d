"""The machines with a graphics card: looked at, opened, woken, and put to sleep."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations import gpu_queue
from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.core.operations.gpu_queue import AgentStatus
from home_media_pipelines.db.tables.operations import agents as agent_rows
from home_media_pipelines.db.tables.operations.agents import GpuQueue
from home_media_pipelines.defs.agents import gpu_counts, gpu_runs
from home_media_pipelines.defs.agents.gpu_runs import GpuRuns
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.instance import agent_power
from home_media_pipelines.instance.known_agents import known_agents
from home_media_pipelines.settings import load_settings

OBSERVE_EVERY = timedelta(minutes=10)
"""While something is at work, so that numbers plot; and whenever a state changes."""

ON_THIS_MACHINE = 1
"""Runs at a time, once there is no agent any more."""

gpu_agents_asset = dg.AssetSpec(
    "gpu_agents",
    group_name="agents",
    kinds={"docker"},
    owners=["team:home"],
    description="The machines with a graphics card, as they were seen, and what waits "
    "for them. Observed by the sensor of the same name.",
)


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks at the agents, lets through as many runs as they take, and says "
    "what the others wait for. Without agents it does nothing.",
)
def gpu_agents(
    context: dg.SensorEvaluationContext, database: Database
) -> dg.SensorResult | dg.SkipReason:
    """Look at every agent and let the queue follow from what was seen.

    Runs are put in order before the gate opens.
    """
    known = known_agents()
    if not known:
        return _without_agents(context.instance, database)
    now = datetime.now(UTC)
    sightings = _look_at_all(known, now)
    runs = gpu_runs.unfinished(context.instance)
    with database.connect() as conn:
        agent_rows.configure(conn, known)
        statuses = [agent_rows.record(conn, it) for it in sightings]
        why = gpu_queue.why_waiting(statuses, now, ZoneInfo(load_settings().timezone))
        gpu_runs.newest_first(context.instance, conn, runs.queued)
        gpu_runs.say_why(context.instance, runs, why)
    slots = gpu_queue.slots(known, statuses, runs.by_agent)
    slots = gpu_runs.beside_others(context.instance, slots)
    gpu_runs.allow(context.instance, slots)
    with database.connect() as conn:
        queue = gpu_counts.count(
            context.instance, conn, known, statuses, runs, why, now
        )
    for agent, status in zip(known, statuses, strict=True):
        crowded = len(runs.queued) > slots - len(runs.working)
        if crowded and gpu_queue.may_wake(agent, status, now):
            _wake(context, database, agent, now)
        elif gpu_queue.may_sleep(agent, status, queue.idle_since, now):
            _put_to_sleep(context, database, agent)
    return _answer(context, statuses, runs, queue, why)


def _without_agents(instance: dg.DagsterInstance, database: Database) -> dg.SkipReason:
    """Open the gate that was closed for an agent that is no more."""
    with database.connect() as conn:
        forgotten = agent_rows.configure(conn, [])
    if forgotten:
        gpu_runs.allow(instance, ON_THIS_MACHINE)
    return dg.SkipReason("no agents: networks run on this machine")


def _look_at_all(known: Sequence[Agent], now: datetime) -> list[Sighting]:
    """Look at all at once, so that two that sleep cost as much time as one."""
    from home_media_pipelines.instance.docker_agent import look  # only with agents

    with ThreadPoolExecutor(len(known)) as pool:
        return list(pool.map(lambda it: look(it, now), known))


def _wake(
    context: dg.SensorEvaluationContext, database: Database, agent: Agent, now: datetime
) -> None:
    try:
        agent_power.wake(agent)
    except AgentError as error:
        context.log.warning(str(error))
    else:
        context.log.info(f"{agent.name}: work waits, a packet to wake it was sent")
    with database.connect() as conn:
        agent_rows.called(conn, agent.name, now)


def _put_to_sleep(
    context: dg.SensorEvaluationContext, database: Database, agent: Agent
) -> None:
    with database.connect() as conn:
        agent_rows.put_to_sleep(conn, agent.name)
    try:
        agent_power.put_to_sleep(agent)
    except AgentError as error:
        context.log.warning(str(error))
    else:
        context.log.info(f"{agent.name}: nothing waits, it was put to sleep")


def _answer(
    context: dg.SensorEvaluationContext,
    statuses: Sequence[AgentStatus],
    runs: GpuRuns,
    queue: GpuQueue,
    why: str,
) -> dg.SensorResult:
    """Observe the asset when something changed, and say how things stand."""
    state = [[it.sighting.agent, it.sighting.reason] for it in statuses]
    said = json.dumps([state, queue.reason, len(runs.working)])
    before = json.loads(context.cursor or '{"said": "", "at": 0}')
    at = queue.at.timestamp()
    plots = runs.working and at - before["at"] >= OBSERVE_EVERY.total_seconds()
    ready = sum(it.sighting.ready for it in statuses)
    short = f"{ready} of {len(statuses)} agents ready, {queue.queued} runs wait"
    reason = f"{short}: {why}" if queue.reason else short
    if said == before["said"] and not plots:
        return dg.SensorResult(skip_reason=reason, cursor=context.cursor)
    return dg.SensorResult(
        asset_events=[
            dg.AssetObservation(
                gpu_agents_asset.key, metadata=_metadata(statuses, queue)
            )
        ],
        skip_reason=reason,
        cursor=json.dumps({"said": said, "at": at}),
    )


def _metadata(
    statuses: Sequence[AgentStatus], queue: GpuQueue
) -> dict[str, dg.MetadataValue | int | float | str]:
    rows = [
        dg.TableRecord(
            {
                "agent": it.sighting.agent,
                "state": it.sighting.reason or "ready",
                "since": it.since.isoformat(timespec="seconds"),
                "card": it.sighting.gpu_name or "",
                "memory_gib": round((it.sighting.gpu_memory or 0) / 2**30, 1),
                "image": it.sighting.image or "",
                "version": it.sighting.image_version or "",
                "runs": ", ".join(it.sighting.runs),
            }
        )
        for it in statuses
    ]
    found: dict[str, dg.MetadataValue | int | float | str] = {
        "ready": sum(it.sighting.ready for it in statuses),
        "runs_at_work": queue.running,
        "runs_queued": queue.queued,
        "folders_waiting": queue.folders,
        "contents_waiting": queue.contents,
        "agents": dg.MetadataValue.table(rows),
    }
    if queue.seconds_left is not None:
        found["hours_left"] = round(queue.seconds_left / 3600, 2)
    if queue.reason:
        found["reason"] = queue.reason
    return found


@dg.definitions
def agents() -> dg.Definitions:
    """The sensor; and the asset, where there are agents."""
    there = load_settings().agents.exists()
    return dg.Definitions(
        assets=[gpu_agents_asset] if there else [], sensors=[gpu_agents]
    )
