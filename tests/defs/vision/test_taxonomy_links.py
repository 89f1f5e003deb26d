"""Images are linked to the taxonomy: when, at what cost, and what its checks say."""

import dagster as dg
import pytest

from home_media_pipelines.core.taxonomy import tree as taxonomy
from home_media_pipelines.core.taxonomy.tree import shipped
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.taxonomy import taxa
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.conditions import self_healing_without
from home_media_pipelines.defs.partitions import folders
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.defs.vision.taxonomy_links import (
    labels_mean_a_taxon,
    link_folders,
    links_of_active_detections,
    taxonomy_links,
)
from tests.builders import add_image, content
from tests.db.seen import add_detections, maker

BEACH = "photos/beach"
LINKED = """
    select i.folder, l.taxon::text, l.source
      from gallery.taxonomy_links l join images i using (image_id) order by 1, 2
"""


@pytest.fixture
def database(database_url):
    return Database(url=database_url)


@pytest.fixture
def materialize(database, instance):
    """Materialize the asset for a folder."""

    def execute(folder: str = BEACH) -> dg.ExecuteInProcessResult:
        instance.add_dynamic_partitions("folder", [folder])
        return dg.materialize(
            [taxonomy_links],
            partition_key=folder,
            instance=instance,
            resources={"database": database},
        )

    return execute


def rows(database, query=LINKED):
    with database.connect() as conn:
        return conn.execute(query).fetchall()


def detect(database, found, model="tiny-yolo"):
    """Detections by a model of the registry, read unless another one is; its id."""
    with database.connect() as conn:
        producer_id = producers.set_target(conn, maker("detections", model))
        add_detections(conn, producer_id, found)
    return producer_id


def test_keywords_are_linked_before_any_network_has_looked(database, materialize):
    with database.connect() as conn:
        add_image(conn, "beach/a.jpg", keywords=["Hund"])
    result = materialize()
    assert rows(database) == [(BEACH, "animal.mammal.dog", "keyword")]
    metadata = result.asset_materializations_for_node("taxonomy_links")[0].metadata
    assert metadata["links"].value == 1


def test_detections_are_linked_by_the_vocabulary_of_their_model(database, materialize):
    with database.connect() as conn:
        add_image(conn, "beach/a.jpg")
    detect(database, {content("beach/a.jpg"): ["snowman"]}, "tiny-yolo")
    materialize()
    assert rows(database) == [(BEACH, "nature.snow.snowman", "detection")]


def test_a_second_run_adds_nothing_and_touches_its_folder_only(database, materialize):
    """Reruns are how we recover."""
    with database.connect() as conn:
        for path in ("beach/a.jpg", "snow/a.jpg"):
            add_image(conn, path, path, keywords=["dog"])
    for folder in (BEACH, "photos/snow", BEACH):
        materialize(folder)
    assert rows(database) == [
        (BEACH, "animal.mammal.dog", "keyword"),
        ("photos/snow", "animal.mammal.dog", "keyword"),
    ]


def test_the_first_detector_is_read_at_once(database):
    """Whoever turns vision on sees the first links, not the old ones until the end."""
    with database.connect() as conn:
        for path in ("beach/a.jpg", "snow/a.jpg"):
            add_image(conn, path, path, keywords=["Hund"])
    link_folders(database, [BEACH, "photos/snow"])
    detect(database, {content("beach/a.jpg"): ["car"]})

    link_folders(database, [BEACH])

    assert rows(database) == [
        (BEACH, "animal.mammal.dog", "keyword"),
        (BEACH, "vehicle.car", "detection"),
        ("photos/snow", "animal.mammal.dog", "keyword"),
    ]


def test_another_detector_is_linked_beside_and_switched_with(database):
    """One switch changes detections and links; until then nothing changes."""
    from home_media_pipelines.db.tables.vision import models

    with database.connect() as conn:
        add_image(conn, "beach/a.jpg")
    found = content("beach/a.jpg")
    detect(database, {found: ["car"]})
    link_folders(database, [BEACH])
    other = detect(database, {found: ["dog"]}, "yolo26n-seg")
    link_folders(database, [BEACH])
    assert rows(database) == [(BEACH, "vehicle.car", "detection")]

    with database.connect() as conn:
        assert models.switch_ready(conn) == ["detections", "taxonomy_links"]
        models.switch(conn, ["detections"])
    assert rows(database) == [(BEACH, "animal.mammal.dog", "detection")]
    link_folders(database, [BEACH])
    assert rows(database) == [(BEACH, "animal.mammal.dog", "detection")]
    with database.connect() as conn:
        assert producers.active(conn, "detections") == other
        models.rollback(conn, ["detections", "taxonomy_links"])
    assert rows(database) == [(BEACH, "vehicle.car", "detection")]


