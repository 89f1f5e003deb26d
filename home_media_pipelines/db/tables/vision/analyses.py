"""Table `analyses`: which contents a producer has looked at, and which wait for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.tables.inventory.contents import MAX_ATTEMPTS
from home_media_pipelines.io.key_frames import KeyFrame


@dataclass(frozen=True, slots=True)
class PendingPicture:
    """A content to look at: by its key frames if it has any, or by its thumbnails.

    `sizes` are the long edges of the thumbnails, `duration` seconds of a video.
    """

    content_id: str
    folder: str
    kind: str
    sizes: list[int]
    duration: float | None
    frames: list[KeyFrame]


def pending(
    conn: psycopg.Connection, asset: str, folders: Collection[str], producer_id: str
) -> list[PendingPicture]:
    """Return the contents in the folders that a producer has not done, newest first.

    The producers that its parameters name must have done them before, or have given
    up; a video needs its key frames. Left out is what failed for good under this
    producer, or too often.

    Args:
        conn: to a database that knows the producer.
        asset: its asset.
        folders: keys.
        producer_id: who would look.
    """
    query = """
        select w.content_id, min(w.folder), min(w.kind), min(t.sizes),
               min(i.duration),
               coalesce((select json_agg(json_build_array(k.frame, k.time_offset,
                                                          k.width, k.height)
                                         order by k.frame)
                           from key_frames k where k.content_id = w.content_id), '[]')
          from waiting_contents(%(asset)s, %(producer_id)s, %(attempts)s, %(folders)s) w
          join images i on i.content_id = w.content_id and i.missing_since is null
          join thumbnails t on t.content_id = w.content_id
         group by w.content_id
         order by max(w.timeline_at) desc, w.content_id
    """
    values = _values(asset, producer_id) | {"folders": list(folders)}
    return [
        PendingPicture(*row, frames=[KeyFrame(*frame) for frame in frames])
        for *row, frames in conn.execute(query, values)
    ]


def _values(asset: str, producer_id: str) -> dict[str, Any]:
    return {"asset": asset, "producer_id": producer_id, "attempts": MAX_ATTEMPTS}


def begin(
    conn: psycopg.Connection, producer_id: str, contents: Collection[str]
) -> list[str]:
    """Start to store what a producer found; return the contents that are still to do.

    Writers take turns until the transaction ends. What another worker of the same
    producer stored meanwhile stays: two workers give one result.
    """
    lock(conn, Lock.ANALYSES)
    rows = conn.execute(
        """
        select distinct c.content_id from unnest(%(contents)s::text[]) c (content_id)
         where not exists (select from analyses a
                            where a.producer_id = %(producer_id)s
                              and a.content_id = c.content_id)
         order by 1
        """,
        {"producer_id": producer_id, "contents": list(contents)},
    )
    todo = [content_id for (content_id,) in rows]
    _forget(conn, _following(conn, producer_id), todo)
    return todo


def forget(
    conn: psycopg.Connection, producer_id: str, contents: Collection[str]
) -> None:
    """Let contents wait again for a producer and for all that build on it.

    Their rows stay until the producer has looked again.
    """
    lock(conn, Lock.ANALYSES)
    _forget(conn, [producer_id, *_following(conn, producer_id)], contents)


def _forget(
    conn: psycopg.Connection, producer_ids: Collection[str], contents: Collection[str]
) -> None:
    conn.execute(
        """
        delete from analyses a
         using unnest(%(producers)s::text[]) following,
               unnest(%(contents)s::text[]) forgotten
         where a.producer_id = following and a.content_id = forgotten
        """,
        {"producers": list(producer_ids), "contents": list(contents)},
    )


def _following(conn: psycopg.Connection, producer_id: str) -> list[str]:
    """Return the producers that build on one, directly or not."""
    rows = conn.execute(
        """
        with recursive following (producer_id) as (
            select n.producer_id from producer_inputs n
             where n.input_id = %(producer_id)s
            union
            select n.producer_id
              from following f join producer_inputs n on n.input_id = f.producer_id
        )
        select producer_id from following order by 1
        """,
        {"producer_id": producer_id},
    )
    return [following for (following,) in rows]


def mean_scores(conn: psycopg.Connection, asset: str) -> dict[str, tuple[int, float]]:
    """Return per producer how many rows it gave, and their mean score.

    Producers without any score are left out.
    """
    rows = conn.execute(
        """
        select producer_id, sum(count)::bigint,
               (sum(mean_score * count) / sum(count))::float8
          from analyses
         where asset = %(asset)s and mean_score is not null and count > 0
         group by producer_id order by producer_id
        """,
        {"asset": asset},
    )
    return {producer_id: (count, mean) for producer_id, count, mean in rows}


def newest(conn: psycopg.Connection, folders: Collection[str]) -> dict[str, int]:
    """Return when the latest image of each folder was taken, in days since 1970."""
    rows = conn.execute(
        """
        select folder, max(timeline_at)::date - date '1970-01-01' from images
         where folder = any(%(folders)s) and missing_since is null
           and isfinite(timeline_at)
         group by folder
        """,
        {"folders": list(folders)},
    )
    return dict(rows.fetchall())


def left(conn: psycopg.Connection, assets: Collection[str]) -> int:
    """Count what the producers that should do everything have not done or given up.

    A content counts once for each asset.
    """
    row = conn.execute(
        """
        select coalesce(sum(greatest(c.contents - c.done - c.failed, 0)), 0)::bigint
          from active_producers a
          join gallery.coverage c
            on c.asset = a.asset and c.producer_id = coalesce(a.filling, a.producer_id)
         where a.asset = any(%(assets)s)
        """,
        {"assets": list(assets)},
    ).fetchone()
    return row[0] if row else 0


def made_within(
    conn: psycopg.Connection,
    assets: Collection[str],
    spans: Collection[tuple[datetime, datetime]],
) -> int:
    """Count the contents that were done in any of the spans, once for each asset."""
    row = conn.execute(
        """
        select count(*) from analyses a
         where a.asset = any(%(assets)s)
           and a.made_at >= (select min(first)
                               from unnest(%(begins)s::timestamptz[]) first)
           and exists (
               select from unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[])
                           as span (first, last)
                where a.made_at between span.first and span.last)
        """,
        {
            "assets": list(assets),
            "begins": [first for first, _ in spans],
            "ends": [last for _, last in spans],
        },
    ).fetchone()
    return row[0] if row else 0
