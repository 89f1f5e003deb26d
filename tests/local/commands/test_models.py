"""`home-media models …` as a person meets it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.vision import models, producers
from home_media_pipelines.local.commands.models import commands
from home_media_pipelines.models import registry
from home_media_pipelines.models.registry import Model, WeightsFile
from home_media_pipelines.settings import PREFIX
from tests.models.file_server import serve

OLD = Producer("embeddings", "1", "clip-b16", "0" * 64)
NEW = Producer("embeddings", "1", "clip-b32-256", "1" * 64)


@pytest.fixture(autouse=True)
def environment(monkeypatch, database_url, tmp_path):
    import os

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path))
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_DAGSTER_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_MODELS", "tiny")


def call(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(commands, arguments)
    if isinstance(result.exception, HomeMediaError):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.stdout


def published(monkeypatch, url: str) -> Model:
    """A model of the registry that a test's own server publishes."""
    file = WeightsFile("net.pt", f"{url}/net.pt")
    model = Model("net", "detector", "ultralytics", "net", (file,), "AGPL-3.0", 640)
    monkeypatch.setattr(registry, "MODELS", {**registry.MODELS, "net": model})
    return model


def test_the_list_says_what_is_here_and_what_is_wanted():
    rows = {row["model"]: row for row in json.loads(call("list", "--json"))}
    assert set(rows) == set(registry.MODELS)
    assert rows["tiny-clip"]["weights"] == "here"
    assert rows["tiny-clip"]["wanted"] == "profile tiny"
    assert rows["clip-b16"]["weights"] == "missing"
    assert rows["clip-b16"]["wanted"] is None
    assert rows["yolo26m-seg"]["licence"] == "AGPL-3.0"
    assert "tiny-clip" in call("list")


def test_a_choice_wins_over_the_profile_until_it_is_taken_back(database_url):
    out = call("use", "embedder=clip-b16", "segmenter=none")
    assert "embedder: clip-b16" in out
    assert "segmenter: none" in out
    with connect(database_url) as conn:
        assert models.choices(conn) == {"embedder": "clip-b16", "segmenter": "none"}
    rows = {row["model"]: row for row in json.loads(call("list", "--json"))}
    assert rows["clip-b16"]["wanted"] == "chosen"
    assert rows["tiny-clip"]["wanted"] is None
    assert rows["tiny-sam2"]["wanted"] is None

    assert "embedder: tiny-clip" in call("use", "embedder=default")
    with connect(database_url) as conn:
        assert models.choices(conn) == {"segmenter": "none"}


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("embedder", "is not ROLE=MODEL"),
        ("embeder=clip-b16", "'embeder' is no role"),
        ("embedder=cilp-b16", "did you mean clip-b16"),
        ("detector=clip-b16", "clip-b16 cannot be detector: its role is embedder"),
        ("embedder=none", "there is no model 'none'"),
    ],
)
def test_what_cannot_be_chosen_is_told_and_nothing_is_noted(database_url, choice, said):
    with pytest.raises(HomeMediaError, match=said):
        call("use", "segmenter=none", choice)
    with connect(database_url) as conn:
        assert models.choices(conn) == {}


def test_weights_are_fetched_then_verified(monkeypatch, tmp_path):
    with serve() as server:
        server.files["/net.pt"] = b"weights"
        published(monkeypatch, server.url)
        answer = json.loads(call("fetch", "net", "--json"))
        path = tmp_path / "weights" / "net" / "net.pt"
        assert answer == {"models": ["net"], "fetched": [str(path)]}
        assert "net: complete" in call("fetch", "net")
        assert len(server.asked) == 1
    [row] = json.loads(call("verify", "net", "--json"))
    assert row["error"] is None
    path.write_bytes(b"damaged")
    [row] = json.loads(call("verify", "net", "--json", exit_code=1))
    assert f"{path} is damaged" in row["error"]


