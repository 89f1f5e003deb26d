"""The surest images of a taxon: the same ones, however they are looked for."""

import random
from dataclasses import asdict
from datetime import timedelta
from itertools import product

import pytest
from psycopg import Connection

from home_media_api.find import taxon_search
from home_media_api.find.question import Question
from tests.api.rows import NOON, add_image
from tests.api.seen import add_detection, add_link

TAXA = ("vehicle", "vehicle.truck", "vehicle.truck.pickup", "animal.mammal.dog")

WAYS = {
    "all links": (5_000, 20_000),
    "the surest, then more": (0, 15),
    "the surest, then all": (0, 1),
}
"""How many links are few, and how many more are looked at."""


@pytest.fixture
def linked(conn: Connection) -> Connection:
    """Images with none to three links; scores and dates are shared by several."""
    drawn = random.Random(7)
    for number in range(40):
        image = add_image(
            conn,
            taken_at=NOON - timedelta(days=drawn.randrange(6)),
            kind="video" if number % 5 == 0 else "picture",
            rating=number % 6,
        )
        for taxon in drawn.sample(TAXA, drawn.randrange(4)):
            if drawn.random() < 0.25:
                add_link(conn, image.image_id, taxon)
                continue
            score = drawn.choice((0.5, 0.7, 0.9))
            found = add_detection(conn, image.content_id, "thing", score=score)
            add_link(conn, image.image_id, taxon, detection_id=found, score=score)
    conn.execute(
        "update images set missing_since = now() where image_id in"
        " (select image_id from images order by image_id limit 2)"
    )
    conn.commit()
    return conn


def expected(conn: Connection, filters: Question, limit: int) -> list[object]:
    """By one statement that looks at everything."""
    rows = conn.execute(
        """
        select image_id
          from gallery.images i
          join (select image_id, max(score) as score, bool_or(score is null) as said
                  from gallery.taxonomy_links where taxon <@ 'vehicle'
                 group by image_id) l using (image_id)
         where (%(kind)s::text is null or i.kind = %(kind)s)
           and (%(rating)s::int is null or i.rating >= %(rating)s)
           and (%(since)s::date is null or i.taken_at >= %(since)s)
         order by l.said desc, l.score desc, i.taken_at desc, image_id
         limit %(limit)s
        """,
        {**asdict(filters), "limit": limit},
    )
    return [image_id for (image_id,) in rows]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_the_same_in_the_same_order(
    linked: Connection, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ties, keywords with and without detections, missing images, any filter."""
    few, more = WAYS[way]
    monkeypatch.setattr(taxon_search, "FEW", few)
    monkeypatch.setattr(taxon_search, "MORE", more)
    filters = (
        Question(),
        Question(kind="video"),
        Question(rating=4),
        Question(since=NOON.date() - timedelta(days=2), rating=2),
    )
    for given, limit in product(filters, (1, 4, 9, 100)):
        found = taxon_search.images(linked, given, taxon="vehicle", limit=limit)
        assert [hit.image_id for hit in found] == expected(linked, given, limit)
