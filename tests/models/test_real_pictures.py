"""The detector's whole path on real pictures, with weights that know real things.

What is tested is ours: the file made upright and small, letterboxing, channel order,
boxes and masks carried back. Skipped where the pictures or the weights are not.
"""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from home_media_pipelines.core.inventory.formats import sniff
from home_media_pipelines.core.pictures.render import render
from home_media_pipelines.models.detector import Detector, Found
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.open import open_network
from home_media_pipelines.models.registry import Model, WeightsFile
from home_media_pipelines.models.segmenter import overlap

pytestmark = pytest.mark.xdist_group("models")
pytest.importorskip("torch")

SIZE = 1024
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What undoes the turn that each EXIF orientation asks for."""


@pytest.fixture(scope="module")
def detector(media: Path, one_thread: None) -> Detector:
    folder = media.parent / "weights"
    if not (folder / "yolov8n-seg.pt").is_file():
        pytest.skip("no real weights beside the real media")
    model = Model(
        "yolov8n-seg",
        "detector",
        "ultralytics",
        "yolov8n-seg",
        (WeightsFile("yolov8n-seg.pt"),),
        "AGPL-3.0",
        640,
        vocabulary="coco80",
        folder=folder,
    )
    return open_network("detector", model, folder, CPU)


def thumbnail(path: Path) -> Image.Image:
    with path.open("rb") as file:
        found = sniff(file.read(4096), path.name)
    assert found is not None, path
    rendered = render(path, found.name, sizes=(SIZE,))
    return Image.open(io.BytesIO(rendered.jpegs[SIZE])).convert("RGB")


def facts(media: Path) -> dict[str, Any]:
    return json.loads((media / "facts" / "objects.json").read_text())


def same(thing: Found, others: list[Found]) -> float:
    boxes = [other.box for other in others if other.label == thing.label]
    return max((overlap(thing.box, box) for box in boxes), default=0.0)


def test_what_a_person_sees_is_found(media, detector):
    """At least 95 of 100: an independent run of the same weights found 79 of 86."""
    found, missed = 0, []
    present = facts(media)["present"]
    for name, labels in present.items():
        [things] = detector.run([thumbnail(media / "library" / name)])
        seen = {thing.label for thing in things}
        found += len(seen.intersection(labels))
        missed += [(name, label) for label in labels if label not in seen]
    assert found + len(missed) == 86
    assert found >= 82, missed


def test_what_is_clearly_not_there_is_not_found(media, detector):
    wrong, asked = [], 0
    for name, labels in facts(media)["absent"].items():
        [things] = detector.run([thumbnail(media / "library" / name)])
        asked += len(labels)
        wrong += [(name, t.label, t.score) for t in things if t.label in labels]
    assert asked > 60
    assert len(wrong) <= 1, wrong


def test_a_mask_covers_what_another_network_covered(media, detector):
    picture = thumbnail(media / "library/Mixed/2019 misc/bird_segmentation.bmp")
    reference = Image.open(media / "facts/masks/bird_segmentation_mask.bmp")
    bird = np.asarray(reference.resize(picture.size, Image.Resampling.NEAREST)) == 3

    [[thing]] = detector.run([picture], with_masks=True)

    assert thing.label == "bird"
    assert thing.mask is not None
    assert thing.mask.shape == bird.shape
    assert (thing.mask & bird).sum() / (thing.mask | bird).sum() >= 0.85


@pytest.mark.parametrize("name", ["Pets/Zoey/00.jpg", "2022/2022-07 Street/zidane.jpg"])
def test_however_a_camera_was_held_the_thing_is_in_the_same_place(
    media, detector, tmp_path, name
):
    """Eight files whose pixels lie differently and whose EXIF says how to turn them."""
    picture = thumbnail(media / "library" / name)
    views = []
    for orientation, turn in TURNS.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = tmp_path / f"{orientation}.jpg"
        stored = picture if turn is None else picture.transpose(turn)
        stored.save(path, exif=exif, quality=95)
        views.append(thumbnail(path))
    [first, *others] = detector.run(views, score=0.4)
    assert first
    for thing in first:
        for seen in others:
            assert same(thing, seen) >= 0.9, (thing.label, thing.score)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Pets/cat_yellow_grey.jpg", "cat"),
        ("2017/2017-08 Safari & Aquarium/owl.jpg", "bird"),
        ("Family/2020-2021 trips/2.jpg", "person"),
    ],
)
def test_the_thing_in_a_turned_picture_has_the_turned_box(media, detector, name, label):
    """Lying down they are still known, and width and height change places."""
    picture = thumbnail(media / "library" / name)
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    upright, lying = detector.run([picture, turned], score=0.4)
    x, y, width, height = next(it.box for it in upright if it.label == label)
    expected = (y, 1 - x - width, height, width)
    boxes = [it.box for it in lying if it.label == label]
    assert max(overlap(expected, box) for box in boxes) >= 0.9


def test_a_turned_copy_shows_the_same_things(media, detector):
    """Two files of one picture; the second lies on its side and says so."""
    folder = media / "library/Orientation/lychee"
    turned, upright = detector.run(
        [thumbnail(path) for path in sorted(folder.iterdir())]
    )
    assert len(upright) >= 3
    for thing in upright:
        assert same(thing, turned) >= 0.9, thing


def test_all_eight_orientations_show_the_person_at_the_edge(media, detector):
    """Seven pixels wide in the network's view, so a tenth of a box is not one pixel."""
    folder = media / "library/Orientation/exif 1-8"
    views = [thumbnail(folder / f"portrait_{number}.jpg") for number in range(1, 9)]
    seen = detector.run(views, score=0.2)
    people = [
        next(thing for thing in things if thing.label == "person") for things in seen
    ]
    for person in people:
        assert overlap(person.box, people[0].box) >= 0.85
        gaps = np.abs(np.subtract(person.box, people[0].box))
        assert gaps.max() * max(views[0].size) < 2
