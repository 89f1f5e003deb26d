"""Dagster's own database: what is old and of no use goes; what keeps failing."""

from datetime import datetime

import psycopg

from home_media_pipelines.core.operations.agents import AGENT_TAG


def delete_old(conn: psycopg.Connection, *, before: datetime) -> int:
    """Delete events older than a time and return how many.

    Kept are checks, and the latest materialization of every partition: without it
    Dagster takes the partition for missing and computes it again.

    Args:
        conn: to Dagster's database, in a transaction.
        before: aware time.
    """
    return conn.execute(
        """
        delete from event_logs e
         where e.timestamp < %(before)s at time zone 'utc'
           and (e.asset_key is null
                or e.dagster_event_type in ('ASSET_MATERIALIZATION_PLANNED',
                                            'ASSET_OBSERVATION')
                or (e.dagster_event_type = 'ASSET_MATERIALIZATION'
                    and exists (
                        select from event_logs later
                         where later.asset_key = e.asset_key
                           and later.dagster_event_type = e.dagster_event_type
                           and later.partition is not distinct from e.partition
                           and later.id > e.id)))
        """,
        {"before": before},
    ).rowcount


def failing_jobs(conn: psycopg.Connection, *, since: datetime) -> dict[str, int]:
    """Count, by job, the runs that failed one after another up to the latest.

    A run that an agent took down with it when its machine went to sleep failed nothing:
    it comes again.

    Args:
        conn: to Dagster's database.
        since: aware time; what failed before is forgotten.
    """
    rows = conn.execute(
        """
        select r.pipeline_name, count(*) from runs r
         where r.status = 'FAILURE'
           and r.update_timestamp >= %(since)s at time zone 'utc'
           and r.id > coalesce((select max(s.id) from runs s
                                 where s.pipeline_name = r.pipeline_name
                                   and s.status = 'SUCCESS'), 0)
           and (exists (select from event_logs e
                         where e.run_id = r.run_id
                           and e.dagster_event_type = 'STEP_FAILURE')
                or not exists (select from run_tags t
                                where t.run_id = r.run_id and t.key = %(tag)s))
         group by r.pipeline_name
        """,
        {"since": since, "tag": AGENT_TAG},
    )
    return dict(rows.fetchall())


def failing_ticks(conn: psycopg.Connection, *, in_a_row: int = 5) -> list[str]:
    """Return the sensors and schedules whose last ticks all failed, by name.

    Args:
        conn: to Dagster's database.
        in_a_row: how many.
    """
    rows = conn.execute(
        """
        select min(t.tick_body::jsonb ->> 'job_name') from instigators i
         cross join lateral (
               select status, tick_body from job_ticks
                where selector_id = i.selector_id and status <> 'STARTED'
                order by timestamp desc limit %(in_a_row)s) t
         where i.status <> 'STOPPED'
         group by i.selector_id
        having count(*) = %(in_a_row)s and bool_and(t.status = 'FAILURE')
         order by 1
        """,
        {"in_a_row": in_a_row},
    )
    return [name for (name,) in rows]
