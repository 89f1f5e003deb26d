"""What networks see: objects and masks, labels, the tree with its counts, models."""

from io import BytesIO
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from home_media_pipelines.core.vision.rle import decode
from tests.api.rows import add_image, fresh_content
from tests.api.seen import (
    DETECTOR,
    EMBEDDER,
    SEGMENTER,
    add_detection,
    add_embedding,
    add_link,
    add_mask,
    add_producer,
)


@pytest.fixture
def mask() -> np.ndarray:
    """An L of eleven pixels in a picture of 6 × 8."""
    mask = np.zeros((6, 8), np.bool_)
    mask[1:5, 2] = True
    mask[4, 2:7] = True
    mask[3, 3:6] = True
    return mask


def test_an_image_names_the_networks_that_looked_at_it(client, conn):
    """Also those that saw nothing; not one whose rows are read no more."""
    added = add_image(conn)
    add_producer(conn, "embeddings", "0" * 16, model="old")
    for asset, producer_id in (("detections", DETECTOR), ("embeddings", EMBEDDER)):
        add_producer(conn, asset, producer_id, model=f"model of {asset}")
        conn.execute(
            "insert into analyses values (%s, %s, %s, 0)",
            [asset, producer_id, added.content_id],
        )
    conn.execute(
        "insert into analyses values ('embeddings', %s, %s, 1)",
        ["0" * 16, added.content_id],
    )
    conn.commit()
    found = client.get(f"/api/images/{added.image_id}").json()["producers"]
    assert {it["asset"]: it["model"] for it in found if it["model"]} == {
        "detections": "model of detections",
        "embeddings": "model of embeddings",
    }


def test_objects_come_with_names_boxes_and_masks(client, conn, mask):
    added = add_image(conn)
    truck = add_detection(conn, added.content_id, "truck", score=0.75)
    add_detection(conn, added.content_id, "gizmo", score=0.5)
    add_mask(conn, truck, mask)
    found = client.get(f"/api/images/{added.image_id}/detections").json()
    assert found["producer"] == {"model": "tiny-yolo", "producer_id": DETECTOR}
    first, second = found["detections"]
    assert first["label"] == "truck"
    assert (first["taxon"], first["name"]) == ("vehicle.truck", "Truck")
    assert (second["taxon"], second["name"]) == (None, "gizmo")
    assert (first["score"], first["box"]) == (0.75, [0.25, 0.5, 0.25, 0.25])
    assert second["mask"] is None
    height, width = first["mask"]["size"]
    window = decode(first["mask"]["counts"], width, height)
    assert first["mask"]["box"] == pytest.approx([2 / 8, 1 / 6, 5 / 8, 4 / 6])
    np.testing.assert_array_equal(window, mask[1:5, 2:7])


def test_an_image_nobody_has_looked_at_has_no_objects(client, conn):
    added = add_image(conn)
    assert client.get(f"/api/images/{added.image_id}/detections").json() == {
        "producer": None,
        "detections": [],
    }


def test_a_mask_is_a_picture_of_the_whole_size_and_kept(client, conn, mask):
    """White where the object is, so a browser can use it as a mask or draw it."""
    added = add_image(conn)
    truck = add_detection(conn, added.content_id, "truck")
    add_mask(conn, truck, mask)
    answer = client.get(f"/api/masks/{truck}.png")
    assert answer.headers["content-type"] == "image/png"
    picture = np.asarray(Image.open(BytesIO(answer.content)).convert("RGBA"))
    assert picture.shape == (6, 8, 4)
    np.testing.assert_array_equal(picture[..., 3], mask * 255)
    assert (picture[mask] == 255).all()
    etag = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"/api/masks/{truck}.png", headers=etag).status_code == 304


def test_a_mask_drawn_anew_is_not_taken_from_the_clients_store(client, conn, mask):
    """The object keeps its id when another segmenter is read."""
    added = add_image(conn)
    truck = add_detection(conn, added.content_id, "truck")
    add_mask(conn, truck, mask)
    first = client.get(f"/api/masks/{truck}.png")
    add_mask(conn, truck, ~mask, producer_id="6" * 16)
    etag = {"If-None-Match": first.headers["etag"]}
    second = client.get(f"/api/masks/{truck}.png", headers=etag)
    assert second.status_code == 200
    assert second.content != first.content


def test_a_damaged_mask_is_an_error_and_no_crash(client, conn, mask):
    added = add_image(conn)
    truck = add_detection(conn, added.content_id, "truck")
    add_mask(conn, truck, mask)
    conn.execute("update masks set rle = 'oooooooo'")
    conn.commit()
    answer = client.get(f"/api/masks/{truck}.png")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address", [f"masks/{UUID(int=1)}.png", f"images/{UUID(int=1)}/detections"]
)
def test_what_is_not_there_is_a_problem(client, address):
    assert client.get(f"/api/{address}").status_code == 404


