"""Numbers out of Dagster's own database: what ended, what waits, who lives."""

import psycopg

from home_media_pipelines.core.operations.metrics import Measurement

_ENDED = {
    "PIPELINE_SUCCESS": "success",
    "PIPELINE_FAILURE": "failure",
    "PIPELINE_CANCELED": "canceled",
}


def since(conn: psycopg.Connection, event: int) -> tuple[list[Measurement], int]:
    """Return what counters grew by after an event, and the latest event.

    Args:
        conn: to Dagster's database.
        event: id of the last one that was counted; one that is not there yet means
            that the database is another.
    """
    row = conn.execute("select coalesce(max(id), 0) from event_logs").fetchone()
    latest: int = row[0] if row else 0
    values = {"after": event if event <= latest else 0, "until": latest}
    runs = conn.execute(
        """
        select r.pipeline_name, e.dagster_event_type, count(*),
               coalesce(sum(greatest(r.end_time - r.start_time, 0)), 0)
          from event_logs e join runs r using (run_id)
         where e.id > %(after)s and e.id <= %(until)s
           and e.dagster_event_type in
               ('PIPELINE_SUCCESS', 'PIPELINE_FAILURE', 'PIPELINE_CANCELED')
         group by 1, 2 order by 1, 2
        """,
        values,
    ).fetchall()
    made = conn.execute(
        """
        select asset_key, count(*) from event_logs
         where id > %(after)s and id <= %(until)s
           and dagster_event_type = 'ASSET_MATERIALIZATION'
         group by 1 order by 1
        """,
        values,
    ).fetchall()
    found: list[Measurement] = []
    for job, kind, count, seconds in runs:
        labels = {"job": job, "status": _ENDED[kind]}
        found.append(Measurement("runs_total", count, labels))
        found.append(Measurement("run_seconds_total", seconds, {"job": job}))
    for key, count in made:
        asset = {"asset": _asset(key)}
        found.append(Measurement("materializations_total", count, asset))
    return _summed(found), latest


def now(conn: psycopg.Connection) -> list[Measurement]:
    """Return what waits and works, when assets were made and daemons heard of.

    Args:
        conn: to Dagster's database.
    """
    runs = conn.execute(
        """
        select pipeline_name, lower(status), count(*) from runs
         where status in ('QUEUED', 'NOT_STARTED', 'STARTING', 'STARTED', 'CANCELING')
         group by 1, 2 order by 1, 2
        """
    ).fetchall()
    oldest = conn.execute(
        """
        select coalesce(extract(epoch from now() at time zone 'utc'
                                           - min(create_timestamp)), 0)::float8
          from runs where status = 'QUEUED'
        """
    ).fetchone()
    assets = conn.execute(
        """
        select asset_key, extract(epoch from last_materialization_timestamp)::float8
          from asset_keys
         where last_materialization_timestamp is not null order by 1
        """
    ).fetchall()
    daemons = conn.execute(
        """
        select lower(daemon_type), extract(epoch from timestamp)::float8
          from daemon_heartbeats order by 1
        """
    ).fetchall()
    return [
        *(
            Measurement("runs", count, {"job": job, "status": status})
            for job, status, count in runs
        ),
        Measurement("oldest_queued_seconds", max(0.0, oldest[0]) if oldest else 0.0),
        *(
            Measurement("asset_updated_timestamp_seconds", at, {"asset": _asset(key)})
            for key, at in assets
        ),
        *(
            Measurement("daemon_heartbeat_timestamp_seconds", at, {"daemon": name})
            for name, at in daemons
        ),
    ]


def _asset(key: str) -> str:
    """Return the name of an asset from how Dagster stores it: `["thumbnails"]`."""
    return key.strip('[]"').replace('", "', "/")


def _summed(found: list[Measurement]) -> list[Measurement]:
    """Return one measurement for each metric and labels."""
    sums: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for it in found:
        key = it.metric, tuple(sorted(it.labels.items()))
        sums[key] = sums.get(key, 0.0) + it.value
    return [
        Measurement(metric, value, dict(labels))
        for (metric, labels), value in sums.items()
    ]
