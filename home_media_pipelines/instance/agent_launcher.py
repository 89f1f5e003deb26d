"""Dagster's launcher of Docker containers, for the engine of one agent.

Dagster's own knows one engine for a whole process: this one is given the client of an
agent's, which may be behind ssh or TLS. Making, stopping and asking after a container
is Dagster's; who gets which run is the router's.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dagster as dg
import docker
import docker.errors
from dagster_docker import DockerRunLauncher
from dagster_docker.container_context import DockerContainerContext
from dagster_docker.docker_run_launcher import DOCKER_CONTAINER_ID_TAG

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import (
    AGENT_LABEL,
    CONTAINER,
    RUN_LABEL,
    Agent,
)
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.dagster_internals import (
    CheckRunHealthResult,
    LaunchRunContext,
    WorkerStatus,
    run_command,
)
from home_media_pipelines.instance.docker_client import connect

STOP_SECONDS = 20
"""What a run is given to put away what it holds, before it is killed."""


class AgentRunLauncher(DockerRunLauncher):
    """Launches, stops and asks after runs at one engine, over one connection.

    `environment` is what the containers it launches are told.
    """

    def __init__(
        self,
        agent: Agent,
        client: docker.DockerClient,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            image=agent.image,
            network=agent.network,
            env_vars=[f"{key}={value}" for key, value in (environment or {}).items()],
            container_kwargs={
                **docker_agent.container_options(agent),
                "stop_timeout": STOP_SECONDS,
            },
        )
        self._agent, self._client = agent, client

    def _get_client(self, container_context: DockerContainerContext):
        return self._client

    def get_container_context(self, dagster_run: dg.DagsterRun):
        """Return how a run's container is started: with its name and our labels.

        By its name a run that is asked for twice is there only once.
        """
        context = super().get_container_context(dagster_run)
        its = {
            "name": CONTAINER.format(run_id=dagster_run.run_id),
            "labels": {RUN_LABEL: dagster_run.run_id, AGENT_LABEL: self._agent.name},
        }
        return context._replace(container_kwargs={**context.container_kwargs, **its})

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start the container of a run.

        Raises:
            docker.errors.APIError: no such image, no such card, no such volume.
        """
        run = context.dagster_run
        command = run_command(self._instance, run)
        if command is None:  # never so: the code server gives every run an origin
            raise AgentError(self._agent.name, "cannot tell what to run")
        self.launch(run, command)

    def launch(self, run: dg.DagsterRun, command: Sequence[str]) -> None:
        """Start a container that does this; if it is there already, adopt it.

        An engine's answer can be lost on its way while it did what it was asked.

        Raises:
            docker.errors.APIError: as `launch_run`.
        """
        # Dagster's own would ask a registry for an image that is not there
        self._client.images.get(self._agent.image)
        try:
            self._launch_container_with_command(run, self._agent.image, list(command))
        except docker.errors.APIError as error:
            taken = error.status_code == 409
            there = docker_agent.find(self._client, run.run_id) if taken else None
            if there is None:
                raise
            its = {DOCKER_CONTAINER_ID_TAG: str(there.id)}
            self._instance.add_run_tags(run.run_id, its)
            if there.status == "created":
                there.start()

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return whether a run's container is at work; one that is paused is."""
        found = super().check_run_worker_health(run)
        if found.status is WorkerStatus.FAILED:
            container = docker_agent.find(self._client, run.run_id)
            if container is not None and container.status == "paused":
                return CheckRunHealthResult(WorkerStatus.RUNNING, "it is paused")
        return found

    def get_run_worker_debug_info(
        self, run: dg.DagsterRun, include_container_logs: bool | None = True
    ) -> str | None:
        """Return how a run's container ended and what it said last."""
        container = docker_agent.find(self._client, run.run_id)
        return docker_agent.last_words(container) if container else None


@contextmanager
def agent_launcher(
    agent: Agent,
    instance: dg.DagsterInstance,
    environment: Mapping[str, str] | None = None,
) -> Iterator[AgentRunLauncher]:
    """Lend the launcher of an agent whose engine has just answered.

    Raises:
        AgentAwayError: as `connect`.
    """
    with connect(agent) as client:
        launcher = AgentRunLauncher(agent, client, environment)
        launcher.register_instance(instance)
        yield launcher
