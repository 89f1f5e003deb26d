"""The three networks as everything else uses them, on the tiny checkpoints.

How well those see is tested where they are trained; here is what must hold for any.
"""

import hashlib
import math
import os
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from home_media_pipelines.models import registry
from home_media_pipelines.models.batching import batch_size, in_batches
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.errors import (
    ModelError,
    NotFiniteError,
    NotInstalledError,
)
from home_media_pipelines.models.open import open_network
from home_media_pipelines.models.segmenter import DetectorMasks, overlap
from home_media_pipelines.sample.scenes import draw

pytestmark = pytest.mark.xdist_group("models")
torch = pytest.importorskip("torch")

ODD = ((1, 1), (2048, 1), (1, 2048), (3000, 20), (7, 900))
"""Sizes of pictures that exist in somebody's folder."""

GREY = (114, 114, 114)
"""What the detector's library fills up a square with."""

ALONE = """
import hashlib, socket, sys
from pathlib import Path

def refuse(*args, **kwargs):
    raise SystemExit(f"the network was asked for: {args}")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
from home_media_pipelines.models import registry
from home_media_pipelines.models.devices import CPU
from home_media_pipelines.models.embedder import Embedder
from home_media_pipelines.models.open import open_network
from home_media_pipelines.sample.scenes import draw
import torch
torch.set_num_threads(1)
picture = draw(5, "beach", (320, 240)).image
opened = [
    open_network(role, registry.get(name), Path("/nonexistent"), CPU)
    for role, name in (
        ("detector", "tiny-yolo"), ("segmenter", "tiny-sam2"), ("embedder", "tiny-clip")
    )
]
things = opened[0].run([picture], score=0.01)[0]
masks = opened[1].run([(picture, [(0.1, 0.2, 0.5, 0.4)])])[0]
vector = opened[2].run([picture])[0]
print(hashlib.sha256(repr([
    [(thing.label, thing.score, thing.box) for thing in things],
    [(mask.mask.sum(), mask.score) for mask in masks], vector.tobytes(),
]).encode()).hexdigest())
"""


