"""Tables `alerts` and `alert_webhook`: what goes on, and what was told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.operations.alerts import Alert, Concern

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Webhook:
    """When it last took a message; how often it has refused since; when to try."""

    last_at: datetime | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    reason: str | None = None


def observe(
    conn: psycopg.Connection, concerns: Collection[Concern], *, now: datetime
) -> list[Alert]:
    """Record what goes on now; what is not among it has ended.

    Returns:
        All that goes on, and what ended and somebody was told of.
    """
    conn.execute(
        """
        with seen as (
            select * from unnest(%(alerts)s::text[], %(kinds)s::text[],
                                 %(texts)s::text[], %(levels)s::bigint[])
                          it (alert, kind, text, level)
        ), ended as (
            update alerts a set ended_at = %(now)s
             where ended_at is null
               and not exists (select from seen s where s.alert = a.alert)
        )
        insert into alerts as a (alert, since, kind, text, level)
        select alert, %(now)s, kind, text, level from seen
            on conflict (alert) where ended_at is null do update
           set text = excluded.text, level = excluded.level
        """,
        {
            "alerts": [it.alert for it in concerns],
            "kinds": [it.kind for it in concerns],
            "texts": [it.text for it in concerns],
            "levels": [it.level for it in concerns],
            "now": now,
        },
    )
    conn.execute(
        "delete from alerts where ended_at < %(before)s", {"before": now - KEPT}
    )
    query = """
        select alert, since, kind, text, level, ended_at, told_at, told from alerts
         where ended_at is null or told > 0 order by since, alert
    """
    with conn.cursor(row_factory=class_row(Alert)) as cur:
        return cur.execute(query).fetchall()


def webhook(conn: psycopg.Connection) -> Webhook:
    """Return how the webhook stands. One sensor asks, and its ticks do not overlap."""
    conn.execute("insert into alert_webhook default values on conflict do nothing")
    query = "select last_at, attempts, retry_at, reason from alert_webhook"
    with conn.cursor(row_factory=class_row(Webhook)) as cur:
        return cur.execute(query).fetchone() or Webhook()


def mark_told(
    conn: psycopg.Connection, alerts: Sequence[Alert], *, now: datetime
) -> None:
    """Note that the webhook took a message with these."""
    conn.execute(
        """
        update alerts a
           set told_at = %(now)s, told = it.told
          from unnest(%(alerts)s::text[], %(since)s::timestamptz[], %(told)s::bigint[])
               it (alert, since, told)
         where a.alert = it.alert and a.since = it.since
        """,
        {
            "alerts": [it.alert for it in alerts],
            "since": [it.since for it in alerts],
            "told": [it.level if it.ended_at is None else 0 for it in alerts],
            "now": now,
        },
    )
    conn.execute(
        """
        update alert_webhook
           set last_at = %(now)s, attempts = 0, retry_at = null, reason = null
        """,
        {"now": now},
    )


def mark_refused(conn: psycopg.Connection, reason: str, *, now: datetime) -> None:
    """Note that it did not take one, and to try again later each time."""
    conn.execute(
        """
        update alert_webhook
           set attempts = attempts + 1, reason = %(reason)s,
               retry_at = %(now)s
                        + least(%(first)s * 2 ^ least(attempts, 20), %(last)s)
        """,
        {"reason": reason, "now": now, "first": FIRST_RETRY, "last": LAST_RETRY},
    )
