"""A model change is a switch, never an outage: filled beside, read at once, undone."""

import psycopg
import pytest

from home_media_pipelines.db.admin import prune, purge, status
from home_media_pipelines.db.errors import NotCoveredError
from home_media_pipelines.db.tables.inventory.problems import of_content, record
from home_media_pipelines.db.tables.vision import models, producers, vector_indexes
from tests.builders import NOW, add_image, content
from tests.db.seen import (
    add_crops,
    add_detections,
    add_embeddings,
    add_masks,
    maker,
    unit,
)

A, B = content("beach/a.jpg"), content("beach/b.jpg")
VECTORS = {A: unit(1, 0), B: unit(0, 1)}


@pytest.fixture(autouse=True)
def pictures(conn: psycopg.Connection) -> None:
    """Two images."""
    add_image(conn, "beach/a.jpg")
    add_image(conn, "beach/b.jpg")


def read(conn: psycopg.Connection, asset: str = "embeddings") -> str | None:
    return producers.active(conn, asset)


def set_target(
    conn: psycopg.Connection, asset: str, model: str, **inputs: object
) -> str:
    return producers.set_target(conn, maker(asset, model, **inputs))


def see(conn: psycopg.Connection, model: str) -> dict[str, str]:
    """Everything that follows from a detector, wanted and done."""
    seen = set_target(conn, "detections", model)
    drawn = set_target(conn, "masks", "sam", detections=seen)
    cut = set_target(conn, "crop_embeddings", "clip", masks=drawn)
    found = add_detections(conn, seen, {A: [model], B: [model, model]})
    add_masks(conn, drawn, found)
    add_crops(conn, cut, found)
    return {"detections": seen, "masks": drawn, "crop_embeddings": cut}


def test_a_new_model_is_read_once_it_has_seen_everything(
    conn: psycopg.Connection,
) -> None:
    old = set_target(conn, "embeddings", "old")
    add_embeddings(conn, old, VECTORS)
    new = set_target(conn, "embeddings", "new")
    assert read(conn) == old
    assert producers.targets(conn, ["embeddings", "masks"]) == {"embeddings": new}
    add_embeddings(conn, new, {A: unit(1, 0)})
    assert models.coverage(conn, "embeddings", new).share == 0.5
    assert models.switch_ready(conn) == []
    with pytest.raises(NotCoveredError, match=r"only 50\.0 % is done"):
        models.switch(conn, ["embeddings"])
    assert read(conn) == old
    add_embeddings(conn, new, VECTORS)
    assert models.switch_ready(conn) == ["embeddings"]
    (now,) = models.switch(conn, ["embeddings"])
    assert (now.model, now.previous_model, now.filling) == ("new", "old", None)
    assert models.switch_ready(conn) == []


def test_what_failed_for_good_does_not_hold_up_a_switch(
    conn: psycopg.Connection,
) -> None:
    add_embeddings(conn, set_target(conn, "embeddings", "old"), VECTORS)
    new = set_target(conn, "embeddings", "new")
    add_embeddings(conn, new, {A: unit(1, 0)})
    bad = [of_content(B, "no picture", permanent=True)]
    record(conn, "embeddings", bad, producer_id=new, now=NOW)
    assert models.switch_ready(conn) == ["embeddings"]


def test_a_switch_can_be_forced(conn: psycopg.Connection) -> None:
    add_embeddings(conn, set_target(conn, "embeddings", "old"), VECTORS)
    new = set_target(conn, "embeddings", "new")
    models.switch(conn, ["embeddings"], share=0)
    assert read(conn) == new


def test_nothing_is_filled_beside_a_model_that_saw_nothing(
    conn: psycopg.Connection,
) -> None:
    set_target(conn, "embeddings", "old")
    new = set_target(conn, "embeddings", "new")
    assert read(conn) == new
    assert prune.prune(conn)[0].model == "old"


def test_wanting_the_old_model_again_ends_the_filling(conn: psycopg.Connection) -> None:
    old = set_target(conn, "embeddings", "old")
    add_embeddings(conn, old, VECTORS)
    set_target(conn, "embeddings", "new")
    set_target(conn, "embeddings", "old")
    assert producers.targets(conn, ["embeddings"]) == {"embeddings": old}


def test_a_detector_takes_all_that_builds_on_it_along(conn: psycopg.Connection) -> None:
    old = see(conn, "old")
    new_detector = set_target(conn, "detections", "new")
    new_masks = set_target(conn, "masks", "sam", detections=new_detector)
    add_masks(conn, new_masks, add_detections(conn, new_detector, {A: [], B: ["new"]}))
    set_target(conn, "crop_embeddings", "clip", masks=new_masks)
    assert models.switch_ready(conn) == []  # the crops are not there yet
    labels = conn.execute("select label, images, detections from gallery.label_counts")
    assert labels.fetchall() == [("old", 2, 3)]
    new = see(conn, "new")  # what is done is left alone
    assert models.switch_ready(conn) == ["detections", "masks", "crop_embeddings"]
    models.switch(conn, ["masks"])
    assert {asset: read(conn, asset) for asset in new} == new
    labels = conn.execute("select label, images, detections from gallery.label_counts")
    assert labels.fetchall() == [("new", 1, 1)]
    models.rollback(conn, models.CHAINS["detector"])
    assert {asset: read(conn, asset) for asset in old} == old


