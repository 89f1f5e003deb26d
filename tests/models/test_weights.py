"""Registry and weights: what is there, what it should be, and what is said if not."""

import json
import os
import subprocess
import sys

import pytest

from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    MissingWeightsError,
    UnknownModelError,
)
from home_media_pipelines.models.registry import Model, WeightsFile

HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def model_of(*files: WeightsFile) -> Model:
    return Model("net", "embedder", "open_clip", "net", files, "MIT", 64, 64)


@pytest.mark.parametrize("room", ["registry", "weights", "fetch", "errors", "open"])
def test_asking_for_a_model_does_not_load_torch(room):
    """The scheduler and the CLI ask often, and torch costs seconds and 400 MB."""
    code = (
        f"import sys, home_media_pipelines.models.{room};"
        "print({'torch', 'numpy', 'ultralytics', 'open_clip'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert out.stdout.decode().strip() == "set()"


@pytest.mark.parametrize("profile", ["gpu", "cpu", "tiny"])
def test_a_profile_has_a_model_for_each_role(profile):
    chosen = registry.of_profile(profile)
    assert {role: model and model.role for role, model in chosen.items()} == {
        role: role for role in registry.ROLES
    }


def test_the_profile_off_has_none():
    assert set(registry.of_profile("off").values()) == {None}


def test_every_model_can_be_fetched_or_comes_with_the_package():
    for name, model in registry.MODELS.items():
        assert name == model.name
        assert model.files, name
        for file in model.files:
            assert (file.url is None) == (model.folder is not None), name
            assert file.sha256 is None or len(file.sha256) == 64, name
        assert (model.dimension is not None) == (model.role == "embedder"), name
        assert (model.vocabulary is not None) == (model.role == "detector"), name


def test_an_unknown_model_is_told_with_its_neighbours():
    with pytest.raises(UnknownModelError) as caught:
        registry.get("yolo26-seg")
    assert "yolo26n-seg" in caught.value.near
    assert "`home-media models list`" in str(caught.value)


def test_missing_weights_say_how_to_get_them(tmp_path):
    model = registry.get("yolo26n-seg")
    path = tmp_path / "yolo26n-seg" / "yolo26n-seg.pt"

    with pytest.raises(MissingWeightsError) as caught:
        weights.locate(model, tmp_path)

    said = str(caught.value)
    assert f"{path} is missing" in said
    assert "`home-media models fetch yolo26n-seg`" in said
    assert "v8.4.0/yolo26n-seg.pt there by hand" in said
    assert weights.missing(model, tmp_path) == (path,)


def test_the_identity_of_weights_follows_their_bytes_not_their_place(tmp_path):
    model = model_of(WeightsFile("a"), WeightsFile("b"))
    hashes = []
    for place, second in (("here", b"2"), ("there", b"2"), ("elsewhere", b"3")):
        home = tmp_path / place / "net"
        home.mkdir(parents=True)
        (home / "a").write_bytes(b"1")
        (home / "b").write_bytes(second)
        hashes.append(weights.verify(model, tmp_path / place))
    assert hashes[0] == hashes[1] != hashes[2]
    assert len(hashes[0]) == 64


def test_damaged_weights_are_told_with_both_checksums(tmp_path):
    model = model_of(WeightsFile("a", "https://x/a", HELLO, 5))
    (tmp_path / "net").mkdir()
    path = tmp_path / "net" / "a"
    path.write_bytes(b"hello")
    weights.verify(model, tmp_path)

    path.write_bytes(b"hellO")
    os.utime(path, ns=(1, 1))  # a file system may keep times too coarsely for us

    with pytest.raises(CorruptWeightsError) as caught:
        weights.verify(model, tmp_path)
    assert caught.value.path == path
    assert caught.value.expected == HELLO
    assert caught.value.found in str(caught.value)


def test_weights_that_nobody_published_a_checksum_of_must_stay_as_remembered(tmp_path):
    model = model_of(WeightsFile("a", "https://x/a"))
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "a").write_bytes(b"hello")
    weights.verify(model, tmp_path)
    (tmp_path / weights.LOCK).write_text(json.dumps({"net/a": HELLO}))
    weights.verify(model, tmp_path)
    (tmp_path / weights.LOCK).write_text(json.dumps({"net/a": "0" * 64}))
    with pytest.raises(CorruptWeightsError, match="expected 0000"):
        weights.verify(model, tmp_path)


def test_a_lock_that_cannot_be_read_is_no_permission(tmp_path):
    model = model_of(WeightsFile("a", "https://x/a"))
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "a").write_bytes(b"hello")
    (tmp_path / weights.LOCK).write_text("{")
    with pytest.raises(CorruptWeightsError, match=r"lock\.json is damaged"):
        weights.verify(model, tmp_path)


def test_a_file_is_hashed_once_while_it_stays_the_same(tmp_path, monkeypatch):
    """Each run of a folder asks; a gigabyte is not read each time."""
    model = model_of(WeightsFile("a"))
    (tmp_path / "net").mkdir()
    path = tmp_path / "net" / "a"
    path.write_bytes(b"hello")
    before = path.stat()
    first = weights.verify(model, tmp_path)

    path.write_bytes(b"other")  # of the same size, at the same time
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert weights.verify(model, tmp_path) == first
