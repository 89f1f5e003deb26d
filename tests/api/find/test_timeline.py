"""The timeline: buckets hold what they promise, under every filter."""

from datetime import datetime, timedelta

import pytest

from tests.api.rows import NOON, add_file, add_folder, add_image, add_many
from tests.api.seen import add_detection, add_link


def shown(client, **params) -> list[str]:
    """Every image of the timeline, bucket by bucket, in order."""
    answer = client.get("/api/timeline", params=params)
    assert answer.status_code == 200, answer.text
    images: list[str] = []
    for bucket in answer.json()["buckets"]:
        columns = client.get(f"/api/timeline/{bucket['bucket']}", params=params).json()
        lengths = {len(v) for k, v in columns.items() if k != "bucket"}
        assert lengths == {bucket["count"]}
        images += columns["image_id"]
    assert len(images) == answer.json()["count"]
    return images


def test_columns_say_what_a_grid_needs(client, conn):
    added = add_image(conn, taken_at=datetime(2024, 7, 3, 23, 59, 59, 999_000))
    conn.execute(
        "update images set ratio = 0.75, stack_size = 2, duration = 3.5,"
        " thumbhash = '\\x0102'"
    )
    conn.commit()
    assert client.get("/api/timeline/2024-07").json() == {
        "bucket": "2024-07",
        "image_id": [str(added.image_id)],
        "ratio": [0.75],
        "thumbhash": ["AQI="],
        "content_id": [added.content_id],
        "taken_at": ["2024-07-03T23:59:59"],
        "kind": ["picture"],
        "duration": [3.5],
        "stack_size": [2],
    }


def test_an_empty_library_has_an_empty_timeline(client):
    assert client.get("/api/timeline").json() == {"buckets": [], "count": 0}
    assert client.get("/api/timeline/2024-07").json()["image_id"] == []


@pytest.mark.parametrize(
    "step", [timedelta(0), timedelta(seconds=1), timedelta(minutes=40)]
)
def test_a_long_month_is_cut_without_gap_or_overlap(client, conn, step):
    """Even when 1,201 images carry the very same second, as after a bad import."""
    add_many(conn, 1201, start=datetime(2024, 7, 1), step=step)
    images = shown(client)
    assert len(images) == len(set(images)) == 1201
    buckets = client.get("/api/timeline").json()["buckets"]
    assert max(bucket["count"] for bucket in buckets) <= 500
    assert sum(b["ratio_sum"] for b in buckets) == pytest.approx(1201 * 1.5)


def test_newest_comes_first_and_ties_have_an_order(client, conn):
    add_many(conn, 40, start=NOON, step=timedelta(0))
    newest = add_image(conn, taken_at=NOON + timedelta(hours=1))
    images = shown(client)
    assert images[0] == str(newest.image_id)
    assert images[1:] == sorted(images[1:], reverse=True)


def test_missing_images_are_not_shown(client, conn):
    add_image(conn)
    conn.execute("update images set missing_since = now()")
    conn.commit()
    assert shown(client) == []


def test_what_a_person_said_moves_an_image(client, conn):
    """Person outranks file, in the timeline too."""
    added = add_image(conn)
    conn.execute(
        "insert into curation.events (image_id, field, value, said_by)"
        " values (%s, 'taken_at', '\"1999-12-31T23:00:00\"', 'me')",
        [added.image_id],
    )
    conn.commit()
    months = [b["month"] for b in client.get("/api/timeline").json()["buckets"]]
    assert months == ["1999-12"]


@pytest.fixture
def two(conn) -> tuple[str, str]:
    """One image that every filter below finds, and one that none does."""
    add_folder(conn, "photos/2024")
    found = add_image(
        conn,
        folder="photos/2024/beach_day",
        name="DSC_0412.JPG",
        make="Canon",
        model="EOS R5",
        lens="RF 24-105",
        latitude=0.5,
        longitude=0,
        rating=4,
        title="Großmutter's dog",
        keywords=("Sea", "Wellen"),
    )
    truck = add_detection(conn, found.content_id, "truck")
    add_link(conn, found.image_id, "vehicle.truck", detection_id=truck, score=0.9)
    other = add_image(
        conn,
        folder="other/2024/beachXday",
        root="/nas/other",
        name="IMG_1.MOV",
        taken_at=NOON - timedelta(days=40),
        kind="video",
        rating=1,
    )
    add_detection(conn, other.content_id, "dog")
    add_link(conn, other.image_id, "animal")
    return str(found.image_id), str(other.image_id)


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2024-07-03"},
        {"from": "2024-07-03", "to": "2024-07-03"},
        {"folder": "photos/2024/beach_day"},
        {"folder": "photos/2024"},
        {"folder": "photos/."},
        {"library": "photos"},
        {"camera": "Canon EOS R5"},
        {"lens": "RF 24-105"},
        {"kind": "picture"},
        {"has_gps": "true"},
        {"rating": 4},
        {"taxon": "vehicle.truck"},
        {"taxon": "vehicle"},
        {"label": "truck"},
        {"q": "dsc"},
        {"q": "wel SEA"},
        {"q": "großmu"},
        {"q": "'; drop table images --", "library": "photos"},
    ],
)
def test_each_filter_finds_one_and_not_the_other(client, two, params):
    expected = [] if "drop" in params.get("q", "") else [two[0]]
    assert shown(client, **params) == expected
    listed = client.get("/api/images", params=params).json()["images"]
    assert [image["image_id"] for image in listed] == expected


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"folder": "photos/2024/beach"}, []),
        ({"folder": "photos/2024/beach%day"}, []),
        ({"folder": "other/2024/beach_day"}, []),
        ({"to": "2024-07-02"}, [1]),
        ({"has_gps": "false"}, [1]),
        ({"kind": "video"}, [1]),
        ({"taxon": "vehicle.truck.pickup"}, []),
        ({"taxon": "vehicle_truck"}, []),
        ({"label": "dog"}, [1]),
        ({"label": "truck", "taxon": "animal"}, []),
        ({"q": "!?"}, [0, 1]),
        ({"from": "2024-07-04"}, []),
    ],
)
def test_filters_mean_what_they_say(client, two, params, found):
    """Folder keys are no patterns: `_` and `%` stand for themselves."""
    assert shown(client, **params) == [two[n] for n in found]


def test_facets_list_what_filters_take(client, two):
    assert client.get("/api/facets").json() == {
        "cameras": [{"value": "Canon EOS R5", "count": 1}],
        "lenses": [{"value": "RF 24-105", "count": 1}],
        "kinds": [{"value": "picture", "count": 1}, {"value": "video", "count": 1}],
    }


def test_an_unchanged_answer_is_not_sent_twice(client, conn):
    add_image(conn)
    for address in ("/api/timeline", "/api/timeline/2024-07"):
        first = client.get(address)
        etag = {"If-None-Match": first.headers["etag"]}
        assert client.get(address, headers=etag).status_code == 304
    add_file(conn, name="b.jpg")
    add_image(conn, name="c.jpg")
    assert client.get(address, headers=etag).status_code == 200


def test_large_answers_are_compressed_and_small_ones_are_not(client, conn):
    add_many(conn, 100, start=NOON, step=timedelta(seconds=1))
    assert "content-encoding" not in client.get("/api/health").headers
    answer = client.get("/api/timeline/2024-07")
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