def test_nothing_calls_home_or_leaves_files_about(
    tmp_path, detector, segmenter, embedder
):
    """In a process of its own, as production starts one; the home is empty after.

    Its answers are those of this process, bit for bit.
    """
    home = tmp_path / "home"
    home.mkdir()
    kept = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={**given, "HOME": str(home), "TMPDIR": str(tmp_path)},
        cwd=Path(registry.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    assert list(home.rglob("*")) == []
    left = {path.name for path in tmp_path.iterdir()} - {"home"}
    assert all(name.startswith("torchinductor") for name in left), left

    picture = draw(5, "beach", (320, 240)).image
    things = detector.run([picture], score=0.01)[0]
    masks = segmenter.run([(picture, [(0.1, 0.2, 0.5, 0.4)])])[0]
    vector = embedder.run([picture])[0]
    seen = [
        [(thing.label, thing.score, thing.box) for thing in things],
        [(mask.mask.sum(), mask.score) for mask in masks],
        vector.tobytes(),
    ]
    assert answer.stdout.strip() == hashlib.sha256(repr(seen).encode()).hexdigest()


@pytest.mark.usefixtures("detector")
def test_a_file_that_is_no_picture_is_still_refused_by_pillow_itself():
    """Ultralytics would ask for a package instead, also where it is not used."""
    with pytest.raises(UnidentifiedImageError):
        Image.open(BytesIO(b"no picture"))


def test_nothing_to_look_at_is_nothing_seen(detector, segmenter, embedder, beach):
    assert detector.run([]) == []
    assert segmenter.run([]) == []
    assert segmenter.run([(beach, [])]) == [[]]
    assert embedder.run([]) == []
    assert embedder.run_text([]) == []


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
@pytest.mark.parametrize("size", ODD)
def test_pictures_of_any_size_and_mode_are_looked_at(
    detector, segmenter, embedder, size, mode
):
    picture = Image.new(mode, size)
    assert len(detector.run([picture], score=0.001, with_masks=True)) == 1
    assert math.isclose(np.linalg.norm(embedder.run([picture])[0]), 1, abs_tol=1e-6)
    [[segment]] = segmenter.run([(picture, [(0, 0, 1, 1)])])
    height, width = segment.mask.shape
    assert max(width, height) == min(1024, max(size))


def test_a_network_is_loaded_once_even_if_many_ask():
    model = registry.get("tiny-clip")
    opened = []

    def ask():
        opened.append(open_network("embedder", model, Path("/elsewhere"), CPU))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    assert len({id(network) for network in opened}) == 1


def test_a_model_is_not_opened_for_what_it_cannot_do():
    with pytest.raises(ModelError, match="tiny-clip cannot be"):
        open_network("detector", registry.get("tiny-clip"), Path("/x"), CPU)


def test_without_the_packages_it_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr("home_media_pipelines.models.open.find_spec", lambda _: None)
    with pytest.raises(NotInstalledError, match=r"pip install 'home-media\[vision\]'"):
        open_network("embedder", registry.get("clip-b16"), Path("/x"), CPU)


def test_what_does_not_fit_the_memory_is_looked_at_in_smaller_batches(
    embedder, beach, monkeypatch
):
    """The real network, out of memory from three pictures on."""
    encode = embedder._network.encode_image

    def narrow(pixels):
        if len(pixels) > 2:
            raise torch.OutOfMemoryError("forced")
        return encode(pixels)

    monkeypatch.setattr(embedder._network, "encode_image", narrow)
    views = [beach.rotate(angle) for angle in range(5)]

    found = list(in_batches(views, embedder.run, CPU, "forced", 16))

    assert batch_size("forced", CPU, 16) == 2
    monkeypatch.undo()
    for one, other in zip(found, embedder.run(views), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


class TestDetector:
    def test_boxes_are_fractions_inside_the_picture_the_surest_first(
        self, detector, beach
    ):
        [things] = detector.run([beach], score=0.01, most=20)
        assert 1 < len(things) <= 20
        assert [it.score for it in things] == sorted(
            (it.score for it in things), reverse=True
        )
        for thing in things:
            x, y, width, height = thing.box
            assert min(x, y) >= 0
            assert min(width, height) > 0
            assert max(x + width, y + height) <= 1 + 1e-9
            assert 0.01 <= thing.score <= 1
            assert thing.label in detector.labels
            assert thing.mask is None

    def test_boxes_of_one_label_do_not_cover_each_other(self, detector, beach):
        [things] = detector.run([beach], score=0.001, overlap=0.3)
        for i, thing in enumerate(things):
            for other in things[:i]:
                if other.label == thing.label:
                    assert overlap(thing.box, other.box) <= 0.31

    @pytest.mark.parametrize("size", [(512, 384), (384, 512)])
    def test_letterboxing_is_undone_exactly(self, detector, size):
        """With bars of the library's grey beside it the network sees the same."""
        picture = draw(20_000_007, "meadow", size).image
        side = max(size)
        square = Image.new("RGB", (side, side), GREY)
        left, top = (side - size[0]) // 2, (side - size[1]) // 2
        square.paste(picture, (left, top))

        plain, barred = detector.run([picture, square], score=0.05)

        assert plain
        assert len(plain) == len(barred)
        for one, other in zip(plain, barred, strict=True):
            assert one.label == other.label
            x, y, width, height = (value * side for value in other.box)
            back = (x - left) / size[0], (y - top) / size[1]
            moved = (*back, width / size[0], height / size[1])
            assert overlap(one.box, moved) > 0.98

    def test_a_picture_is_seen_the_same_in_any_company(self, detector, beach):
        other = draw(3, "city", (240, 480)).image
        [alone] = detector.run([beach], score=0.05)
        beside = detector.run([other, beach, other], score=0.05)[1]
        assert [it.label for it in alone] == [it.label for it in beside]
        for one, two in zip(alone, beside, strict=True):
            np.testing.assert_allclose(one.box, two.box, atol=1e-4)
            assert math.isclose(one.score, two.score, abs_tol=1e-4)

    def test_red_is_not_taken_for_blue(self, detector, beach):
        """The library takes arrays as blue first, and its own images as red first."""
        [ours] = detector.run([beach], score=0.05)
        [theirs] = detector._network.predict(
            beach, conf=0.05, iou=0.7, imgsz=256, rect=False, verbose=False
        )
        assert [it.label for it in ours] == [
            theirs.names[int(number)] for number in theirs.boxes.cls
        ]
        np.testing.assert_allclose(
            [it.score for it in ours], theirs.boxes.conf, atol=1e-5
        )

    def test_an_upright_picture_is_not_turned_again_by_its_exif(self, detector, beach):
        tagged = beach.copy()
        tagged.getexif()[0x0112] = 6
        [plain], [seen] = detector.run([beach]), detector.run([tagged])
        assert [it.box for it in seen] == [it.box for it in plain]

    def test_masks_lie_in_their_boxes_and_fit_the_picture(self, detector, beach):
        [things] = detector.run([beach], score=0.1, with_masks=True)
        assert things
        for thing in things:
            assert thing.mask is not None
            assert thing.mask.shape == (beach.height, beach.width)
            assert thing.mask.dtype == np.bool_
            x, y, width, height = thing.box
            inside = np.zeros_like(thing.mask)
            rows = slice(int(y * beach.height), math.ceil((y + height) * beach.height))
            columns = slice(int(x * beach.width), math.ceil((x + width) * beach.width))
            inside[rows, columns] = True
            assert (thing.mask & inside).sum() >= 0.98 * thing.mask.sum()


class TestSegmenter:
    def test_a_picture_is_encoded_once_however_many_boxes(
        self, segmenter, beach, monkeypatch
    ):
        encoded = []
        forward = segmenter._network.model.forward_image
        monkeypatch.setattr(
            segmenter._network.model,
            "forward_image",
            lambda pixels: encoded.append(len(pixels)) or forward(pixels),
        )
        boxes = [(0.01 * i, 0.3, 0.3, 0.3) for i in range(40)]

        found = segmenter.run([(beach, boxes), (beach, []), (beach, boxes[:1])])

        assert encoded == [2]
        assert [len(segments) for segments in found] == [40, 0, 1]
        assert (found[0][0].mask == found[2][0].mask).mean() > 0.999

    def test_a_mask_is_of_the_whole_picture_and_mostly_in_its_box(self, segmenter):
        scene = draw(20_000_011, "city", (480, 360), cast=["car"])
        thing = max(scene.objects, key=lambda it: it.mask.sum())
        [[segment]] = segmenter.run([(scene.image, [thing.box])])
        assert segment.mask.shape == (360, 480)
        assert segment.mask.dtype == np.bool_
        both = (segment.mask & thing.mask).sum()
        assert both / (segment.mask | thing.mask).sum() > 0.6
        assert 0 <= segment.score <= 1
        assert 0 <= segment.stability <= 1

    def test_width_and_height_are_not_mixed_up(self, segmenter):
        """The network sees a square, so a stretched picture gives a stretched mask.

        Edges waver with the scaling; a mixed-up mask would overlap by less than half.
        """
        scene = draw(20_000_013, "meadow", (480, 360), cast=["balloon"])
        tall = scene.image.resize((360, 480))
        box = scene.objects[0].box
        [[one], [other]] = segmenter.run([(scene.image, [box]), (tall, [box])])
        assert other.mask.shape == (480, 360)
        back = np.asarray(Image.fromarray(other.mask).resize((480, 360)))
        assert (one.mask & back).sum() / (one.mask | back).sum() >= 0.75

    def test_a_large_picture_s_mask_is_reduced(self, segmenter, beach):
        large = beach.resize((2048, 1536))
        [[one]] = segmenter.run([(large, [(0.2, 0.2, 0.5, 0.5)])])
        assert one.mask.shape == (768, 1024)

    def test_scores_that_are_no_numbers_are_refused(
        self, segmenter, beach, monkeypatch
    ):
        predict = segmenter._network._predict

        def broken(*args, **kwargs):
            masks, scores, low = predict(*args, **kwargs)
            return masks, scores * float("nan"), low

        monkeypatch.setattr(segmenter._network, "_predict", broken)
        with pytest.raises(NotFiniteError) as caught:
            segmenter.run([(beach, []), (beach, [(0, 0, 1, 1)])])
        assert caught.value.items == (1,)


class TestDetectorMasks:
    def test_each_box_gets_the_mask_of_its_thing(self, detector, beach):
        masks = open_network("segmenter", detector.model, Path("/nonexistent"), CPU)
        assert isinstance(masks, DetectorMasks)
        [things] = detector.run([beach], score=0.2, with_masks=True)
        boxes = [thing.box for thing in things]

        [none, segments] = masks.run([(beach, []), (beach, boxes)])

        assert none == []
        assert len(segments) == len(things) > 0
        for thing, segment in zip(things, segments, strict=True):
            assert (thing.mask == segment.mask).mean() > 0.98
            assert segment.score is None

    def test_a_box_around_nothing_gets_an_empty_mask(self, detector, beach):
        masks = open_network("segmenter", detector.model, Path("/nonexistent"), CPU)
        [[segment]] = masks.run([(beach, [(0.001, 0.001, 0.002, 0.002)])])
        assert segment.mask.shape == (beach.height, beach.width)
        assert not segment.mask.any()
