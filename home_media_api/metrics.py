"""Numbers for Prometheus: of our requests, our connections, and the pipelines."""

import logging
import time
from collections.abc import Iterator

import psycopg
from prometheus_client import (
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from home_media_api.queries import measurements
from home_media_pipelines.core.operations.metrics import METRICS, PREFIX

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EVERYTHING_ELSE = "/{path:path}"
_SLOW_SECONDS = 2.0
logger = logging.getLogger(__name__)
disable_created_metrics()  # a second series for each, which nobody asks for


class Metrics:
    """What one application measures of itself, and can show."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self.seconds = Histogram(
            f"{PREFIX}api_request_seconds",
            "Requests, by how long they took to the last byte.",
            ["method", "route", "status"],
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        ProcessCollector(namespace=f"{PREFIX}api", registry=self._registry)
        self._registry.register(_Connections(pool))
        self._registry.register(_Pipelines(pool))

    def show(self) -> bytes:
        """All numbers as of now, as Prometheus reads them."""
        return generate_latest(self._registry)


class _Connections(Collector):
    """Of the pool: how many there are, how many are free, who waits."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        stats = self._pool.get_stats()
        for name, key, what in (
            ("connections", "pool_size", "Database connections that are open."),
            ("connections_idle", "pool_available", "Of them, those at rest."),
            ("connections_waiting", "requests_waiting", "Requests that wait for one."),
        ):
            yield GaugeMetricFamily(f"{PREFIX}api_{name}", what, stats.get(key, 0))
        for name, key, what in (
            ("connection_timeouts", "requests_errors", "Requests that got none."),
            ("connections_lost", "connections_lost", "Connections that broke."),
        ):
            yield CounterMetricFamily(f"{PREFIX}api_{name}", what, stats.get(key, 0))


class _Pipelines(Collector):
    """Of the pipelines, as they left it in the database."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            f"{PREFIX}database_up", "1 if the database answers the API.", None
        )
        try:
            with self._pool.connection() as conn:
                rows = measurements.list_all(conn)
            up.add_metric([], 1)
        except (psycopg.Error, PoolTimeout) as error:
            logger.warning("no measurements: %s", type(error).__name__)
            up.add_metric([], 0)
            rows = []
        yield up
        families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}
        for name, labels, value, _ in rows:
            metric = METRICS.get(name)
            if metric is None:  # of another version, or not to be shown
                continue
            if name not in families:
                is_gauge = metric.kind == "gauge"
                family = GaugeMetricFamily if is_gauge else CounterMetricFamily
                families[name] = family(
                    f"{PREFIX}{name}", metric.help, labels=metric.labels
                )
            families[name].add_metric(
                [labels.get(label, "") for label in metric.labels], value
            )
        yield from families.values()
        if rows:
            yield GaugeMetricFamily(
                f"{PREFIX}measured_timestamp_seconds",
                "When the pipelines last measured: they do so every minute.",
                max(at for *_, at in rows).timestamp(),
            )


class Measured:
    """Measures every request; labels it by its route, never by what was asked for."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and note how long that took and how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = _route(scope)
        self._metrics.seconds.labels(method, route, str(status)).observe(seconds)
        bad = status >= 500 or seconds > _SLOW_SECONDS
        logger.log(
            logging.WARNING if bad else logging.DEBUG,
            "request",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "seconds": round(seconds, 4),
            },
        )


def _route(scope: Scope) -> str:
    """The pattern that the address matched, or why there is none."""
    path: str | None = getattr(scope.get("route"), "path", None)
    of_api = scope["path"] == "/api" or scope["path"].startswith("/api/")
    if path is None:
        return "refused"
    if path == _EVERYTHING_ELSE:
        return "unknown" if of_api else "gallery"
    return f"/api{path}" if of_api else path
