"""Numbers out of our own tables: how far things are, and what is wrong."""

import psycopg

from home_media_pipelines.core.operations.metrics import METRICS, Measurement
from home_media_pipelines.db.tables.inventory.folders import MAX_ATTEMPTS


def contents(conn: psycopg.Connection) -> list[Measurement]:
    """Return how many contents each asset has done. Reads whole tables."""
    rows = conn.execute(
        """
        select asset, sum(fresh)::bigint, sum(stale)::bigint, sum(failed)::bigint,
               sum(waiting)::bigint
          from gallery.freshness where asset <> 'files' group by asset order by asset
        """
    )
    return [
        Measurement("contents", count, {"asset": asset, "state": state})
        for asset, *counts in rows
        for state, count in zip(
            ("fresh", "stale", "failed", "waiting"), counts, strict=True
        )
    ]


def now(conn: psycopg.Connection) -> list[Measurement]:
    """Return how folders, libraries, agents, backups and alerts stand."""
    rows = conn.execute(
        """
        select 'folders', 'state', state, count(*)::float8 from folders group by state
         union all
        select 'folders', 'state', 'behind', count(*) from folders
         where state = 'reachable' and signature is distinct from scanned_signature
         union all
        select 'folders', 'state', 'failing', count(*) from folders where attempts > 0
         union all
        select 'folders', 'state', 'given_up', count(*) from folders
         where attempts >= %(attempts)s
         union all
        select 'images', 'library', library, images from gallery.libraries
         union all
        select 'files', 'library', library, files from gallery.libraries
         union all
        select 'library_reachable', 'library', library, (state <> 'unreachable')::int
          from libraries
         union all
        select 'library_checked_timestamp_seconds', 'library', library,
               extract(epoch from checked_at)
          from libraries where checked_at is not null
         union all
        select 'problems', 'asset', asset, count(*) from problems group by asset
         union all
        select 'damaged_files', 'library', l.library, count(d.file_id)
          from libraries l
          left join damage d on d.library = l.library and d.missing_since is null
         group by l.library
         union all
        select 'backup_timestamp_seconds', 'kind', kind,
               extract(epoch from max(made_at)) from backups group by kind
         union all
        select 'agent_ready', 'agent', agent, (state = 'ready')::int from gallery.agents
         union all
        select 'alerts', 'kind', kind, count(*) filter (where ended_at is null)
          from alerts group by kind
         union all
        select 'gpu_queued_runs', null, null, queued from gallery.gpu_queue
         union all
        select 'gpu_waiting_contents', null, null, contents from gallery.gpu_queue
         union all
        select 'gpu_left_seconds', null, null, seconds_left from gallery.gpu_queue
         where seconds_left is not null
        """,
        {"attempts": MAX_ATTEMPTS},
    )
    return [
        Measurement(metric, float(value), {} if label is None else {label: name})
        for metric, label, name, value in rows
    ]


SHOWN_WHILE_THERE = frozenset(METRICS) - {
    "contents",
    "counting_seconds",
    *(name for name, it in METRICS.items() if it.kind == "counter"),
}
"""Gauges of `now`, here and of Dagster's: one that is not among them is gone."""
