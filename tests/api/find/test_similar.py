"""What looks alike: images by their vectors, objects by those of their pixels."""

from uuid import UUID, uuid4

import pytest

from home_media_api.find import nearest
from tests.api.rows import add_image
from tests.api.seen import EMBEDDER, add_detection, add_embedding, add_producer


@pytest.fixture(params=[False, True], ids=["few", "many"])
def many(request, monkeypatch) -> bool:
    """Both ways to the nearest; the second is not helped by an index here."""
    if request.param:
        monkeypatch.setattr(nearest, "MANY_VECTORS", 0)
    return request.param


@pytest.fixture
def embedder(conn) -> str:
    return add_producer(conn, "embeddings", EMBEDDER, model="tiny-clip")


def test_images_come_by_likeness_without_the_one_asked_with(
    client, conn, embedder, many
):
    added = [add_image(conn) for _ in range(4)]
    for one, x in zip(added, (1, 0.9, 0.2, 0.6), strict=True):
        add_embedding(conn, one.content_id, [x, 1 - x, 0])
    answer = client.get(f"/api/images/{added[0].image_id}/similar")
    hits = answer.json()["images"]
    assert [UUID(hit["image_id"]) for hit in hits] == [
        added[n].image_id for n in (1, 3, 2)
    ]
    assert hits[0]["score"] == pytest.approx(0.994, abs=0.002)
    assert hits[0]["source"] == "meaning"
    limited = client.get(
        f"/api/images/{added[0].image_id}/similar", params={"limit": 1}
    )
    assert limited.json()["images"] == hits[:1]


def test_a_video_is_compared_by_its_middle_and_found_once(client, conn, embedder):
    video = add_image(conn, kind="video", duration=10.0)
    for frame, (x, time) in enumerate(((0, 1.0), (1, 5.0), (0, 9.0))):
        add_embedding(conn, video.content_id, [x, 1 - x], frame=frame, time_offset=time)
    alike, other = add_image(conn), add_image(conn)
    add_embedding(conn, alike.content_id, [1, 0.1])
    add_embedding(conn, other.content_id, [0.1, 1])
    hits = client.get(f"/api/images/{video.image_id}/similar").json()["images"]
    assert hits[0]["image_id"] == str(alike.image_id)
    hits = client.get(f"/api/images/{other.image_id}/similar").json()["images"]
    ids = [hit["image_id"] for hit in hits]
    assert ids.count(str(video.image_id)) == 1


def test_nothing_is_like_an_image_that_nobody_has_looked_at(client, conn):
    added = add_image(conn)
    answer = client.get(f"/api/images/{added.image_id}/similar")
    assert (answer.status_code, answer.json()) == (200, {"images": []})


def test_objects_come_by_likeness_one_of_each_other_image(client, conn, many):
    """Two trucks in one picture are one find, and the asked one is none."""
    asked, near, far = (add_image(conn) for _ in range(3))
    truck = add_detection(conn, asked.content_id, "truck", vector=[1, 0, 0])
    add_detection(conn, asked.content_id, "truck", vector=[1, 0.1, 0])
    add_detection(conn, near.content_id, "truck", vector=[0.5, 0.5, 0])
    best = add_detection(
        conn, near.content_id, "bus", vector=[0.9, 0.1, 0], box=(0, 0, 0.5, 1)
    )
    other = add_detection(conn, far.content_id, "dog", vector=[0, 0, 1])
    hits = client.get(f"/api/detections/{truck}/similar").json()["detections"]
    assert [hit["detection_id"] for hit in hits] == [str(best), str(other)]
    assert (hits[0]["label"], hits[0]["box"]) == ("bus", [0, 0, 0.5, 1])
    assert hits[0]["image_id"] == str(near.image_id)


def test_an_object_without_a_vector_is_like_nothing(client, conn):
    added = add_image(conn)
    dog = add_detection(conn, added.content_id, "dog")
    assert client.get(f"/api/detections/{dog}/similar").json() == {"detections": []}


@pytest.mark.parametrize("noun", ["images", "detections"])
def test_what_is_not_there_is_a_problem(client, noun):
    answer = client.get(f"/api/{noun}/{uuid4()}/similar")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
