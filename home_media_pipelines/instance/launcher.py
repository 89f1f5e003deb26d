"""Where a run goes: what needs a graphics card to an agent, all else to this machine.

Nobody chooses: the pool `gpu` of what a run does decides. Without agents everything
stays here. An agent that cannot take a run leaves it in the queue, and the gate of the
pool is closed until somebody has seen an agent that can.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import docker.errors

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import (
    AGENT_TAG,
    POOL,
    WAITING_TAG,
    Agent,
    Sighting,
)
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.agent_launcher import agent_launcher
from home_media_pipelines.instance.dagster_internals import (
    CheckRunHealthResult,
    ConfigurableClass,
    ConfigurableClassData,
    LaunchRunContext,
    RunLauncher,
    WorkerStatus,
    queue_again,
)
from home_media_pipelines.instance.docker_client import AgentAwayError
from home_media_pipelines.instance.known_agents import known_agents
from home_media_pipelines.instance.orphan_containers import end_late, is_at_work
from home_media_pipelines.instance.run_environment import run_environment
from home_media_pipelines.instance.split_runs import split

_UNASKED = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED)
"""How a run is that nobody has told to stop."""


class RoutingRunLauncher(RunLauncher, ConfigurableClass):
    """Dagster's own launcher on this machine, and containers on the agents."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        self._inst_data = inst_data
        self._local = dg.DefaultRunLauncher()
        self._one_at_a_time = threading.Lock()
        self._silent_since: dict[str, float] = {}
        super().__init__()

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """What `dagster.yaml` says of it."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing: the agents are in a file of their own."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "RoutingRunLauncher":
        """Make it from what `dagster.yaml` says."""
        return cls(inst_data, **config_value)

    def register_instance(self, instance: dg.DagsterInstance) -> None:
        """Take the instance, for the launcher of this machine too."""
        super().register_instance(instance)
        self._local.register_instance(instance)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start a run where it belongs, or put it back into the queue."""
        run = context.dagster_run
        if not _needs_card(run):
            self._local.launch_run(context)
            return
        try:
            agents = known_agents()
        except AgentError as error:
            self._put_back(run, f"waiting for GPU: {error}")
            return
        if not agents:
            self._local.launch_run(context)
        elif not split(self._instance, context):
            with self._one_at_a_time:
                self._launch_there(context, agents)

    def _launch_there(self, context: LaunchRunContext, agents: Sequence[Agent]) -> None:
        """Start a run on the agent with the most room; put it back if there is none."""
        reasons: list[str] = []
        for agent, seen in self._by_room(agents):
            if seen.ready and len(seen.runs) < agent.runs:
                why = self._start(context, agent)
                if why is None:
                    return
            else:
                why = seen.reason or "is at work"
            reasons.append(f"{agent.name} {why}")
        why = f"waiting for GPU: {', '.join(reasons)}"
        self._put_back(context.dagster_run, why)

    def _by_room(self, agents: Sequence[Agent]) -> list[tuple[Agent, Sighting]]:
        def see(agent: Agent) -> Sighting:
            end_late(self._instance, agent)
            seen = docker_agent.look(agent, datetime.now(UTC))
            # the container of one that just ended may be going, and leaves its place
            its = [it for it in seen.runs if is_at_work(self._instance, it, agent)]
            return replace(seen, runs=tuple(its))

        with ThreadPoolExecutor(len(agents)) as pool:
            seen = list(zip(agents, pool.map(see, agents), strict=True))
        return sorted(seen, key=lambda it: len(it[1].runs) / it[0].runs)

    def _start(self, context: LaunchRunContext, agent: Agent) -> str | None:
        """Start the container of a run; return why not, None if it is there."""
        run = context.dagster_run
        self._instance.add_run_tags(run.run_id, {AGENT_TAG: agent.name})
        try:
            environment = run_environment(agent)
            with agent_launcher(agent, self._instance, environment) as launcher:
                launcher.launch_run(context)
        except AgentAwayError as away:
            return away.reason
        except AgentError as error:
            return f"cannot have the run: {error.fault}"
        except docker.errors.DockerException as error:
            docker_agent.forget_trials(agent)
            return f"refuses the run: {' '.join(str(error).split())[:300]}"
        self._tell(run, f"its container is on {agent.name}")
        return None

    def _put_back(self, run: dg.DagsterRun, why: str) -> None:
        """Close the gate and let the run wait; who looks at agents opens it again."""
        storage = self._instance.event_log_storage
        if storage.supports_global_concurrency_limits:
            storage.set_concurrency_slots(POOL, 0)
        self._instance.add_run_tags(
            run.run_id, {WAITING_TAG: why[:1000], AGENT_TAG: ""}
        )
        self._tell(run, why)
        queue_again(self._instance, run)

    def terminate(self, run_id: str) -> bool:
        """Stop a run wherever it is; False if it cannot be told to stop now."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        if not run.tags.get(AGENT_TAG):
            return self._local.terminate(run_id)
        agent = self._agent_of(run)
        if agent is None:
            self._instance.report_run_canceling(run)
            self._tell(run, "its agent is no longer known")
            return False
        try:
            with agent_launcher(agent, self._instance) as launcher:
                return launcher.terminate(run_id)
        except (AgentAwayError, docker.errors.DockerException) as error:
            now = self._instance.get_run_by_id(run_id)
            if now and now.status in _UNASKED:
                self._instance.report_run_canceling(run)
            self._tell(run, f"{agent.name} {error}; it is ended when that is back")
            return False

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Of containers; of processes here the sensor `dead_runs` tells."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return whether a run goes on: while its agent is silent, for a while yes."""
        if not run.tags.get(AGENT_TAG):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        agent = self._agent_of(run)
        if agent is None:
            lost = f"{run.tags[AGENT_TAG]} is no longer known"
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, lost)
        try:
            with agent_launcher(agent, self._instance) as launcher:
                found = launcher.check_run_worker_health(run)
        except (AgentAwayError, docker.errors.DockerException) as error:
            since = self._silent_since.setdefault(agent.name, time.monotonic())
            silent = time.monotonic() - since
            said = f"{agent.name} {error} for {silent:.0f} s"
            lost = silent > agent.lost_after
            status = WorkerStatus.FAILED if lost else WorkerStatus.RUNNING
            return CheckRunHealthResult(status, said)
        self._silent_since.pop(agent.name, None)
        return found

    def get_run_worker_debug_info(
        self, run: dg.DagsterRun, include_container_logs: bool | None = True
    ) -> str | None:
        """Return how a run's container ended and what it said last."""
        agent = self._agent_of(run)
        if agent is None:
            return None
        try:
            with agent_launcher(agent, self._instance) as launcher:
                return launcher.get_run_worker_debug_info(run)
        except (AgentAwayError, docker.errors.DockerException) as error:
            return f"{agent.name} {error}"

    def join(self, timeout: int = 30) -> None:
        """Wait for the runs of this machine."""
        self._local.join(timeout)

    def dispose(self) -> None:
        """Let go of what the launcher of this machine holds."""
        self._local.dispose()

    def _agent_of(self, run: dg.DagsterRun) -> Agent | None:
        name = run.tags.get(AGENT_TAG)
        return next((it for it in known_agents() if it.name == name), None)

    def _tell(self, run: dg.DagsterRun, message: str) -> None:
        self._instance.report_engine_event(message, run, cls=type(self))


def _needs_card(run: dg.DagsterRun) -> bool:
    concurrency = run.run_op_concurrency
    return concurrency is not None and POOL in (concurrency.all_pools or ())