def test_labels_count_images_that_are_there(client, conn):
    both, one = add_image(conn), add_image(conn)
    add_detection(conn, both.content_id, "dog")
    add_detection(conn, both.content_id, "dog")
    add_detection(conn, both.content_id, "truck")
    add_detection(conn, one.content_id, "dog")
    add_detection(conn, fresh_content(), "unicorn")  # of no image
    assert client.get("/api/labels").json() == [
        {"label": "dog", "count": 2},
        {"label": "truck", "count": 1},
    ]


def test_the_tree_counts_an_image_once_in_every_taxon_above(client, conn):
    """However many links it has, and however they lie to each other."""
    links = [
        ("vehicle.truck", "vehicle.truck"),
        ("vehicle.truck.pickup", "vehicle.truck.dump_truck"),
        ("vehicle.truck.pickup", "vehicle.car"),
        ("vehicle.car", "person.child", "vehicle"),
        ("vehicle.truck", "vehicle.truck.pickup", "vehicle.car", "person"),
    ]
    for taxa in links:
        added = add_image(conn)
        for taxon in taxa:
            add_link(conn, added.image_id, taxon)
    gone = add_image(conn)
    add_link(conn, gone.image_id, "vehicle.car")
    conn.execute(
        "update images set missing_since = now() where image_id = %s", [gone.image_id]
    )
    conn.commit()
    tree = client.get("/api/taxa").json()
    counts = {it["taxon"]: (it["own"], it["total"]) for it in tree}
    for taxon, counted in counts.items():
        own = sum(taxon in taxa for taxa in links)
        total = sum(
            any(f"{one}.".startswith(f"{taxon}.") for one in taxa) for taxa in links
        )
        assert counted == (own, total), taxon
    by_path = {it["taxon"]: it for it in tree}
    assert by_path["vehicle.truck"]["parent"] == "vehicle"
    assert by_path["vehicle"]["parent"] is None
    assert by_path["vehicle.truck"]["names"]["de"] == "Lastwagen"
    paths = [it["taxon"] for it in tree]
    assert all(
        paths.index(it["parent"]) < n for n, it in enumerate(tree) if it["parent"]
    )


def test_an_image_says_what_it_shows_and_how_we_know(client, conn):
    added = add_image(conn)
    for score in (0.6, 0.8):
        truck = add_detection(conn, added.content_id, "truck", score=score)
        add_link(conn, added.image_id, "vehicle.truck", detection_id=truck, score=score)
    add_link(conn, added.image_id, "person.child")
    chips = client.get(f"/api/images/{added.image_id}").json()["taxa"]
    assert [(it["taxon"], it["source"], it["score"]) for it in chips] == [
        ("person.child", "keyword", None),
        ("vehicle.truck", "detection", pytest.approx(0.8)),
    ]
    assert chips[1]["names"]["en"] == "Truck"


def test_models_say_who_is_read_who_is_filled_and_how_far(client, conn):
    """One picture of two is done by the old model, none by the new one."""
    done, waiting = add_image(conn), add_image(conn)
    for one in (done, waiting):
        conn.execute(
            "insert into thumbnails values (%s, '0123456789abcdef', 3, 4, '{256}', 1,"
            " '\\x0102', 255, 'x', null)",
            [one.content_id],
        )
    conn.execute("update images set thumbhash = '\\x01'")
    add_producer(conn, "embeddings", EMBEDDER, model="clip-b32-256", weights_hash="0")
    add_embedding(conn, done.content_id, [1, 0])
    conn.execute(
        "insert into analyses values ('embeddings', %s, %s, 1)",
        [EMBEDDER, done.content_id],
    )
    conn.execute(
        "insert into producers (producer_id, asset, code_version, model)"
        " values ('ffffffffffffffff', 'embeddings', '1', 'siglip2-b16-256')"
    )
    conn.execute(
        "update active_producers set filling = 'ffffffffffffffff'"
        " where asset = 'embeddings'"
    )
    conn.commit()
    states = {it["asset"]: it for it in client.get("/api/models").json()}
    assert list(states) == ["detections", "masks", "embeddings", "crop_embeddings"]
    assert "looked" in states["detections"]["reason"]
    embeddings = states["embeddings"]
    assert embeddings["role"] == "embedder"
    assert embeddings["active"] == {
        "model": "clip-b32-256",
        "producer_id": EMBEDDER,
        "contents": 2,
        "done": 1,
        "failed": 0,
    }
    assert embeddings["filling"]["model"] == "siglip2-b16-256"
    assert (embeddings["filling"]["done"], embeddings["previous"]) == (0, None)


def test_masks_of_a_segmenter_that_is_not_read_are_not_shown(client, conn, mask):
    added = add_image(conn)
    truck = add_detection(conn, added.content_id, "truck")
    add_mask(conn, truck, mask)
    conn.execute("delete from active_producers where producer_id = %s", [SEGMENTER])
    conn.commit()
    (found,) = client.get(f"/api/images/{added.image_id}/detections").json()[
        "detections"
    ]
    assert found["mask"] is None
    assert client.get(f"/api/masks/{truck}.png").status_code == 404
