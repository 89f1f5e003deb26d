"""Table `measurements`: how the pipelines are doing, for graphs."""

from collections.abc import Iterable
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from home_media_pipelines.core.operations.metrics import METRICS, Measurement

LAST_EVENT = "last_event"
"""Not shown: up to which event of Dagster's the counters have counted."""


def record(
    conn: psycopg.Connection, found: Iterable[Measurement], *, now: datetime
) -> None:
    """Let counters grow; replace every gauge that is among what was found."""
    gauges: list[Measurement] = []
    counters: list[Measurement] = []
    for it in found:
        (gauges if METRICS[it.metric].kind == "gauge" else counters).append(it)
    forget(conn, {it.metric for it in gauges})
    for kind, measured in (("gauge", gauges), ("counter", counters)):
        conn.execute(
            """
            insert into measurements as m (metric, labels, kind, value, measured_at)
            select metric, labels, %(kind)s, value, %(now)s
              from unnest(%(metrics)s::text[], %(labels)s::jsonb[],
                          %(values)s::float8[]) it (metric, labels, value)
                on conflict (metric, labels) do update
               set value = m.value + excluded.value, measured_at = excluded.measured_at
            """,
            {
                "kind": kind,
                "metrics": [it.metric for it in measured],
                "labels": [Jsonb(dict(it.labels)) for it in measured],
                "values": [float(it.value) for it in measured],
                "now": now,
            },
        )


def forget(conn: psycopg.Connection, metrics: Iterable[str]) -> None:
    """Drop gauges, of all labels: what is not measured any more is not shown."""
    conn.execute(
        "delete from measurements where kind = 'gauge' and metric = any(%(metrics)s)",
        {"metrics": list(metrics)},
    )


def last_event(conn: psycopg.Connection) -> int:
    """Return up to which event the counters have counted; nobody counts meanwhile."""
    row = conn.execute(
        "select value::bigint from measurements where metric = %(metric)s for update",
        {"metric": LAST_EVENT},
    ).fetchone()
    return row[0] if row else 0


def set_last_event(conn: psycopg.Connection, event: int, *, now: datetime) -> None:
    """Note up to which event the counters have counted."""
    conn.execute(
        """
        insert into measurements (metric, kind, value, measured_at)
        values (%(metric)s, 'gauge', %(event)s, %(now)s)
            on conflict (metric, labels) do update
           set value = excluded.value, measured_at = excluded.measured_at
        """,
        {"metric": LAST_EVENT, "event": event, "now": now},
    )


def counted_at(conn: psycopg.Connection) -> tuple[datetime, float] | None:
    """Return when contents were last counted, and how many seconds that took."""
    return conn.execute(
        """
        select measured_at, value from measurements where metric = 'counting_seconds'
        """
    ).fetchone()
