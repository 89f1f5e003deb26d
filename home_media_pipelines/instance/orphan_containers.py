"""Containers on an agent whose runs were given up, or went elsewhere, meanwhile."""

import dagster as dg
import docker.errors

from home_media_pipelines.core.operations.agents import AGENT_TAG, Agent
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.container_output import keep_output
from home_media_pipelines.instance.docker_client import AgentAwayError, connect

AT_WORK = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def is_at_work(instance: dg.DagsterInstance, run_id: str, agent: Agent) -> bool:
    """Whether a run is under way, and on this agent.

    An agent that goes away while it is asked to start a run may do so nevertheless,
    and the run is another's by then.
    """
    run = instance.get_run_by_id(run_id)
    if run is None or run.status not in AT_WORK:
        return False
    return run.tags.get(AGENT_TAG) == agent.name


def end_late(instance: dg.DagsterInstance, agent: Agent) -> dict[str, str]:
    """End and forget an agent's containers of runs that are not at work on it.

    What they printed is kept, where Dagster's UI shows it. Nothing happens while the
    agent is away.

    Returns:
        What was at work in vain, or had failed: run to its last words. They are in the
        log of the run as well. Not of one that succeeded: its process was just leaving.
    """
    try:
        with connect(agent) as client:
            ours = {**docker_agent.at_work(client), **docker_agent.ended(client)}
            late = {it: ours[it] for it in ours if not is_at_work(instance, it, agent)}
            for run_id, container in late.items():
                keep_output(instance, run_id, container)
            words_of = docker_agent.end_late(client, late)
    except (AgentAwayError, docker.errors.DockerException):
        return {}
    told: dict[str, str] = {}
    for run_id, words in words_of.items():
        run = instance.get_run_by_id(run_id)
        if run is None or run.status is not dg.DagsterRunStatus.SUCCESS:
            told[run_id] = words
        if run is not None and run_id in told:
            said = f"its container on {agent.name} is removed: {words}"
            instance.report_engine_event(said, run)
    return told
