"""What networks found: stored whole or not at all, and looked for once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import numpy as np
import psycopg
import pytest

from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.inventory.problems import of_content
from home_media_pipelines.db.tables.pictures import key_frames
from home_media_pipelines.db.tables.vision import (
    analyses,
    backlog,
    detections,
    embeddings,
    masks,
    producers,
)
from home_media_pipelines.db.tables.vision.embeddings import Embedding, embeddings_table
from home_media_pipelines.io.key_frames import KeyFrame
from tests.builders import NOW, add_image, content, producer
from tests.db.seen import (
    SQUARE,
    add_crops,
    add_detections,
    add_embeddings,
    add_masks,
    maker,
    unit,
)

A, B = content("beach/a.jpg"), content("beach/b.jpg")
BEACH = ["photos/beach"]


@pytest.fixture
def pictures(conn: psycopg.Connection) -> None:
    """Two images of a folder; b is the newer one."""
    add_image(conn, "beach/a.jpg", taken_at=datetime(2020, 1, 1))
    add_image(conn, "beach/b.jpg", taken_at=datetime(2021, 1, 1))


def waiting(conn: psycopg.Connection, asset: str, producer_id: str) -> list[str]:
    found = analyses.pending(conn, asset, BEACH, producer_id)
    return [it.content_id for it in found]


def rows(conn: psycopg.Connection) -> tuple[int, ...]:
    found = conn.execute(
        "select (select count(*) from detections), (select count(*) from masks),"
        " (select count(*) from crop_embeddings), (select count(*) from analyses)"
    ).fetchone()
    return found or ()


@pytest.mark.usefixtures("pictures")
def test_the_newest_pictures_come_first_and_each_once(
    conn: psycopg.Connection,
) -> None:
    seen = producers.register(conn, maker("detections"))
    assert waiting(conn, "detections", seen) == [B, A]
    add_detections(conn, seen, {B: ["dog", "cat"], A: []})
    assert waiting(conn, "detections", seen) == []
    found = detections.of_contents(conn, seen, [A, B])
    assert {(it.label, it.content_id) for it in found} == {("dog", B), ("cat", B)}
    stored = conn.execute("select count, mean_score from analyses order by count")
    assert stored.fetchall() == [(0, None), (2, 0.5)]


@pytest.mark.usefixtures("pictures")
def test_what_builds_on_others_waits_for_them(conn: psycopg.Connection) -> None:
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    cut = producers.register(conn, maker("crop_embeddings", masks=drawn))
    assert waiting(conn, "masks", drawn) == []
    found = add_detections(conn, seen, {A: ["dog"]})
    assert waiting(conn, "masks", drawn) == [A]
    assert waiting(conn, "crop_embeddings", cut) == []
    add_masks(conn, drawn, found)
    assert waiting(conn, "masks", drawn) == []
    assert waiting(conn, "crop_embeddings", cut) == [A]
    add_crops(conn, cut, found)
    assert waiting(conn, "crop_embeddings", cut) == []


@pytest.mark.usefixtures("pictures")
def test_what_builds_on_a_failure_does_not_wait_for_it_forever(
    conn: psycopg.Connection,
) -> None:
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    bad = [of_content(A, "no picture", permanent=True)]
    problems.record(conn, "detections", bad, producer_id=seen, now=NOW)
    assert waiting(conn, "detections", seen) == [B]
    assert waiting(conn, "masks", drawn) == [A]


@pytest.mark.usefixtures("pictures")
def test_what_builds_on_two_waits_for_both(conn: psycopg.Connection) -> None:
    seen = producers.register(conn, maker("detections"))
    embedded = producers.register(conn, maker("embeddings"))
    both = maker("taxonomy_links", detections=seen, embeddings=embedded)
    linked = producers.register(conn, both)
    add_detections(conn, seen, {A: ["dog"], B: ["dog"]})
    assert waiting(conn, "taxonomy_links", linked) == []
    add_embeddings(conn, embedded, {A: unit(1, 0)})
    assert waiting(conn, "taxonomy_links", linked) == [A]
    bad = [of_content(B, "no picture", permanent=True)]
    problems.record(conn, "embeddings", bad, producer_id=embedded, now=NOW)
    assert waiting(conn, "taxonomy_links", linked) == [B, A]


@pytest.mark.usefixtures("pictures")
def test_looking_again_makes_what_was_built_on_it_wait_too(
    conn: psycopg.Connection,
) -> None:
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    add_masks(conn, drawn, add_detections(conn, seen, {A: ["dog"], B: ["cat"]}))
    analyses.forget(conn, seen, [A])
    assert rows(conn) == (2, 2, 0, 2)  # they are shown until there are new ones
    assert waiting(conn, "detections", seen) == [A]
    add_detections(conn, seen, {A: ["dog", "dog"]})
    assert rows(conn)[:2] == (3, 1)
    assert waiting(conn, "masks", drawn) == [A]


@pytest.mark.usefixtures("pictures")
def test_masks_of_boxes_that_are_gone_are_not_stored(
    conn: psycopg.Connection,
) -> None:
    """Somebody looked again while they were drawn; the others are kept."""
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    found = add_detections(conn, seen, {A: ["dog", "cat"], B: ["dog"]})
    analyses.forget(conn, seen, [A])
    add_detections(conn, seen, {A: ["dog"]})
    add_masks(conn, drawn, found)
    assert rows(conn)[:2] == (2, 1)
    assert waiting(conn, "masks", drawn) == [A]


@pytest.mark.usefixtures("pictures")
def test_another_producer_has_everything_to_do(conn: psycopg.Connection) -> None:
    """Another model, other parameters, other boxes to draw in: other rows."""
    one = producers.register(conn, maker("detections", "a"))
    two = producers.register(conn, maker("detections", "b"))
    drawn = producers.register(conn, maker("masks", detections=one))
    redrawn = producers.register(conn, maker("masks", detections=two))
    add_masks(conn, drawn, add_detections(conn, one, {A: ["dog"], B: []}))
    assert waiting(conn, "detections", two) == [B, A]
    assert waiting(conn, "masks", redrawn) == []
    add_detections(conn, two, {A: ["wolf"]})
    assert waiting(conn, "masks", redrawn) == [A]
    assert waiting(conn, "masks", drawn) == []


def test_a_video_waits_for_its_key_frames(conn: psycopg.Connection) -> None:
    add_image(conn, "beach/a.mp4", duration=3.0)
    film = content("beach/a.mp4")
    cutter = producer(conn, "key_frames")
    seen = producers.register(conn, maker("detections"))
    assert [it.name for it in key_frames.pending(conn, BEACH, cutter)] == ["a.mp4"]
    assert waiting(conn, "detections", seen) == []
    frames = [KeyFrame(0, 0.5, 64, 48), KeyFrame(1, 2.0, 64, 48)]
    key_frames.store(conn, {film: frames}, producer_id=cutter)
    assert key_frames.pending(conn, BEACH, cutter) == []
    (found,) = analyses.pending(conn, "detections", BEACH, seen)
    assert (found.frames, found.duration, found.kind) == (frames, 3.0, "video")
    add_detections(conn, seen, {film: ["dog"]})
    again = producer(conn, "key_frames", "2")
    key_frames.store(conn, {film: frames[:1]}, producer_id=again)
    assert waiting(conn, "detections", seen) == [film]
    assert key_frames.stored(conn, BEACH) == [(film, 0)]


def test_a_video_without_key_frames_is_looked_at_by_its_thumbnail(
    conn: psycopg.Connection,
) -> None:
    add_image(conn, "beach/a.mp4")
    film = content("beach/a.mp4")
    bad = [of_content(film, "no frame", permanent=True)]
    cutter = producer(conn, "key_frames")
    problems.record(conn, "key_frames", bad, producer_id=cutter, now=NOW)
    seen = producers.register(conn, maker("detections"))
    (found,) = analyses.pending(conn, "detections", BEACH, seen)
    assert found.frames == []
    assert found.sizes == [256, 512]


def test_folders_with_the_newest_work_come_first(conn: psycopg.Connection) -> None:
    for number, path in enumerate(["beach/a.jpg", "beach/b.jpg", "snow/c.jpg"]):
        add_image(conn, path, taken_at=datetime(2020 + number, 1, 1))
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    wanted = {"detections": seen, "masks": drawn}

    def due() -> list[tuple[str, int, int]]:
        found = backlog.due_folders(conn, wanted)
        return [(it.folder, it.contents, it.newest.year) for it in found]

    assert due() == [("photos/snow", 1, 2022), ("photos/beach", 2, 2021)]
    found = add_detections(conn, seen, {content("snow/c.jpg"): [], B: ["dog"]})
    assert due() == [("photos/snow", 1, 2022), ("photos/beach", 1, 2021)]
    add_masks(conn, drawn, found)
    add_detections(conn, seen, {A: []})
    add_masks(conn, drawn, {A: []})
    assert due() == []


def test_two_workers_on_the_same_pictures_give_one_result(database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        seen = producers.register(conn, maker("detections"))
        drawn = producers.register(conn, maker("masks", detections=seen))
        embedded = producers.register(conn, maker("embeddings"))
    start = Barrier(4)
    contents = [content(str(number)) for number in range(40)]

    def look(order: list[str], label: str) -> None:
        start.wait(20)
        for number in range(0, 40, 8):
            batch = order[number : number + 8]
            with psycopg.connect(database_url) as conn:
                add_detections(conn, seen, {key: [label, label] for key in batch})
            with psycopg.connect(database_url) as conn:
                found = detections.of_contents(conn, seen, batch)
                ids = {
                    key: [it.detection_id for it in found if it.content_id == key]
                    for key in batch
                }
                add_masks(conn, drawn, ids)
                add_embeddings(conn, embedded, {key: unit(1, 2) for key in batch})

    with ThreadPoolExecutor(4) as pool:
        orders = (contents, contents[::-1], contents, contents[::-1])
        for it in [pool.submit(look, order, str(n)) for n, order in enumerate(orders)]:
            it.result(60)
    with psycopg.connect(database_url) as conn:
        assert rows(conn) == (80, 80, 0, 120)
        mixed = conn.execute(
            "select content_id from detections"
            " group by 1 having min(label) <> max(label)"
        )
        assert mixed.fetchall() == []


@pytest.mark.usefixtures("pictures")
def test_a_worker_that_dies_while_it_writes_changes_nothing(
    conn: psycopg.Connection, database_url: str
) -> None:
    seen = producers.register(conn, maker("detections"))
    add_detections(conn, seen, {A: ["dog"], B: ["cat"]})
    analyses.forget(conn, seen, [A, B])
    conn.commit()
    before = rows(conn)
    conn.rollback()
    dying = psycopg.connect(database_url)
    add_detections(dying, seen, {A: ["wolf", "wolf"], B: []})
    conn.execute("select pg_terminate_backend(%s)", [dying.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        dying.commit()
    assert rows(conn) == before
    assert waiting(conn, "detections", seen) == [B, A]
    labels = conn.execute("select label from detections order by 1").fetchall()
    assert labels == [("cat",), ("dog",)]


@pytest.mark.parametrize(
    "bad", [[np.nan, 1], [np.inf, 0], [0, 0], [1, 1], [0.5, 0.5]], ids=str
)
def test_what_is_no_unit_vector_is_refused_with_its_whole_batch(
    conn: psycopg.Connection, bad: list[float]
) -> None:
    made = producers.register(conn, maker("embeddings"))
    conn.commit()
    found = [Embedding(A, unit(1, 0)), Embedding(B, np.array(bad, np.float32))]
    with pytest.raises((psycopg.errors.DataException, psycopg.errors.CheckViolation)):
        embeddings.store(
            conn, embeddings_table(found), producer_id=made, contents=[A, B]
        )
    conn.rollback()
    assert conn.execute("select count(*) from embeddings").fetchone() == (0,)
    assert rows(conn)[3] == 0


def test_vectors_come_back_as_they_were(conn: psycopg.Connection) -> None:
    """Within half precision; a batch without any is fine too."""
    made = producers.register(conn, maker("embeddings"))
    add_embeddings(conn, made, {})
    add_embeddings(conn, made, {A: unit(3, 4), B: unit(1, 0)})
    back = embeddings.sample(conn, made, 10)
    expected = [unit(3, 4), unit(1, 0)] if A < B else [unit(1, 0), unit(3, 4)]
    np.testing.assert_allclose(back, expected, atol=1e-3)
    assert embeddings.count_odd_norms(conn, made) == 0


@pytest.mark.usefixtures("pictures")
def test_masks_come_back_with_their_frames(conn: psycopg.Connection) -> None:
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    found = add_detections(conn, seen, {A: ["dog"], B: []})
    add_masks(conn, drawn, found)
    (mask,) = masks.of_contents(conn, drawn, [A, B])
    assert (mask.detection_id, mask.frame) == (found[A][0], 0)
    assert mask.pixels.counts == SQUARE.counts
    assert masks.sample(conn, drawn, 5)[0][0] == mask.detection_id
    assert detections.count_outside(conn, seen) == 0
    assert analyses.mean_scores(conn, "masks")[drawn] == (1, pytest.approx(0.9))


@pytest.mark.parametrize(
    "change",
    [
        "update detections set score = 1.5",
        "update detections set x = 0.9",
        "update detections set width = 0",
        "update masks set x = 1023",
        "update masks set area = 2",
    ],
)
@pytest.mark.usefixtures("pictures")
def test_what_cannot_be_is_refused(conn: psycopg.Connection, change: str) -> None:
    seen = producers.register(conn, maker("detections"))
    drawn = producers.register(conn, maker("masks", detections=seen))
    add_masks(conn, drawn, add_detections(conn, seen, {A: ["dog"]}))
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(change)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("said_by", ["a file", "a person"])
def test_new_keywords_are_linked_again(conn: psycopg.Connection, said_by: str) -> None:
    image = add_image(conn, "beach/a.jpg", keywords=["dog"])
    linked = producers.register(conn, maker("taxonomy_links"))
    done = "insert into analyses values ('taxonomy_links', %s, %s, 0)"
    conn.execute(done, [linked, A])
    conn.execute("update images set rating = 3")
    assert waiting(conn, "taxonomy_links", linked) == []
    if said_by == "a file":
        conn.execute("update images set keywords = '{cat}'")
    else:
        conn.execute(
            "insert into curation.events (image_id, field, value, said_by)"
            """ values (%s, 'keywords', '["cat"]', 'a test')""",
            [image],
        )
    assert waiting(conn, "taxonomy_links", linked) == [A]
