"""Reads of `gallery.problems`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import dict_row

from home_media_api.cursors import decode_texts, encode_texts
from home_media_api.schemas.problems import Problem, ProblemPage


def page(conn: Connection, *, after: str | None, limit: int) -> ProblemPage:
    """The `limit` problems that come after `after`, latest first."""
    query = """
        select p.asset, p.subject, p.content_id, p.file_id, p.library, p.folder, p.path,
               p.name, p.reason, p.permanent, p.attempts, p.first_at, p.last_at,
               p.image_id,
               (select count from gallery.problem_count) as count
          from gallery.problems p
         where %(last_at)s::timestamptz is null
            or (p.last_at, p.asset, p.subject)
               < (%(last_at)s, %(asset)s::text, %(subject)s::text)
         order by p.last_at desc, p.asset desc, p.subject desc
         limit %(limit)s + 1
    """
    last_at, asset, subject = decode_texts(after, 3) if after else (None, None, None)
    values = {"last_at": last_at, "asset": asset, "subject": subject, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(query, values).fetchall()
    count = rows[0]["count"] if rows else 0
    found = [Problem.model_validate(row) for row in rows[:limit]]
    more = len(rows) > limit
    return ProblemPage(
        problems=found, next=_place(found[-1]) if more else None, count=count
    )


def _place(last: Problem) -> str:
    return encode_texts((last.last_at.isoformat(), last.asset, last.subject))
