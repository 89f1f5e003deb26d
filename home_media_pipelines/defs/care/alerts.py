"""Alerts: what a person should know of is recorded, and posted to a webhook."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.core.errors import WebhookError
from home_media_pipelines.core.operations import alerts as words
from home_media_pipelines.core.operations.alerts import QUIET, Alert, Concern, to_tell
from home_media_pipelines.db.admin import concerns
from home_media_pipelines.db.dagster import events as dagster_events
from home_media_pipelines.db.tables.operations import alerts as rows
from home_media_pipelines.defs.care.disk_checks import look_at_disks
from home_media_pipelines.defs.resources import (
    AlertTarget,
    DagsterDatabase,
    Database,
    Disks,
)
from home_media_pipelines.io.webhook import post

REMEMBERED = timedelta(days=7)
"""A job that has failed since then and never again is not worth an alert."""


def look(
    database: Database,
    dagster_database: DagsterDatabase,
    disks: Disks,
    target: AlertTarget,
    now: datetime,
) -> list[Concern]:
    """Return all that a person should know of."""
    with dagster_database.connect() as conn:
        found = words.jobs_failing(
            dagster_events.failing_jobs(conn, since=now - REMEMBERED)
        )
        found += words.ticks_failing(dagster_events.failing_ticks(conn))
    with database.connect() as conn:
        found += words.folders_given_up(concerns.folders_given_up(conn))
        found += words.libraries_away(concerns.unreachable_libraries(conn))
        found += words.agents_away(*concerns.agents_away(conn))
        found += words.files_damaged(concerns.damaged_files(conn))
        latest, needed_since = concerns.backups(conn)
    by_disk = {it.device: (name, it) for name, it in disks.rooms().items()}
    for name, it in by_disk.values():
        found += words.disk_low(name, free=it.free, reserve=disks.reserve)
    found += words.backup_old(
        latest, needed_since=needed_since, now=now, hours=target.backup_hours
    )
    return found


def tell(
    database: Database, target: AlertTarget, open_alerts: Sequence[Alert], now: datetime
) -> str | None:
    """Post what is news, all in one message; return what happened, if anything did.

    A message that is not taken is tried again, later each time, with what is news then.
    """
    patience = timedelta(hours=target.hours)
    news = to_tell(open_alerts, now=now, patience=dict.fromkeys(PATIENT, patience))
    if target.url is None or not news:
        return None
    with database.connect() as conn:
        state = rows.webhook(conn)
    if state.retry_at is not None and now < state.retry_at:
        return f"the webhook is tried again later: {state.reason}"
    if state.last_at is not None and now < state.last_at + QUIET:
        return f"{len(news)} to be told in a few minutes"
    try:
        post(target.url, words.message(news))
    except WebhookError as error:
        with database.connect() as conn:
            rows.mark_refused(conn, error.reason, now=now)
        return str(error)
    with database.connect() as conn:
        rows.mark_told(conn, news, now=now)
    return f"told of {len(news)}"


PATIENT = ("library", "agent")
"""Kinds that often pass by themselves."""


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Records what a person should know of, and posts it to "
    "HOME_MEDIA_ALERT_URL.",
)
def alerts(
    context: dg.SensorEvaluationContext,
    database: Database,
    dagster_database: DagsterDatabase,
    disks: Disks,
    alert_target: AlertTarget,
) -> dg.SensorResult:
    """Look at everything; record and post what is news.

    The check of the disk is told too: while a disk is full, no run is there to do it.
    """
    now = datetime.now(UTC)
    found = look(database, dagster_database, disks, alert_target, now)
    with database.connect() as conn:
        known = rows.observe(conn, found, now=now)
    said = [it.text for it in known if it.ended_at is None]
    if told := tell(database, alert_target, known, now):
        context.log.info(told)
        said.append(told)
    check = look_at_disks(disks)
    verdict = "room" if check.passed else "full"
    return dg.SensorResult(
        skip_reason="; ".join(said) or "all is well",
        asset_events=[] if context.cursor == verdict else [check],
        cursor=verdict,
    )
