"""The graph as a whole: what Dagster's UI shows of it, and what it may cost."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

import home_media_pipelines.defs
from home_media_pipelines.settings import load_settings

CHAIN = ["files", "exif", "images", "thumbnails", "key_frames"]
VISION = {
    "detections": ["thumbnails", "key_frames"],
    "masks": ["detections"],
    "embeddings": ["thumbnails", "key_frames"],
    "crop_embeddings": ["masks"],
}
"""What networks make, and what they look at."""


def test_the_graph_is_the_story_of_one_photo(graph):
    """Whoever reads the graph reads the order in which a photo is understood."""
    assets = graph.resolve_asset_graph()
    names = ["library_scan", *CHAIN]
    known = {key.to_user_string() for key in assets.get_all_asset_keys()}
    assert known == {*names, *VISION, "taxonomy_links", "integrity"}
    for upstream, name in zip(names, CHAIN, strict=False):
        assert assets.get(dg.AssetKey(name)).parent_keys == {dg.AssetKey(upstream)}
    for name, upstreams in VISION.items():
        parents = assets.get(dg.AssetKey(name)).parent_keys
        assert {key.to_user_string() for key in parents} == set(upstreams)
    parents = assets.get(dg.AssetKey("taxonomy_links")).parent_keys
    assert dg.AssetKey("detections") in parents


def test_schedules_go_by_the_clock_of_the_house(graph):
    """Two at night is two at night where the family lives, not in Greenwich."""
    zone = load_settings().timezone
    schedules = list(graph.schedules)
    assert {it.name: it.execution_timezone for it in schedules} == {
        it.name: zone for it in schedules
    }
    assert len(schedules) >= 3


DEFS = Path(home_media_pipelines.defs.__file__).parent


@pytest.mark.parametrize(
    "name", ["library_scan", *CHAIN, *VISION, "taxonomy_links", "integrity"]
)
def test_an_asset_says_what_it_is(graph, name):
    """A person meets assets in the UI first."""
    node = graph.resolve_asset_graph().get(dg.AssetKey(name))
    assert node.description
    assert (DEFS / node.group_name / f"{name}.py").exists(), "a group is a room"
    assert node.kinds
    assert node.owners
    assert node.code_version


@pytest.mark.parametrize("name", [*CHAIN, *VISION, "taxonomy_links", "integrity"])
def test_every_derived_asset_is_checked(graph, name):
    keys = graph.resolve_asset_graph().get_check_keys_for_assets({dg.AssetKey(name)})
    assert len(keys) >= 2


@pytest.mark.parametrize("name", VISION)
def test_what_needs_a_graphics_card_says_so(graph, name):
    """The pool queues and routes it; another number of folders keeps its runs apart."""
    node = graph.resolve_asset_graph().get(dg.AssetKey(name))
    assert node.pools == {"gpu"}
    assert node.tags["compute"] == "gpu"
    of_others = graph.resolve_asset_graph().get(dg.AssetKey("files")).backfill_policy
    assert node.backfill_policy.max_partitions_per_run > 1
    assert node.backfill_policy != of_others


def test_derived_assets_run_many_folders_at_once_and_without_being_asked(graph):
    """One run per folder would be hours of process starts in a first ingest."""
    assets = graph.resolve_asset_graph()
    for name in [*CHAIN, "taxonomy_links"]:
        node = assets.get(dg.AssetKey(name))
        assert node.backfill_policy.max_partitions_per_run > 1
        assert (node.automation_condition is not None) == (name != "files")


def test_loading_the_graph_does_not_load_what_only_runs_need():
    """Code server, daemon and webserver each load it; decoders would cost them all."""
    program = (
        "import sys, home_media_pipelines.definitions as d; d.defs();"
        "heavy = {'torch', 'av', 'rawpy', 'pillow_heif'};"
        "print(*heavy.intersection(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={"HOME_MEDIA_DATABASE_URL": "postgresql://nobody@localhost/nothing"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == []
