"""Images by the words in their name, title and keywords, newest first."""

from psycopg import Connection
from psycopg.rows import dict_row

from home_media_api.find.question import Question
from home_media_api.find.statement import compose, having
from home_media_api.schemas.hits import Hit


def images(conn: Connection, question: Question, *, limit: int) -> list[Hit]:
    """Images with the words of `question.q`, or beginnings of words, newest first.

    A text without a word finds nothing.
    """
    query = """
        select {image}, null as score, 'words' as source, null as time_offset
          from gallery.images i
         where numnode(gallery.prefix_query(%(q)s)) > 0 and {conditions}
         order by i.taken_at desc, i.image_id desc
         limit %(limit)s
    """
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(compose(query, question), having(question, limit=limit))
        return [Hit(**row) for row in rows]
