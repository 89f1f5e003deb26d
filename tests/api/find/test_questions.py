"""Any question has the same answer wherever it is asked, and however it is planned."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.find import nearest, taxon_search
from home_media_api.find.question import Question
from home_media_pipelines.db.tables.taxonomy import counts
from tests.api.encoder.drawn_network import Opened, ThreeColours
from tests.api.find.small_library import (
    BEACH,
    FOLDERS,
    LABELS,
    LENSES,
    TAXA,
    Known,
    fill,
    newest_first,
    passes,
    read,
    says,
    shows,
)
from tests.api.seen import EMBEDDER, calibrate

BEACH_VECTOR = [1.0, 0.0, 0.0, 0.0]
DAYS = st.dates(date(2024, 5, 29), date(2024, 7, 20))

questions = st.builds(
    Question,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    kind=st.sampled_from([None, None, "picture", "video"]),
    folder=st.sampled_from([None, None, "photos/2024/b", "nowhere", *FOLDERS]),
    library=st.sampled_from([None, None, None, "photos", "photos-x", "other"]),
    camera=st.sampled_from([None, None, None, "Canon", "EOS R5", "Canon EOS R5", " "]),
    lens=st.sampled_from([None, None, *(lens for lens in LENSES if lens)]),
    has_gps=st.sampled_from([None, None, True, False]),
    rating=st.sampled_from([None, None, -1, 0, 4]),
    taxon=st.sampled_from([None, None, None, "veh", "nature", *TAXA]),
    label=st.sampled_from([None, None, None, *LABELS]),
    q=st.sampled_from([None, None, "bea", "TRUCK", "großmu", "each b", "!?", "zzz"]),
)
few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def library(conn: Connection) -> list[Known]:
    fill(conn)
    calibrate(conn, possible=0.2, likely=0.5)
    return read(conn, BEACH_VECTOR)


@pytest.fixture
def client(settings, library) -> Iterator[TestClient]:
    app = create_app(settings)
    app.state.encoder = QueryEncoder(Opened(four=ThreeColours(4)), patience=5)
    with TestClient(app, base_url="http://localhost") as browser:
        yield browser


def parameters(question: Question) -> dict[str, Any]:
    """As a browser sends them."""
    named = {"since": "from", "until": "to"}
    asked = {named.get(k, k): v for k, v in asdict(question).items() if v is not None}
    return {k: str(v).lower() if v in (True, False) else v for k, v in asked.items()}


def ask(client: TestClient, address: str, **params: Any) -> dict[str, Any]:
    answer = client.get(f"/api/{address}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@few
@given(question=questions, settled=st.booleans())
def test_the_timeline_shows_what_passes(conn, client, library, question, settled):
    """Its months add up, and its buckets hold the images in order."""
    if settled:
        counts.compact(conn)
    else:
        conn.execute("insert into uncounted_folders values ('photos/2024')")
    conn.commit()
    expected = newest_first([image for image in library if passes(image, question)])
    params = parameters(question)
    timeline = ask(client, "timeline", **params)
    found = [
        image_id
        for bucket in timeline["buckets"]
        for image_id in ask(client, f"timeline/{bucket['bucket']}", **params)[
            "image_id"
        ]
    ]
    assert found == expected
    assert sum(b["count"] for b in timeline["buckets"]) == timeline["count"]
    assert timeline["count"] == len(expected)


@few
@given(question=questions, limit=st.sampled_from([7, 500]))
def test_pages_show_what_passes(client, library, question, limit):
    expected = newest_first([image for image in library if passes(image, question)])
    found, after = [], {}
    while True:
        page = ask(client, "images", **parameters(question), limit=limit, **after)
        found += [image["image_id"] for image in page["images"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == expected


@few
@given(question=questions)
def test_a_search_finds_only_what_passes(client, library, question):
    """By the taxonomy, by words and by meaning, each image once."""
    params = {**parameters(question), "q": "beach"}
    found = ask(client, "search", **params, limit=500)
    beach = found["taxon"]["taxon"]

    def known(image: Known) -> bool:
        return shows(image, beach) or says(image, "beach")

    among = [image for image in library if passes(image, _without_words(question))]
    near = [image for image in among if image.near is not None]
    likely = {i.image_id for i in among if known(i)}
    likely |= {i.image_id for i in near if (i.near or 0) >= 0.5}
    possible = {i.image_id for i in near if 0.2 <= (i.near or 0) < 0.5} - likely
    for band, expected in (("likely", likely), ("possible", possible)):
        ids = [hit["image_id"] for hit in found[band]]
        assert sorted(ids) == sorted(map(str, expected))


def _without_words(question: Question) -> Question:
    return Question(**{**asdict(question), "q": None})


@few
@given(question=questions, taxon=st.sampled_from(["vehicle", BEACH]))
def test_a_taxon_is_found_the_same_in_every_way(conn, library, question, taxon):
    expected = {i.image_id for i in library if passes(i, question) and shows(i, taxon)}
    for way in ((5_000, 20_000), (0, 15), (0, 1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(taxon_search, "FEW", way[0])
            patch.setattr(taxon_search, "MORE", way[1])
            hits = taxon_search.images(conn, question, taxon=taxon, limit=500)
        assert len(hits) == len({hit.image_id for hit in hits})
        assert {hit.image_id for hit in hits} == expected


@few
@given(question=questions)
def test_every_plan_finds_the_same_nearest(conn, library, question):
    """Nearest first, and of those alone that pass."""
    passing = [i for i in library if i.near is not None and passes(i, question)]
    query = nearest.Query(EMBEDDER, str(BEACH_VECTOR), 4)
    expected = {i.image_id: i.near for i in passing}
    for plan in nearest.Plan:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(nearest, "_plan", _always(plan))
            hits = nearest.images(conn, query, question, limit=500)
        assert {hit.image_id: hit.score for hit in hits} == pytest.approx(expected)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)


def _always(plan: nearest.Plan) -> Callable[..., nearest.Plan]:
    return lambda *_: plan


def test_what_is_alike_and_what_is_counted_agrees_with_the_rows(client, library):
    """They take no filters: asked once."""
    one = next(image for image in library if image.near is not None)
    alike = ask(client, f"images/{one.image_id}/similar", limit=500)["images"]
    others = {i.image_id for i in library if i.near is not None} - {one.image_id}
    assert {hit["image_id"] for hit in alike} == set(map(str, others))
    for taxon in client.get("/api/taxa").json():
        shown = sum(shows(image, taxon["taxon"]) for image in library)
        assert (taxon["taxon"], taxon["total"]) == (taxon["taxon"], shown)
    for label in client.get("/api/labels").json():
        if label["label"] in LABELS:
            seen = sum(label["label"] in image.labels for image in library)
            assert (label["label"], label["count"]) == (label["label"], seen)
    facets = ask(client, "facets")
    for facet, word in (("cameras", "camera"), ("lenses", "lens"), ("kinds", "kind")):
        for value in facets[facet]:
            asked = Question(**{word: value["value"]})
            assert value["count"] == sum(passes(image, asked) for image in library)
    assert {kind["value"] for kind in facets["kinds"]} == {"picture", "video"}
