"""Containers on an agent whose runs were given up while it was away."""

import dagster as dg
import docker.errors
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from home_media_pipelines.core.agents import Agent
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.docker_client import AgentAwayError, connect

AT_WORK = [*IN_PROGRESS_RUN_STATUSES, dg.DagsterRunStatus.CANCELING]


def end_late(instance: dg.DagsterInstance, agent: Agent) -> dict[str, str]:
    """End and forget an agent's containers of runs that ended, or were given up.

    Nothing happens while the agent is away.

    Returns:
        What was at work in vain, or had failed: run to its last words. They are in the
        log of the run as well.
    """
    try:
        with connect(agent) as client:
            ours = {*docker_agent.at_work(client), *docker_agent.ended(client)}
            alive = {
                run_id
                for run_id in ours
                if (run := instance.get_run_by_id(run_id)) and run.status in AT_WORK
            }
            late = docker_agent.end_late(client, ours - alive)
    except (AgentAwayError, docker.errors.DockerException):
        return {}
    for run_id, words in late.items():
        if run := instance.get_run_by_id(run_id):
            said = f"its container on {agent.name} is removed: {words}"
            instance.report_engine_event(said, run)
    return late
