"""No common question reads a whole table where an index answers.

The library is large enough for the planner to care, and its statistics are those of a
real one: half of it shows people, a few cameras took most of it, words are frequent or
rare, folders follow one another in time. Of a million images the plans were looked at
once, and none read a whole table either.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import SQL, Composed

from home_media_api.deps import open_pool
from home_media_api.find import buckets, pages, taxon_search, text_search, timeline
from home_media_api.find.question import Question
from tests.api.rows import PRODUCER, add_folder
from tests.api.seen import DETECTOR, LINKER, add_producer

NUMBER = 20_000
LARGE = ("images", "taxonomy_links", "detections")


def fill(conn: Connection) -> None:
    """20,000 images of 80 days, with a detection and a link each."""
    add_folder(conn, "photos/0")
    add_producer(conn, "detections", DETECTOR)
    add_producer(conn, "taxonomy_links", LINKER)
    values = {"number": NUMBER, "images": PRODUCER, "see": DETECTOR, "link": LINKER}
    conn.execute(
        "insert into folders (folder, library, path, name)"
        " select 'photos/' || n, 'photos', n::text, n::text"
        "   from generate_series(1, 199) n"
    )
    conn.execute(
        """
        insert into images (image_id, folder, content_id, kind, taken_at, timeline_at,
                            names, search, producer_id, make, model, lens, latitude,
                            longitude, rating, ratio)
        select md5(n::text)::uuid, 'photos/' || (n - 1) * 200 / %(number)s,
               encode(sha256(n::text::bytea), 'hex'),
               case when n %% 20 = 0 then 'video' else 'picture' end, at, at, '{}',
               gallery.search_text(array['dsc ' || n %% 500], null, null, '{}', '{}'),
               %(images)s, 'Maker', camera, 'Lens ' || camera,
               case when n %% 5 < 2 then 47 end, case when n %% 5 < 2 then 8 end,
               nullif(n %% 7, 6), 1.5
          from (select n, (floor(30 * (n * 7919 %% 9973 / 9973.0) ^ 3))::text as camera,
                       timestamp '2024-01-01' + n * interval '80 days' / %(number)s
                       as at
                  from generate_series(1, %(number)s) n) numbered
        """,
        values,
    )
    conn.execute(
        """
        insert into detections (detection_id, content_id, producer_id, label, score, x,
                                y, width, height)
        select md5('d' || image_id)::uuid, content_id, %(see)s,
               case when n %% 2 = 0 then 'person' else 'thing ' || n %% 199 end, 0.9,
               0, 0, 1, 1
          from (select *, row_number() over (order by image_id) as n from images) i
        """,
        values,
    )
    conn.execute(
        """
        insert into taxonomy_links (image_id, taxon, source, detection_id, score,
                                    producer_id)
        select i.image_id, coalesce(t.taxon, 'person'), 'detection', d.detection_id,
               d.score, %(link)s
          from detections d
          join images i using (content_id)
          left join (select taxon, 'thing ' || row_number() over (order by taxon)
                       from taxa where taxon <> 'person') t (taxon, label) using (label)
        """,
        values,
    )
    conn.commit()
    conn.autocommit = True
    conn.execute("vacuum analyze")


class Explained(psycopg.Cursor[Any]):
    """Notes the plan of every composed statement before it is run."""

    plans: list[str]

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if isinstance(query, Composed):
            plain = psycopg.Cursor(self.connection)
            lines = plain.execute(SQL("explain {}").format(query), params).fetchall()
            Explained.plans.append("\n".join(line for (line,) in lines))
        return super().execute(query, params, **options)


@pytest.fixture
def explained(conn: Connection, settings) -> Iterator[Connection]:
    """A connection as requests have it, whose plans are noted."""
    fill(conn)
    Explained.plans = []
    with open_pool(settings) as pool, pool.connection() as lent:
        lent.cursor_factory = Explained
        yield lent


YEAR = {"since": date(2024, 2, 1), "until": date(2024, 2, 20)}
ONE_WORD = (
    Question(),
    Question(**YEAR),
    Question(kind="video"),
    Question(folder="photos/7"),
    Question(library="photos"),
    Question(camera="Maker 0"),
    Question(camera="Maker 29"),
    Question(lens="Lens 0"),
    Question(lens="Lens 29"),
    Question(has_gps=True),
    Question(rating=5),
    Question(taxon="person"),
    Question(taxon="animal.mammal"),
    Question(label="person"),
    Question(label="thing 7"),
    Question(q="dsc"),
    Question(q="123"),
    Question(q="nowhere"),
)
SEVERAL = (
    Question(taxon="person", **YEAR),
    Question(taxon="person", folder="photos/7"),
    Question(taxon="person", camera="Maker 29"),
    Question(taxon="animal.mammal.dog", camera="Maker 0"),
    Question(label="person", q="dsc", library="photos"),
    Question(folder="photos/7", has_gps=True, **YEAR),
)
LEADING = (
    Question(folder="photos/7"),
    Question(camera="Maker 29"),
    Question(lens="Lens 29"),
    Question(q="123"),
    Question(q="nowhere"),
    Question(taxon="person", folder="photos/7"),
)
"""Of these few images pass, and all can be found by an index."""


def ask_all(conn: Connection) -> None:
    """Every statement that answers such questions, once."""
    bucket = buckets.parse("2024-02")
    for question in (*ONE_WORD, *SEVERAL):
        pages.page(conn, question, after=None, limit=100)
        timeline.columns(conn, bucket, question)
        timeline.parts(conn, question, [date(2024, 2, 3)])
        if question.q:
            text_search.images(conn, question, limit=60)
    for question in LEADING:
        timeline.days(conn, question)
    for taxon in ("person", "animal.mammal"):
        taxon_search.images(conn, Question(), taxon=taxon, limit=60)


def test_no_common_question_reads_a_whole_table(explained: Connection) -> None:
    ask_all(explained)
    assert len(Explained.plans) > 70
    for plan in Explained.plans:
        for table in LARGE:
            assert f"Seq Scan on {table} " not in plan, plan
