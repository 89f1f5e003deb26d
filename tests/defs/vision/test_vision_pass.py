"""Networks over folders: what is stored, what a bad picture costs, what is done twice.

The networks are fakes; database, files and Dagster are real.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import dagster as dg
import pytest

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.pictures import thumbnails as thumbnail_rows
from home_media_pipelines.db.tables.pictures.thumbnails import ThumbnailRow
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.defs.vision import target_producers
from home_media_pipelines.defs.vision import vision_pass as seeing
from home_media_pipelines.defs.vision.detections import detect
from home_media_pipelines.defs.vision.vision_pass import VisionResources
from home_media_pipelines.io.thumbnails import make_thumbnails
from home_media_pipelines.models.devices import CPU
from tests.builders import add_image, content, producer
from tests.defs.conftest import draw, why
from tests.defs.fakes import Fake, Roles

VISION = ("detections", "masks", "embeddings", "crop_embeddings")


@pytest.fixture(autouse=True)
def networks(monkeypatch) -> Roles:
    """Fakes in the place of the tiny networks."""
    monkeypatch.setenv("HOME_MEDIA_MODELS", "tiny")
    roles = Roles()
    monkeypatch.setattr(seeing, "open_network", roles.open)
    monkeypatch.setattr(seeing.devices, "choose", lambda _: CPU)
    monkeypatch.setattr(
        target_producers.weights, "verify", lambda model, _: f"hash {model.name}"
    )
    monkeypatch.setattr(target_producers, "missing_packages", lambda _: ())
    return roles


@pytest.fixture
def add(database_url, tmp_path):
    """Add a picture of one colour with its real thumbnails; returns its content_id."""

    def one(path: str, colour: tuple[int, int, int] = (40, 160, 40)) -> str:
        source = draw(tmp_path / "drawn" / path, colour)
        directory = tmp_path / "state" / "derived" / "thumbnails"
        with connect(database_url) as conn:
            add_image(conn, path)
            made = make_thumbnails(source, content(path), "jpeg", None, directory)
            row = ThumbnailRow(
                content(path), made.width, made.height, list(made.sizes), made.bytes,
                made.thumbhash, made.mean_color, made.decoder, None,
            )  # fmt: skip
            thumbnail_rows.upsert(conn, [row], producer(conn, "thumbnails"))
        return content(path)

    return one


def counts(rows) -> tuple:
    query = "select " + ", ".join(f"(select count(*) from {it})" for it in VISION)
    return rows(query)[0]


def test_a_folder_is_seen_by_every_network(add, run_vision, rows, instance):
    add("beach/a.jpg")
    add("beach/black.jpg", (0, 0, 0))

    assert run_vision("photos/beach").success

    assert counts(rows) == (1, 1, 2, 1)
    ((label, score, x, width),) = rows("select label, score, x, width from detections")
    assert (label, x, width) == ("dog", 0.25, 0.5)
    assert score == pytest.approx(0.9)
    ((area, stability),) = rows("select area, stability from masks")
    assert (area, stability) == pytest.approx((0.25, 0.7))
    done = rows(
        "select asset, count from analyses where asset <> 'taxonomy_links'"
        " order by asset, count"
    )
    assert done == [
        ("crop_embeddings", 0),
        ("crop_embeddings", 1),
        ("detections", 0),
        ("detections", 1),
        ("embeddings", 1),
        ("embeddings", 1),
        ("masks", 0),
        ("masks", 1),
    ]
    for asset in VISION:
        event = instance.get_latest_materialization_event(dg.AssetKey(asset))
        made = event.asset_materialization
        assert made.partition == "photos/beach"
        assert made.tags["dagster/code_version"]
        assert made.metadata["images"].value == 2
        assert made.metadata["images_per_s"].value > 0
        assert made.metadata["device"].value == "cpu"


def test_only_what_is_new_is_looked_at(add, run_vision, networks, rows):
    """One new photo in a folder of 5,000 costs one photo."""
    for number in range(6):
        add(f"beach/{number}.jpg")
    run_vision("photos/beach")
    before = rows("select xmin::text from detections order by 1")
    networks["detector"].shown = networks["embedder"].shown = 0

    add("beach/new.jpg")
    run_vision("photos/beach")

    assert networks["detector"].shown == 1
    assert networks["embedder"].shown == 2  # the picture and the dog in it
    assert set(before) <= set(rows("select xmin::text from detections"))


def test_a_segmenter_sees_each_picture_once_and_none_without_boxes(
    add, run_vision, networks
):
    """Its encoder is the dearest of all."""
    networks["detector"].look = lambda _: [
        *Roles()["detector"].look(_),
        *Roles()["detector"].look(_),
    ]
    add("beach/a.jpg")
    add("beach/black.jpg", (0, 0, 0))
    run_vision("photos/beach")
    assert networks["segmenter"].shown == 1


def test_a_picture_that_cannot_be_read_is_a_problem_and_the_rest_is_done(
    add, run_vision, rows, tmp_path
):
    add("beach/a.jpg")
    broken = add("beach/b.jpg")
    for path in tmp_path.glob(f"state/derived/thumbnails/??/??/{broken}-*.jpg"):
        path.write_bytes(path.read_bytes()[:100])

    assert run_vision("photos/beach").success

    assert rows("select count(*) from detections") == [(1,)]
    found = rows("select asset, subject, attempts, permanent from problems order by 1")
    assert found == [
        ("detections", broken, 1, False),
        ("embeddings", broken, 1, False),
    ]


def test_a_vector_that_is_not_finite_is_refused_and_costs_its_picture(
    add, run_vision, rows
):
    add("beach/a.jpg")
    red = add("beach/red.jpg", (250, 10, 10))
    run_vision("photos/beach")
    found = rows("select subject, reason from problems where asset = 'embeddings'")
    assert found == [(red, "ValueError: not finite")]
    assert rows("select count(*) from embeddings") == [(1,)]


def test_what_fails_again_and_again_is_left_alone(add, run_vision, networks):
    add("beach/red.jpg", (250, 10, 10))
    for _ in range(3):
        run_vision("photos/beach", assets=["embeddings"])
    networks["embedder"].shown = 0
    run_vision("photos/beach", assets=["embeddings"])
    assert networks["embedder"].shown == 0


def test_a_broken_network_blames_no_picture(add, run_vision, networks, rows):
    """A driver that fell over is not the fault of ten thousand photographs."""

    def fails(_):
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    networks["embedder"].look = fails
    add("beach/a.jpg")

    result = run_vision("photos/beach")

    assert not result.success
    assert rows("select count(*) from problems") == [(0,)]
    assert counts(rows) == (1, 1, 0, 0)
    ((failure,),) = [[e] for e in result.all_events if e.is_step_failure]
    assert (
        "illegal memory access"
        in failure.step_failure_data.user_failure_data.description
    )


def test_out_of_memory_halves_the_batch_and_goes_on(add, run_vision, networks, rows):
    """Forced: no more than one picture fits."""

    def run(batch):
        if len(batch) > 1:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return Fake.run(networks["detector"], batch)

    networks["detector"].run = run
    for number in range(5):
        add(f"beach/{number}.jpg")

    assert run_vision("photos/beach").success

    assert rows("select count(*) from detections") == [(5,)]
    assert rows("select count(*) from problems") == [(0,)]


def test_missing_weights_fail_the_run_and_write_nothing(
    add, run_vision, monkeypatch, rows, tmp_path
):
    from home_media_pipelines.models.errors import MissingWeightsError

    def missing(model, _):
        raise MissingWeightsError(model.name, tmp_path / model.name, "https://x/y")

    monkeypatch.setattr(target_producers.weights, "verify", missing)
    add("beach/a.jpg")

    result = run_vision("photos/beach")

    assert not result.success
    assert "home-media models fetch tiny-yolo" in why(result)
    assert rows("select count(*) from problems") == [(0,)]
    assert counts(rows) == (0, 0, 0, 0)


@pytest.fixture
def choose(graph, database_url):
    """Choose the producers of this machine, as who asks for work does."""

    def set_targets() -> None:
        with connect(database_url) as conn:
            networks = graph.resources["networks"]
            for goal in target_producers.target_producers(conn, networks).values():
                producers.set_target(conn, goal.producer)

    return set_targets


def materialise(graph, instance, asset: str, folder: str):
    """Make an asset of a folder as a person does in Dagster's UI."""
    instance.add_dynamic_partitions("folder", [folder])
    return graph.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        partition_key=folder,
        asset_selection=[dg.AssetKey(asset)],
        raise_on_error=False,
    )


