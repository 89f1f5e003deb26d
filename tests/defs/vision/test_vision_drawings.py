"""The networks of the package over a folder of drawings: found, masked, embedded."""

import shutil
from dataclasses import replace

import dagster as dg
import numpy as np
import pytest

from home_media_pipelines.core.vision import rle
from home_media_pipelines.core.vision.rle import CroppedMask
from home_media_pipelines.defs.vision import target_producers
from home_media_pipelines.models import registry
from home_media_pipelines.sample.scenes import Figure, draw
from tests.defs.conftest import why
from tests.io.test_key_frames import film

pytest.importorskip("torch")
pytestmark = pytest.mark.xdist_group("models")

CAST = ("dog", "truck", "cat", "boat")
PLACES = {"dog": "meadow", "truck": "city", "cat": "snow", "boat": "lake"}


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    import torch

    torch.set_num_threads(1)
    monkeypatch.setenv("HOME_MEDIA_MODELS", "tiny")


@pytest.fixture
def drawings(root, run, instance):
    """A library of four drawings and a film, brought up to date without networks."""
    drawn = {}
    (root / "a").mkdir()
    for number, thing in enumerate(CAST):
        scene = draw(900 + number, PLACES[thing], (640, 480), cast=(Figure(thing),))
        scene.image.save(root / "a" / f"{number}-{thing}.jpg", quality=92)
        drawn[f"{number}-{thing}.jpg"] = scene
    film(root / "a" / "film.mp4", 3)
    run("walk")
    instance.add_dynamic_partitions("folder", ["photos/a"])
    run("new_folders", partition_key="photos/a")
    return drawn


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return (one & other).sum() / (one | other).sum()


def test_what_is_drawn_is_found_with_its_pixels_and_the_checks_agree(
    drawings, run_vision, graph, instance, rows, database_url
):
    assert run_vision("photos/a").success

    found = rows(
        """
        select f.name, d.label, m.picture_width, m.picture_height, m.x, m.y, m.width,
               m.height, m.rle, m.area
          from files f
          join gallery.detections d using (content_id)
          join gallery.masks m using (detection_id)
        """
    )
    right = 0
    for name, scene in drawings.items():
        (thing,) = scene.objects
        masks = [
            rle.paste(CroppedMask(*it[2:]))
            for it in found
            if it[:2] == (name, thing.label)
        ]
        right += any(overlap(mask, thing.mask) >= 0.7 for mask in masks)
    assert right >= 3, found

    ((frames, embedded),) = rows(
        """
        select (select count(*) from key_frames),
               (select count(*) from embeddings e join key_frames k
                 using (content_id, frame) where e.time_offset = k.time_offset)
        """
    )
    assert frames == embedded == 3
    ((crops, of_masks),) = rows(
        "select (select count(*) from crop_embeddings), (select count(*) from masks)"
    )
    assert crops == of_masks > 0

    checks = graph.resolve_asset_graph().asset_check_keys
    ours = [
        it for it in checks if it.asset_key.to_user_string() in target_producers.ASSETS
    ]
    job = graph.resolve_implicit_global_asset_job_def()
    result = job.get_subset(
        asset_selection=set(), asset_check_selection=set(ours)
    ).execute_in_process(instance=instance)
    answers = {it.check_name: it.passed for it in result.get_asset_check_evaluations()}
    assert len(answers) == len(ours) >= 10
    assert all(answers.values()), answers


def test_masks_come_from_the_detector_where_no_segmenter_is_chosen(
    drawings, run_vision, rows, database_url
):
    from home_media_pipelines.db.connect import connect
    from home_media_pipelines.db.tables.vision import models

    with connect(database_url) as conn:
        models.choose(conn, "segmenter", "none")

    assert run_vision("photos/a", assets=["detections", "masks"]).success

    ((model, source),) = rows(
        "select model, parameters ->> 'source' from producers where asset = 'masks'"
    )
    assert (model, source) == ("tiny-yolo", "detector")
    ((detections, masks),) = rows(
        "select (select count(*) from detections), (select count(*) from masks)"
    )
    assert 0 < masks <= detections


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The tiny embedder as a copy that a test may damage, with its checksums known."""
    from home_media_pipelines.models.weights import sha256_of

    model = registry.get("tiny-clip")
    folder = tmp_path / "copied"
    shutil.copytree(model.folder, folder)
    files = tuple(
        replace(file, sha256=sha256_of(folder / file.name)) for file in model.files
    )
    copy = replace(model, files=files, folder=folder)
    profile = registry.of_profile("tiny") | {"embedder": copy}
    monkeypatch.setattr(target_producers.registry, "of_profile", lambda _: profile)
    return folder / "open_clip_model.safetensors"


def test_damaged_weights_are_an_error_of_the_checksum_and_nothing_is_written(
    drawings, run_vision, rows, copied
):
    data = bytearray(copied.read_bytes())
    data[len(data) // 2] ^= 1
    copied.write_bytes(data)

    result = run_vision("photos/a", assets=["embeddings"])

    assert not result.success
    assert "is damaged: expected" in why(result)
    assert rows("select count(*) from embeddings") == [(0,)]
    assert rows("select count(*) from problems where asset = 'embeddings'") == [(0,)]


def test_weights_that_give_no_numbers_store_no_vector_and_blame_no_picture(
    drawings, run_vision, rows, copied, monkeypatch
):
    """As a half-precision overflow would, or a model file gone bad."""
    import torch
    from safetensors.torch import load_file, save_file

    nan = {
        name: torch.full(tensor.shape, float("nan"), dtype=torch.float16)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in load_file(copied).items()
    }
    save_file(nan, copied)
    monkeypatch.setattr(target_producers.weights, "verify", lambda *_: "as it is")
    monkeypatch.setattr(
        "home_media_pipelines.models.embedder.weights.verify", lambda *_: "as it is"
    )

    result = run_vision("photos/a", assets=["embeddings"])

    assert not result.success
    assert "not finite" in why(result)
    assert rows("select count(*) from embeddings") == [(0,)]
    assert rows("select count(*) from problems where asset = 'embeddings'") == [(0,)]


def test_a_person_sees_the_numbers_of_each_pass_in_dagster(
    drawings, run_vision, instance
):
    run_vision("photos/a", assets=["embeddings"])
    event = instance.get_latest_materialization_event(dg.AssetKey("embeddings"))
    made = event.asset_materialization.metadata
    assert made["images"].value == 5
    assert made["vectors"].value == 4 + 3
    assert made["model"].value == "tiny-clip"
    assert made["batch_size"].value >= 1
    assert made["gpu_memory_mb"].value == 0