def test_another_taxonomy_links_again_and_touches_no_detection(
    database, tmp_path, monkeypatch
):
    """What was linked stays to be seen until its folder's turn."""
    with database.connect() as conn:
        for path in ("beach/a.jpg", "snow/a.jpg"):
            add_image(conn, path, path)
    labels = {content(path): ["car"] for path in ("beach/a.jpg", "snow/a.jpg")}
    detect(database, labels)
    link_folders(database, [BEACH, "photos/snow"])
    seen = "select detection_id, xmin::text from detections order by 1"
    before = rows(database, seen)

    file = tmp_path / "taxonomy.toml"
    text = taxonomy.SHIPPED.read_text("utf-8").replace(', drawings = "car"', "")
    line = '"motor" = { en = "motor car", de = "Kraftwagen", drawings = "car" }'
    file.write_text(f"{text}{line}\n", "utf-8")
    changed = taxonomy.load(file)
    name = "home_media_pipelines.defs.vision.taxonomy_links"
    monkeypatch.setattr(f"{name}.shipped", lambda: changed)
    monkeypatch.setattr(f"{name}.shipped_edition", lambda: changed.edition)
    link_folders(database, [BEACH])

    assert rows(database) == [
        (BEACH, "motor", "detection"),
        ("photos/snow", "vehicle.car", "detection"),
    ]
    assert rows(database, seen) == before
    with database.connect() as conn:
        assert taxa.is_in(conn, changed.edition)


def test_an_unmapped_label_is_a_warning_that_names_it(database):
    assert labels_mean_a_taxon(database).passed
    with database.connect() as conn:
        add_image(conn, "beach/a.jpg")
    detect(database, {content("beach/a.jpg"): ["gizmo", "dog"]})
    answer = labels_mean_a_taxon(database)
    assert not answer.passed
    assert answer.severity is dg.AssetCheckSeverity.WARN
    assert answer.metadata["examples"].value == {"tiny-yolo: gizmo": 1}


def test_links_of_a_detector_that_is_no_longer_read_are_noticed(database):
    with database.connect() as conn:
        add_image(conn, "beach/a.jpg")
    detect(database, {content("beach/a.jpg"): ["car"]})
    link_folders(database, [BEACH])
    assert links_of_active_detections(database).passed
    with database.connect() as conn:
        producers.activate(conn, maker("detections", "another"))
    assert not links_of_active_detections(database).passed
    link_folders(database, [BEACH])
    assert links_of_active_detections(database).passed


def test_another_edition_is_another_version_of_the_code():
    """So that Dagster asks for every folder again."""
    version = taxonomy_links.code_versions_by_key[taxonomy_links.key]
    assert shipped().edition in version


@dg.asset(partitions_def=folders)
def images() -> None:
    """Stand for what links need."""


@dg.asset(partitions_def=folders)
def detections() -> None:
    """Stand for what links do without."""


@dg.asset(
    deps=["images", "detections"],
    partitions_def=folders,
    automation_condition=self_healing_without("detections"),
)
def links() -> None:
    """Stand for the links."""


class World:
    """An instance in memory with one folder, and the memory of the daemon."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance, self.cursor = instance, None
        instance.add_dynamic_partitions("folder", ["a"])

    def tick(self) -> bool:
        """Evaluate as the daemon does; say whether the links are requested."""
        result = dg.evaluate_automation_conditions(
            dg.Definitions(assets=[images, detections, links]),
            self.instance,
            cursor=self.cursor,
        )
        self.cursor = result.cursor
        return "a" in result.get_requested_partitions(dg.AssetKey("links"))

    def materialize(self, name: str) -> None:
        dg.materialize(
            [images, detections, links],
            selection=[name],
            partition_key="a",
            instance=self.instance,
        )


def test_links_do_not_wait_for_networks(instance):
    """Most libraries have keywords before they have a graphics card.

    After networks they are asked for with all folders at once, see `link_folders`.
    """
    world = World(instance)
    assert not world.tick()
    world.materialize("images")
    assert world.tick()
    world.materialize("links")
    assert not world.tick()
    world.materialize("detections")
    assert not world.tick()
    world.materialize("images")
    assert world.tick()


def test_the_shipped_tree_is_in_a_database_that_was_just_made(database_url):
    """The gallery shows it before anything has run."""
    with connect(database_url) as conn:
        assert taxa.is_in(conn, shipped().edition)