CHOSEN = """
    select asset, producer_id, filling from active_producers
     where asset in ('detections', 'masks', 'embeddings', 'crop_embeddings') order by 1
"""


def test_a_machine_with_other_weights_refuses_whoever_started_the_run(
    add, run_vision, choose, monkeypatch, rows, graph, instance
):
    """It filled the library with its own: a night, or a click in Dagster's UI."""
    add("beach/a.jpg")
    choose()
    chosen = rows(CHOSEN)
    monkeypatch.setattr(target_producers.weights, "verify", lambda *_: "other weights")

    night = run_vision("photos/beach", assets=["embeddings"], hours=1)
    click = materialise(graph, instance, "embeddings", "photos/beach")

    for result in (night, click):
        assert not result.success
        assert why(result).startswith("embeddings: weights, profile or version of this")
    assert rows(CHOSEN) == chosen
    assert counts(rows) == (0, 0, 0, 0)


def test_of_two_machines_the_first_chooses_where_nobody_has(
    add, run_vision, monkeypatch, rows
):
    add("beach/a.jpg")
    assert run_vision("photos/beach").success
    chosen = rows(CHOSEN)
    assert len(chosen) == 4
    monkeypatch.setattr(target_producers.weights, "verify", lambda *_: "other weights")
    assert not run_vision("photos/beach").success
    assert rows(CHOSEN) == chosen