def test_a_person_is_told_who_says_what_weights_should_be(monkeypatch, tmp_path):
    """Nobody before the first fetch: from then on, what came is what has to come."""

    def known(name: str) -> str:
        rows = {
            it["model"]: it["checksum"] for it in json.loads(call("list", "--json"))
        }
        return rows[name]

    with serve() as server:
        server.files["/net.pt"] = b"weights"
        published(monkeypatch, server.url)
        assert (known("net"), known("sam2.1-tiny")) == ("unknown", "pinned")
        path = tmp_path / "weights" / "net" / "net.pt"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"by hand")
        assert "(unknown)" in call("verify", "net")
        path.unlink()
        call("fetch", "net")
    assert known("net") == "recorded"
    assert "(recorded)" in call("verify", "net")


def test_by_default_what_is_wanted_is_fetched(monkeypatch):
    """The tiny networks come along, so there is nothing to do."""
    assert json.loads(call("fetch", "--json")) == {
        "models": ["tiny-yolo", "tiny-sam2", "tiny-clip"],
        "fetched": [],
    }
    monkeypatch.setenv("HOME_MEDIA_MODELS", "off")
    assert "HOME_MEDIA_MODELS is off" in call("fetch")


def test_without_a_connection_it_says_what_to_put_where(monkeypatch, tmp_path):
    with serve() as server:
        published(monkeypatch, server.url)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(HomeMediaError) as caught:
        call("fetch", "net")
    assert f"{server.url}/net.pt: Connection refused" in str(caught.value)
    assert str(tmp_path / "weights" / "net" / "net.pt") in str(caught.value)


def test_verify_reads_everything_that_is_here():
    rows = json.loads(call("verify", "--json"))
    assert [row["model"] for row in rows] == ["tiny-yolo", "tiny-sam2", "tiny-clip"]
    assert all(len(row["weights_hash"]) == 64 for row in rows)


def test_missing_weights_are_a_failure_of_verify(tmp_path):
    [row] = json.loads(call("verify", "clip-b16", "--json", exit_code=1))
    assert "home-media models fetch clip-b16" in row["error"]


def test_a_switch_and_the_way_back(database_url):
    with connect(database_url) as conn:
        producers.activate(conn, OLD)
        conn.execute(
            "insert into analyses (asset, producer_id, content_id, count)"
            " values ('embeddings', %s, %s, 1)",
            [OLD.producer_id, "a" * 64],
        )
        producers.set_target(conn, NEW)

    [row] = json.loads(call("switch", "embedder", "--json"))
    assert (row["model"], row["previous_model"]) == ("clip-b32-256", "clip-b16")
    assert "no model is being filled" in call("switch")

    [row] = json.loads(call("rollback", "embedder", "--json"))
    assert (row["model"], row["previous_model"]) == ("clip-b16", "clip-b32-256")
    assert "there is nothing to go back to" in call("rollback", "segmenter")
    with pytest.raises(HomeMediaError, match="'embeddings' is no role"):
        call("rollback", "embeddings")


def test_prune_deletes_what_nobody_reads(database_url):
    with connect(database_url) as conn:
        producers.activate(conn, OLD)
        producers.register(conn, NEW)
    assert "embeddings of clip-b32-256: 0 rows deleted" in call("prune")
    assert json.loads(call("prune", "--json")) == []


def test_a_tiny_network_that_lost_a_file_is_told(monkeypatch, tmp_path):
    """There is nothing to fetch it from: the package is broken."""
    from dataclasses import replace

    tiny = registry.get("tiny-clip")
    assert tiny.folder is not None
    folder = tmp_path / "clip"
    shutil.copytree(tiny.folder, folder)
    Path(folder / "open_clip_config.json").unlink()
    broken = replace(tiny, folder=folder)
    monkeypatch.setattr(registry, "MODELS", {**registry.MODELS, "tiny-clip": broken})
    rows = {row["model"]: row for row in json.loads(call("list", "--json"))}
    assert rows["tiny-clip"]["weights"] == "in part"
    with pytest.raises(HomeMediaError, match=r"open_clip_config\.json is missing$"):
        call("fetch", "tiny-clip")
