"""Measurements: how the pipelines are doing, once a minute, for Prometheus."""

import time
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.core.operations.metrics import Measurement
from home_media_pipelines.db.admin import statistics as numbers
from home_media_pipelines.db.dagster import statistics as dagster_numbers
from home_media_pipelines.db.tables.operations import measurements
from home_media_pipelines.defs.resources import DagsterDatabase, Database, Disks

COUNTED_EVERY = timedelta(minutes=5)

SHARE = 100
"""Counting contents reads whole tables: it may take a hundredth of the time."""


def measure(
    database: Database, dagster_database: DagsterDatabase, disks: Disks, now: datetime
) -> None:
    """Record all numbers as of now; contents only when their last count is old."""
    with dagster_database.connect() as dagster, database.connect() as conn:
        grown, event = dagster_numbers.since(dagster, measurements.last_event(conn))
        found = [
            *grown,
            *dagster_numbers.now(dagster),
            *numbers.now(conn),
            *_disks(disks),
        ]
        measurements.forget(conn, numbers.SHOWN_WHILE_THERE)
        measurements.record(conn, found, now=now)
        measurements.set_last_event(conn, event, now=now)
        last = measurements.counted_at(conn)
    if last is None or now - last[0] >= max(
        COUNTED_EVERY, timedelta(seconds=SHARE * last[1])
    ):
        _count(database, now)


def _disks(disks: Disks) -> list[Measurement]:
    found = [Measurement("disk_reserve_bytes", disks.reserve)]
    for name, it in disks.rooms().items():
        labels = {"directory": name}
        found.append(Measurement("disk_free_bytes", it.free, labels))
        found.append(Measurement("disk_size_bytes", it.size, labels))
    return found


def _count(database: Database, now: datetime) -> None:
    started = time.perf_counter()
    with database.connect() as conn:
        found = numbers.contents(conn)
        seconds = time.perf_counter() - started
        found.append(Measurement("counting_seconds", seconds))
        measurements.forget(conn, ["contents"])
        measurements.record(conn, found, now=now)


@dg.sensor(
    name="measurements",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Records how the pipelines are doing; the API shows it at /metrics.",
)
def measurements_sensor(
    context: dg.SensorEvaluationContext,
    database: Database,
    dagster_database: DagsterDatabase,
    disks: Disks,
) -> dg.SkipReason:
    """Record the numbers of this minute."""
    measure(database, dagster_database, disks, datetime.now(UTC))
    return dg.SkipReason("measured")
