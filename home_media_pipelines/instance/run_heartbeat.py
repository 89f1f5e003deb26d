"""Every run's process says every few seconds that it lives, whatever the run needs.

`dead_runs` listens. Read in Dagster 1.12 `dagster/_core/executor/in_process.py`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import dagster as dg
import psycopg
from dagster._core.events import DagsterEvent
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor

from home_media_pipelines.db.tables.operations import run_heartbeats
from home_media_pipelines.settings import load_settings

GIVES_UP_SECONDS = 10
"""A connection on which nothing has come back for so long is made anew."""


@contextmanager
def run_heartbeat(
    url: str, run_id: str, *, every: timedelta = run_heartbeats.EVERY
) -> Iterator[None]:
    """Beat for a run while the block runs, from a thread of its own.

    A connection that is lost is made anew: a database that comes back finds the run
    alive.
    """
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            try:
                with _connect(url) as conn:
                    while not stop.is_set():
                        run_heartbeats.beat(conn, run_id)
                        stop.wait(every.total_seconds())
                    run_heartbeats.forget(conn, run_id)
            except psycopg.OperationalError:  # it is away; the run itself will say so
                stop.wait(every.total_seconds())

    heart = threading.Thread(target=go_on, name="heartbeat", daemon=True)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join(GIVES_UP_SECONDS)


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(
        url,
        application_name="heartbeat",
        autocommit=True,
        connect_timeout=GIVES_UP_SECONDS,
        tcp_user_timeout=GIVES_UP_SECONDS * 1000,
        keepalives_idle=GIVES_UP_SECONDS,
    )


class BeatingExecutor(InProcessExecutor):
    """Dagster's in-process executor, with a heartbeat around it."""

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[DagsterEvent]:
        """Execute all steps in this process."""
        url = load_settings().database_url or ""
        with run_heartbeat(url, plan_context.run_id):
            yield from super().execute(plan_context, execution_plan)


@dg.executor(name="in_process")
def beating_executor(_: dg.InitExecutorContext) -> BeatingExecutor:
    """Execute all steps in one process, which says that it lives."""
    return BeatingExecutor(retries=RetryMode.ENABLED)
