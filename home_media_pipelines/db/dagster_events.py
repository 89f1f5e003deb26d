"""Dagster's own event log, in its own database: what is old and of no use goes."""

from datetime import datetime

import psycopg


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
                or e.dagster_event_type = 'ASSET_MATERIALIZATION_PLANNED'
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