def test_going_back_lasts_until_somebody_asks_for_the_new_model(
    conn: psycopg.Connection,
) -> None:
    old = set_target(conn, "embeddings", "old")
    add_embeddings(conn, old, VECTORS)
    new = set_target(conn, "embeddings", "new")
    add_embeddings(conn, new, VECTORS)
    models.switch(conn, ["embeddings"])
    (now,) = models.rollback(conn, ["embeddings"])
    assert (now.model, now.previous_model) == ("old", "new")
    set_target(conn, "embeddings", "new")  # the settings still say so
    assert models.switch_ready(conn) == []
    models.choose(conn, "embedder", "new")
    assert models.choices(conn) == {"embedder": "new"}
    assert models.switch_ready(conn) == ["embeddings"]


def test_nothing_goes_back_to_rows_that_build_on_what_is_not_read(
    conn: psycopg.Connection,
) -> None:
    """Masks of the old detector are no use without its boxes."""
    see(conn, "old")
    new = see(conn, "new")
    models.switch(conn, models.CHAINS["detector"])
    assert models.rollback(conn, ["masks"]) == []
    assert read(conn, "masks") == new["masks"]


def test_pruning_keeps_what_is_read_filled_or_the_way_back(
    conn: psycopg.Connection,
) -> None:
    first = see(conn, "first")
    for model in ("second", "third"):
        see(conn, model)
        models.switch(conn, models.CHAINS["detector"])
    fourth = set_target(conn, "detections", "fourth")
    bad = [of_content(B, "no picture", permanent=True)]
    record(conn, "detections", bad, producer_id=first["detections"], now=NOW)
    gone = prune.prune(conn)
    assert [(it.asset, it.producer_id, it.rows) for it in gone] == [
        (asset, producer_id, 3) for asset, producer_id in first.items()
    ]
    left = conn.execute("select model from producers where asset = 'detections'")
    assert {model for (model,) in left} == {"second", "third", "fourth"}
    assert producers.targets(conn, ["detections"]) == {"detections": fourth}
    assert prune.prune(conn) == []


def test_status_says_under_which_model_things_are_fresh(
    conn: psycopg.Connection,
) -> None:
    old = set_target(conn, "embeddings", "old")
    add_embeddings(conn, old, VECTORS)
    add_image(conn, "snow/c.jpg")
    new = set_target(conn, "embeddings", "new")
    add_embeddings(conn, new, {A: unit(1, 0), content("snow/c.jpg"): unit(1, 0)})
    totals = {it.asset: it for it in status.assets(conn)}
    assert "masks" not in totals
    it = totals["embeddings"]
    assert (it.fresh, it.stale, it.failed, it.waiting) == (2, 1, 0, 0)
    assert (it.model, it.producer_id, it.filling) == ("old", old, "new")
    assert it.filled == pytest.approx(2 / 3)


def test_folders_do_not_wait_for_networks(conn: psycopg.Connection) -> None:
    """Whether a folder is up to date is a matter of its files."""
    set_target(conn, "embeddings", "old")
    found = conn.execute("select asset, waiting from library_freshness").fetchall()
    assert "embeddings" not in dict(found)
    assert ("photos/beach", "embeddings") in status.unfinished(conn)


def test_a_purge_forgets_what_networks_saw(conn: psycopg.Connection) -> None:
    see(conn, "old")
    add_embeddings(conn, set_target(conn, "embeddings", "old"), VECTORS)
    conn.execute("insert into key_frames values (%s, 0, %s, 1, 2, 2)", [A, read(conn)])
    conn.execute("update files set missing_since = '2020-01-01' where name = 'a.jpg'")
    gone = purge.purge(conn, before=NOW, now=NOW)
    assert gone.key_frames == [(A, 0)]
    for table in ("analyses", "detections", "embeddings"):
        left = conn.execute(f"select distinct content_id from {table}")  # pyright: ignore[reportArgumentType]
        assert left.fetchall() == [(B,)], table
    assert conn.execute("select count(*) from crop_embeddings").fetchone() == (2,)


def test_many_vectors_get_an_index_that_goes_with_their_producer(
    conn: psycopg.Connection, database_url: str
) -> None:
    made = set_target(conn, "embeddings", "old")
    add_embeddings(conn, made, VECTORS)
    other = producers.register(conn, maker("embeddings", "longer"))
    add_embeddings(conn, other, {A: unit(1, 2, 3)})
    conn.commit()
    with psycopg.connect(database_url, autocommit=True) as builder:
        assert not vector_indexes.ensure(builder, "embeddings", made)  # two are few
        assert vector_indexes.ensure(builder, "embeddings", made, few=1)
        assert not vector_indexes.ensure(builder, "embeddings", made, few=1)
        assert vector_indexes.exists(builder, "embeddings", made)
        builder.execute("set enable_seqscan = off")
        builder.execute("set enable_bitmapscan = off")
        builder.execute("set enable_sort = off")
        plan = builder.execute(
            "explain select content_id from embeddings where producer_id = "
            f"'{made}' order by embedding::halfvec(2) <#> '[1,0]' limit 1"  # pyright: ignore[reportArgumentType]
        ).fetchall()
        name = vector_indexes.index_name("embeddings", made)
        assert any(name in line for (line,) in plan), plan
        builder.execute(
            "update pg_index set indisvalid = false where indexrelid = %s::regclass",
            [name],
        )
        assert vector_indexes.ensure(builder, "embeddings", made, few=1)  # was broken
    set_target(conn, "embeddings", "new")
    models.switch(conn, ["embeddings"], share=0)
    add_embeddings(conn, read(conn) or "", VECTORS)
    set_target(conn, "embeddings", "newest")
    models.switch(conn, ["embeddings"], share=0)
    assert {it.model for it in prune.prune(conn)} == {"old", "longer"}
    assert not vector_indexes.exists(conn, "embeddings", made)
