"""Search: names before meaning, bands that end, and words when no network is there."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from psycopg.sql import SQL
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.find import nearest, taxon_search
from home_media_api.find.question import Question
from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    MissingWeightsError,
    NotInstalledError,
)
from tests.api.encoder.drawn_network import Opened, ThreeColours
from tests.api.rows import NOON, add_image
from tests.api.seen import (
    EMBEDDER,
    add_detection,
    add_embedding,
    add_link,
    add_producer,
    calibrate,
)


@pytest.fixture
def opened() -> Opened:
    """Two models: one of four dimensions, one of six."""
    return Opened(four=ThreeColours(4), six=ThreeColours(6))


@pytest.fixture
def client(settings, conn, opened):
    """An API whose network knows three words."""
    add_producer(conn, "embeddings", EMBEDDER, model="four")
    app = create_app(settings)
    app.state.encoder = QueryEncoder(opened, patience=5)
    with TestClient(app, base_url="http://localhost") as browser:
        yield browser


def search(client, q: str, **params) -> dict:
    answer = client.get("/api/search", params={"q": q, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(band: list[dict]) -> list[str]:
    return [hit["image_id"] for hit in band]


def at(cosine: float) -> list[float]:
    """A vector with this cosine to a beach."""
    return [cosine, 0, float(np.sqrt(1 - cosine**2)), 0]


def seen(conn, cosine: float, **columns) -> str:
    """An image that is so much of a beach."""
    added = add_image(conn, **columns)
    add_embedding(conn, added.content_id, at(cosine))
    return str(added.image_id)


def test_results_fall_into_two_bands_and_end(client, conn):
    """What fits less than possibly is not shown, however few fit better."""
    likely, possible = seen(conn, 0.6), seen(conn, 0.4)
    best = seen(conn, 0.9)
    seen(conn, 0.1)
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "beach")
    assert ids(found["likely"]) == [best, likely]
    assert ids(found["possible"]) == [possible]
    assert found["producer"] == {"model": "four", "producer_id": EMBEDDER}
    assert found["reason"] is None
    assert found["likely"][0] == {
        "image_id": best,
        "content_id": found["likely"][0]["content_id"],
        "kind": "picture",
        "ratio": 1.5,
        "thumbhash": None,
        "taken_at": "2024-07-03T12:00:00",
        "duration": None,
        "score": pytest.approx(0.9, abs=0.001),
        "source": "meaning",
        "time_offset": None,
    }


def test_nothing_is_shown_where_nothing_fits(client, conn):
    seen(conn, 0.9)
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "submarine")
    assert (found["likely"], found["possible"]) == ([], [])


def test_limit_holds_for_each_band(client, conn):
    for n in range(4):
        seen(conn, 0.6 + n / 10)
        seen(conn, 0.4 - n / 100)
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "beach", limit=3)
    assert [round(hit["score"], 1) for hit in found["likely"]] == [0.9, 0.8, 0.7]
    assert 1 <= len(found["possible"]) <= 3


def test_an_uncalibrated_producer_shows_what_stands_out(client, conn):
    """A hundred pictures of the sea say what chance is."""
    for n in range(110):
        seen(conn, (n % 10) / 100)
    beach = seen(conn, 0.95)
    found = search(client, "beach")
    assert ids([*found["likely"], *found["possible"]]) == [beach]


def test_a_small_uncalibrated_library_is_ranked(client, conn):
    expected = [seen(conn, cosine) for cosine in (0.9, 0.5, 0.1)]
    found = search(client, "beach")
    assert found["likely"] == []
    assert ids(found["possible"]) == expected


@pytest.mark.parametrize("asked", ["truck", "LKW", "all trucks", "zeig mir alle LKWs"])
def test_a_word_of_the_taxonomy_finds_it_and_all_below_first(client, conn, asked):
    truck, pickup, car, beach = (add_image(conn) for _ in range(4))
    seen_as = add_detection(conn, truck.content_id, "truck", score=0.7)
    add_link(conn, truck.image_id, "vehicle.truck", detection_id=seen_as, score=0.7)
    add_link(conn, pickup.image_id, "vehicle.truck.pickup")
    add_link(conn, car.image_id, "vehicle.car")
    add_embedding(conn, beach.content_id, [0, 0, 0, 1])
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, asked)
    assert found["taxon"] == {"taxon": "vehicle.truck", "name": "Truck", "count": 2}
    assert ids(found["likely"]) == [
        str(pickup.image_id),  # a keyword says it: nobody can be surer
        str(truck.image_id),
        str(beach.image_id),
    ]
    assert [(hit["source"], hit["score"]) for hit in found["likely"]] == [
        ("taxon", None),
        ("taxon", pytest.approx(0.7)),
        ("meaning", pytest.approx(1)),
    ]


def test_an_image_found_twice_is_shown_once(client, conn):
    """By the taxon, in its name and by what it shows: the surest counts."""
    added = add_image(conn, name="beach-1.jpg", title="Beach")
    add_embedding(conn, added.content_id, at(0.4))
    (taxon,) = conn.execute(
        "select taxon::text from taxon_words where word = 'beach'"
    ).fetchone()
    add_link(conn, added.image_id, taxon)
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "beach")
    assert [hit["source"] for hit in found["likely"]] == ["taxon"]
    assert found["possible"] == []


def test_words_in_names_and_keywords_find_pictures(client, conn):
    added = add_image(conn, name="DSC_0412.JPG")
    add_image(conn, name="IMG_1.JPG")
    (hit,) = search(client, "dsc_04")["likely"]
    assert (hit["image_id"], hit["source"], hit["score"]) == (
        str(added.image_id),
        "words",
        None,
    )
    assert search(client, "!?")["likely"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2024-07-03"},
        {"to": "2024-06-03"},
        {"folder": "photos/2024/beach"},
        {"library": "photos"},
        {"camera": "Canon R5"},
        {"kind": "picture"},
        {"rating": 3},
        {"taxon": "vehicle"},
        {"label": "truck"},
        {"label": "truck", "taxon": "vehicle.truck", "kind": "picture"},
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_filters_combine_with_every_source(client, conn, params, many, monkeypatch):
    """By exact comparison, and by the way that goes through an index."""
    if many:
        monkeypatch.setattr(nearest, "MANY_VECTORS", 0)
        monkeypatch.setattr(nearest, "_few", lambda *_: -1)
        monkeypatch.setattr(taxon_search, "FEW", 0)
        monkeypatch.setattr(taxon_search, "MORE", 0)
    early = params.get("to") is not None
    for n, source in enumerate(("meaning", "words", "taxon")):
        inside = add_image(
            conn,
            name="beach.jpg" if source == "words" else "a.jpg",
            taken_at=NOON - timedelta(days=30 if early else 0, hours=n),
            make="Canon",
            model="R5",
            rating=3,
        )
        outside = add_image(
            conn,
            name="beach.jpg",
            folder="other/2023",
            root="/nas/other",
            kind="video",
            taken_at=NOON - timedelta(days=0 if early else 30),
        )
        found = add_detection(conn, inside.content_id, "truck")
        add_link(conn, inside.image_id, "vehicle.truck", detection_id=found, score=0.9)
        (beach,) = conn.execute(
            "select taxon::text from taxon_words where word = %s",
            ["beach" if source == "taxon" else "truck"],
        ).fetchone()
        add_link(conn, inside.image_id, beach)
        for one in (inside, outside):
            add_embedding(conn, one.content_id, at(0.9))
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "beach", **params)
    assert sorted(hit["source"] for hit in found["likely"]) == [
        "meaning",
        "taxon",
        "words",
    ]
    assert found["possible"] == []


def test_a_video_is_found_once_by_its_best_frame(client, conn):
    added = add_image(conn, kind="video", duration=20.0)
    for frame, cosine in enumerate((0.1, 0.8, 0.6)):
        add_embedding(
            conn, added.content_id, at(cosine), frame=frame, time_offset=frame * 5.0
        )
    calibrate(conn, possible=0.3, likely=0.5)
    found = search(client, "beach")
    assert [hit["time_offset"] for hit in found["likely"]] == [5.0]
    assert found["possible"] == []


def test_missing_images_and_other_producers_are_not_found(client, conn):
    gone = add_image(conn)
    add_embedding(conn, gone.content_id, at(0.9))
    conn.execute("update images set missing_since = now()")
    other = add_image(conn)
    conn.execute("insert into producers values (%s, 'embeddings', '1')", ["f" * 16])
    add_embedding(conn, other.content_id, [1, 0, 0], producer_id="f" * 16)
    assert search(client, "beach")["possible"] == []


def test_many_vectors_are_found_through_the_index_of_their_producer(
    client, conn, monkeypatch
):
    """Partial, on vectors of one length: the statement must say both as it does."""
    monkeypatch.setattr(nearest, "MANY_VECTORS", 0)
    expected = [seen(conn, 0.99 - n / 200) for n in range(120)][:20]
    conn.execute(
        "create index near on embeddings"
        " using hnsw ((embedding::halfvec(4)) halfvec_ip_ops)"
        f" where producer_id = '{EMBEDDER}'"
    )
    conn.commit()
    calibrate(conn, possible=0.1, likely=0.2)
    assert ids(search(client, "beach", limit=20)["likely"]) == expected
    query = nearest.Query(EMBEDDER, str(at(0.9)), 4)
    for one in ("seqscan", "bitmapscan", "sort"):  # which a small table prefers
        conn.execute(f"set enable_{one} = off")
    for plan, question in (
        (nearest.Plan.INDEXED, Question()),
        (nearest.Plan.FILTERED, Question(kind="picture")),
    ):
        lines = conn.execute(
            SQL("explain {}").format(nearest.composed(plan, query, question)),
            {**question.asked(), "vector": query.vector, "rows": 9},
        ).fetchall()
        assert any("Index Scan using near on embeddings" in line for (line,) in lines)


def test_settings_of_a_search_end_with_it(client, conn):
    """Connections are shared: what one request sets, the next must not have."""
    seen(conn, 0.9)
    search(client, "beach")
    with client.app.state.pool.connection() as used:
        used.execute("select '[1]'::vector")  # loads the extension
        assert used.execute("show hnsw.iterative_scan").fetchone() == ("off",)


def refusing(client, conn, error: Exception | None) -> dict:
    """What a search says when the network cannot be had; words still find."""
    add_image(conn, name="beach.jpg")
    if error is not None:
        client.app.state.encoder = QueryEncoder(Opened(four=error), patience=5)
    found = search(client, "beach")
    assert found["producer"] is None
    assert [hit["source"] for hit in found["likely"]] == ["words"]
    return found


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MissingWeightsError("four", Path("/secret/f"), None), "models fetch four"),
        (CorruptWeightsError(Path("/secret/f"), "a", "b"), "models verify four"),
        (NotInstalledError(["torch"]), "home-media[vision]"),
        (RuntimeError("/secret/f"), "the log says why"),
    ],
)
def test_without_a_network_words_still_find_and_the_reason_is_said(
    client, conn, error, said
):
    """The reason has no path: it may be read on another machine."""
    reason = refusing(client, conn, error)["reason"]
    assert said in reason
    assert "/secret" not in reason


def test_before_any_model_has_looked_words_still_find(client, conn):
    conn.execute("delete from active_producers where asset = 'embeddings'")
    conn.commit()
    assert "looked" in refusing(client, conn, None)["reason"]


def test_weights_that_differ_from_those_of_the_vectors_are_not_used(settings, conn):
    """Same name, other bytes: its cosines would mean nothing."""
    add_producer(conn, "embeddings", EMBEDDER, model="tiny-clip", weights_hash="0" * 64)
    with TestClient(create_app(settings), base_url="http://localhost") as browser:
        found = search(browser, "beach")
    assert found["producer"] is None
    assert "tiny-clip" in found["reason"]


def test_a_switch_of_models_never_interrupts(client, conn, opened):
    """The old model answers by its own vectors until the new one is loaded."""
    old = seen(conn, 0.9)
    calibrate(conn, possible=0.3, likely=0.5)
    assert ids(search(client, "beach")["likely"]) == [old]

    new = add_image(conn)
    add_producer(conn, "embeddings", "f" * 16, model="six")
    add_embedding(conn, new.content_id, [1, 0, 0, 0, 0, 0], producer_id="f" * 16)
    calibrate(conn, possible=0.3, likely=0.5, producer_id="f" * 16)
    opened.may_load.clear()
    during = search(client, "beach")
    assert during["producer"]["producer_id"] == EMBEDDER
    assert ids(during["likely"]) == [old]

    opened.may_load.set()
    after = wait_for(client, "f" * 16)
    assert ids(after["likely"]) == [str(new.image_id)]
    assert ("six", True) in opened.asked


def wait_for(client, producer_id: str) -> dict:
    for _ in range(200):
        found = search(client, "beach")
        if found["producer"]["producer_id"] == producer_id:
            return found
    raise AssertionError("the new model never answered")


def test_the_same_words_are_read_once(client, opened):
    for _ in range(3):
        search(client, "beach")
    assert opened.by_model["four"].read.count("beach") == 1


@pytest.mark.parametrize("q", ["", "x" * 301, "a\0b"])
def test_what_cannot_be_asked_is_refused(client, q):
    assert client.get("/api/search", params={"q": q}).status_code == 422
