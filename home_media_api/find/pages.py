"""Images that are asked for, newest first, so many at a time."""

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL

from home_media_api.cursors import Cursor, encode
from home_media_api.find.question import Question
from home_media_api.find.statement import compose, having
from home_media_api.schemas.images import ImagePage, ImageRow

_FIRST = SQL("true")
_AFTER = SQL("(i.taken_at, i.image_id) < (%(taken_at)s::timestamp, %(image_id)s::uuid)")


def page(
    conn: Connection, question: Question, *, after: Cursor | None, limit: int
) -> ImagePage:
    """The `limit` images that come after `after`, newest first."""
    query = """
        select {image}, i.taken_at as exactly, i.utc_offset, i.rating, i.title,
               coalesce(i.name, '') as name
          from gallery.images i
         where {after} and {conditions}
         order by i.taken_at desc, i.image_id desc
         limit %(limit)s + 1
    """
    values = having(question, limit=limit)
    if after is not None:
        values |= {"taken_at": after.taken_at, "image_id": after.image_id}
    statement = compose(query, question, after=_AFTER if after else _FIRST)
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(statement, values).fetchall()
    cursors = [Cursor(row.pop("exactly"), row["image_id"]) for row in rows]
    return ImagePage(
        images=[ImageRow(**row) for row in rows[:limit]],
        next=encode(cursors[limit - 1]) if len(rows) > limit else None,
    )
