"""An ingest without services: networks look too, where they can, and say what waits."""

from home_media_pipelines.local.commands.ingest_summary import IngestSummary
from tests.faults.world import draw_library


def test_an_ingest_is_complete_without_weights_and_says_what_waits(home, tmp_path):
    """The default networks are large, and are fetched when a person asks for them."""
    root = draw_library(tmp_path / "photos", folders=1, each=2)
    summary = home.ingest(root)
    assert summary["complete"]
    assert summary["looked_at"] == 0
    assert set(summary["waiting"]) == {
        "detections",
        "masks",
        "embeddings",
        "crop_embeddings",
    }
    assert "home-media models fetch yolo26m-seg" in summary["waiting"]["detections"]
    assert home.one("select count(*) from problems") == 0


def test_where_vision_is_off_nothing_waits(home, tmp_path):
    home.settings["MODELS"] = "off"
    root = draw_library(tmp_path / "photos", folders=1, each=1)
    assert home.ingest(root)["waiting"] == {}


def test_what_waits_does_not_make_an_ingest_incomplete():
    assert IngestSummary(waiting={"masks": "waits for weights"}).complete


def test_checks_that_could_not_be_made_are_said(home, tmp_path):
    """Else nobody knows that nobody looked."""
    home.settings["MODELS"] = "off"
    root = draw_library(tmp_path / "photos", folders=1, each=1)
    with home.connect() as conn:
        conn.execute("drop view gallery.damage")
    summary = home.ingest(root, status=1)
    assert (summary["new"], summary["failed_folders"]) == (1, {})
    assert "gallery.damage" in summary["unchecked"]
    assert not summary["complete"]

    draw_library(tmp_path / "photos", folders=2, each=1)
    told = home.call("ingest", str(root))
    assert told.returncode == 1
    assert "the checks could not be made: " in told.stderr
    assert "unchecked" not in told.stdout
