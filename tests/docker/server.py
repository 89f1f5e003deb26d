"""A server whose daemons go round when a test asks: nobody waits for their intervals.

Queue, run monitoring, retries and backfills are Dagster's own, launcher and sensors are
ours, and the graph is in a code server: what `home-media up` has, in this process.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest.mock import patch

import dagster as dg
from dagster._core.events import DagsterEventType
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.auto_run_reexecution.event_log_consumer import (
    EventLogConsumerDaemon,
)
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.monitoring.run_monitoring import (
    execute_run_monitoring_iteration,
)
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import (
    QueuedRunCoordinatorDaemon,
)
from dagster_graphql.cli import execute_query

from home_media_pipelines.core.operations.agents import POOL
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.defs.vision.vision_runs import JOB, run_config
from home_media_pipelines.local.server.dagster_home import prepare
from home_media_pipelines.local.server.databases import Databases
from tests.faults.living import TERMINATE
from tests.faults.world import Home
from tests.waiting import until

Answer = TypeVar("Answer")

GRAPH = ModuleTarget("home_media_pipelines.definitions", None, None, "home_media")
LOG = logging.getLogger(__name__)

LAUNCH = """
mutation launch($job: String!, $assets: [AssetKeyInput!], $config: RunConfigData!,
                $tags: [ExecutionTag!]!) {
  launchRun(executionParams: {
    selector: {repositoryLocationName: "home_media", repositoryName: "__repository__",
               jobName: $job, assetSelection: $assets}
    runConfigData: $config, executionMetadata: {tags: $tags}
  }) { __typename ... on LaunchRunSuccess { run { runId } }
       ... on PythonError { message } }
}
"""


class Server:
    """Everything but the clock of a server with agents."""

    def __init__(
        self, home: Home, instance: dg.DagsterInstance, graph: WorkspaceProcessContext
    ) -> None:
        self.home, self.instance, self._graph = home, instance, graph
        self._queue = QueuedRunCoordinatorDaemon(interval_seconds=1)
        self._retries = EventLogConsumerDaemon()
        self._cursor: str | None = None

    def turn(self) -> None:
        """Let every daemon go round once, all at the same time."""
        with ThreadPoolExecutor() as threads:
            rounds = [threads.submit(it) for it in (self._daemons, *self._sensors)]
        for it in rounds:
            it.result()

    def until(
        self, ask: Callable[[], Answer], what: str, seconds: float = 400
    ) -> Answer:
        """Turn until the answer is true; fail with what we waited for."""

        def turned() -> Answer:
            self.turn()
            return ask()

        return until(turned, seconds, what, every=0.1)

    def _daemons(self) -> None:
        for _ in (
            *execute_run_monitoring_iteration(self._graph, LOG),
            *self._retries.run_iteration(self._graph),
            *execute_backfill_iteration(self._graph, LOG),
            *self._queue.run_iteration(self._graph),
        ):
            pass

    @property
    def _sensors(self) -> tuple[Callable[[], None], ...]:
        return (self._look_at_agents, self._look_for_dead_runs)

    def _look_at_agents(self) -> None:
        from home_media_pipelines.defs.agents.agents import gpu_agents

        with self._context(cursor=self._cursor) as context:
            answer = gpu_agents(context)
        self._cursor = getattr(answer, "cursor", None) or self._cursor

    def _look_for_dead_runs(self) -> None:
        from home_media_pipelines.defs.care.dead_runs import dead_runs

        with self._context() as context:
            dead_runs(context)

    def _context(self, **options: Any) -> dg.SensorEvaluationContext:
        database = Database(url=str(self.home.home_media))
        return dg.build_sensor_context(
            instance=self.instance, resources={"database": database}, **options
        )

    def look_at(self, *folders: str, **options: object) -> str:
        """Ask for a look of networks at folders, as the sensor does; return the run."""
        return self.launch(JOB, config=run_config(folders, **options))

    def launch(
        self,
        job: str,
        *assets: str,
        config: dict[str, object] | None = None,
        **tags: str,
    ) -> str:
        """Start a run as Dagster's UI does; return its id."""
        variables = {
            "job": job,
            "assets": [{"path": [asset]} for asset in assets] or None,
            "config": json.dumps(config or {}),
            "tags": [
                {"key": f"dagster/{key}", "value": value} for key, value in tags.items()
            ],
        }
        answer = execute_query(self._graph, LAUNCH, variables)
        return answer["data"]["launchRun"]["run"]["runId"]

    def terminate(self, run_id: str) -> str:
        """End a run as Dagster's UI does; return what that says."""
        answer = execute_query(self._graph, TERMINATE, {"run": run_id})
        return answer["data"]["terminateRun"]["__typename"]

    def run(self, run_id: str) -> dg.DagsterRun:
        """Return a run as it is now."""
        found = self.instance.get_run_by_id(run_id)
        assert found is not None
        return found

    def status(self, run_id: str) -> str:
        """Return what Dagster says of a run."""
        return self.run(run_id).status.value

    def slots(self) -> int | None:
        """Return how many runs may be on agents at once."""
        limits = self.instance.event_log_storage.get_pool_limits()
        return next((it.limit for it in limits if it.name == POOL), None)

    def said(self, run_id: str) -> str:
        """Return the messages in the log of a run."""
        return "\n".join(it.message for it in self.instance.all_logs(run_id))

    def printed(self, run_id: str) -> str:
        """Return what Dagster's UI shows of a run's standard error."""
        events = self.instance.all_logs(run_id, of_type=DagsterEventType.LOGS_CAPTURED)
        logs = self.instance.compute_log_manager
        keys = [it.dagster_event.logs_captured_data.file_key for it in events]
        said = [logs.get_log_data([run_id, "compute_logs", key]) for key in keys]
        return "".join((it.stderr or b"").decode() for it in said)

    def retry_of(self, run_id: str) -> str | None:
        """Return the run that tries it again, None while there is none."""
        tags = {"dagster/parent_run_id": run_id}
        found = self.instance.get_run_ids(dg.RunsFilter(tags=tags))
        return found[0] if found else None


@contextmanager
def server(home: Home, agents: str) -> Iterator[Server]:
    """Serve a state with databases of its own; `agents` is what its file says."""
    (home.state / "agents.toml").write_text(agents)
    with patch.dict(os.environ, home.environment()):
        from home_media_pipelines.settings import load_settings

        databases = Databases(str(home.home_media), str(home.dagster), None)
        os.environ.update(prepare(load_settings(), databases))
        with (
            dg.DagsterInstance.get() as instance,
            create_test_daemon_workspace_context(GRAPH, instance) as graph,
        ):
            yield Server(home, instance, graph)