def test_another_model_means_other_rows_and_the_old_ones_stay(
    add, run_vision, choose, monkeypatch, rows
):
    """What was filled stays readable until the new one is complete."""
    add("beach/a.jpg")
    run_vision("photos/beach")
    monkeypatch.setattr(target_producers.weights, "verify", lambda *_: "other weights")
    choose()

    run_vision("photos/beach")

    assert counts(rows) == (2, 2, 2, 2)
    chain = rows(
        """
        select count(distinct d.producer_id), count(distinct m.producer_id)
          from detections d join masks m using (detection_id)
          join producers p on p.producer_id = m.producer_id
         where p.parameters ->> 'detections' = d.producer_id
        """
    )
    assert chain == [(2, 2)]


def test_a_night_that_is_too_short_does_the_newest_folders(
    add, run_vision, rows, instance
):
    add("beach/a.jpg")
    run_vision("photos/beach", hours=0.0)
    assert counts(rows) == (0, 0, 0, 0)
    assert instance.get_latest_materialization_event(dg.AssetKey("detections")) is None


def test_an_asset_can_be_made_alone_for_a_partition(
    add, networks, graph, instance, rows
):
    """As a person does it in Dagster's UI."""
    add("beach/a.jpg")
    instance.add_dynamic_partitions("folder", ["photos/beach"])
    job = graph.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance,
        partition_key="photos/beach",
        asset_selection=[dg.AssetKey("embeddings")],
    )
    assert result.success
    (made,) = result.asset_materializations_for_node("embeddings")
    assert made.metadata["vectors"].value == 1
    assert made.metadata["producer"].value
    assert counts(rows) == (0, 0, 1, 0)


def test_two_workers_on_one_folder_give_one_result(
    add, graph, networks, database_url, rows, tmp_path
):
    """A run that was believed dead may still be at work when the next one begins."""
    for number in range(4):
        add(f"beach/{number}.jpg")
    both = threading.Barrier(2)
    look = networks["detector"].look

    def together(picture):
        with suppress(threading.BrokenBarrierError):
            both.wait(60)  # neither stores before the other looks
        return look(picture)

    networks["detector"].look = together
    resources = graph.resources
    resources = VisionResources(
        Database(url=database_url),
        resources["networks"],
        resources["thumbnail_store"],
        resources["key_frame_store"],
    )
    with ThreadPoolExecutor(2) as workers:
        runs = [workers.submit(detect, resources, ["photos/beach"]) for _ in range(2)]
        for it in runs:
            it.result()

    assert networks["detector"].shown == 8
    assert rows("select count(*) from detections") == [(4,)]
    assert rows("select count(*) from analyses") == [(4,)]


def test_what_was_filled_is_read_once_it_covers_everything(
    add, run_vision, choose, monkeypatch, rows
):
    """Nobody has to watch: search goes over to the new model by itself."""
    add("beach/a.jpg")
    add("lake/b.jpg")
    run_vision("photos/beach", "photos/lake")
    (before,) = rows("select producer_id from active_producers where asset = 'masks'")
    monkeypatch.setattr(target_producers.weights, "verify", lambda *_: "other weights")
    choose()

    run_vision("photos/beach")
    half = "select producer_id, filling is null from active_producers"
    assert rows(f"{half} where asset = 'masks'") == [(*before, False)]

    run_vision("photos/lake")
    ((after, done),) = rows(f"{half} where asset = 'masks'")
    assert done
    assert after != before[0]
    assert rows("select count(*) from gallery.masks") == [(2,)]
    assert rows("select count(*) from masks") == [(4,)]
