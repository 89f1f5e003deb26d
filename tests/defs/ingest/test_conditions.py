"""When derived assets are computed without anybody asking."""

import dagster as dg
import pytest

from home_media_pipelines.defs.batches import BATCH_TAG
from home_media_pipelines.defs.conditions import self_healing
from home_media_pipelines.defs.partitions import folders

BROKEN = {"yes": False}


@dg.asset(partitions_def=folders)
def source() -> None:
    """Stand for what is upstream."""


def derived(code_version: str = "1") -> dg.AssetsDefinition:
    """An asset with the condition, which fails while BROKEN says so."""

    @dg.asset(
        name="derived",
        deps=[source],
        partitions_def=folders,
        code_version=code_version,
        automation_condition=self_healing,
    )
    def asset() -> None:
        if BROKEN["yes"]:
            raise dg.Failure("broken")

    return asset


class World:
    """An instance in memory with one folder, and the memory of the daemon."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance, self.cursor, self.assets = instance, None, [source, derived()]
        instance.add_dynamic_partitions("folder", ["a"])

    def tick(self) -> bool:
        """Evaluate as the daemon does; say whether the folder is requested."""
        defs = dg.Definitions(assets=self.assets)
        result = dg.evaluate_automation_conditions(
            defs, self.instance, cursor=self.cursor
        )
        self.cursor = result.cursor
        return "a" in result.get_requested_partitions(dg.AssetKey("derived"))

    def materialize(self, name: str, **tags: str) -> None:
        dg.materialize(
            self.assets,
            selection=[name],
            partition_key="a",
            instance=self.instance,
            tags=tags,
            raise_on_error=False,
        )


@pytest.fixture
def world(instance):
    BROKEN["yes"] = False
    return World(instance)


def test_nothing_is_asked_before_the_input_is_there(world):
    assert not world.tick()


def test_what_is_missing_is_asked_for_even_if_it_was_missing_before(world):
    """Dagster's eager() would never ask for what was missing at its first look."""
    world.materialize("source")
    assert world.tick()


def test_a_request_that_came_to_nothing_is_made_again(world):
    """A run may be lost on its way: queue purged, machine off."""
    world.materialize("source")
    world.tick()
    assert world.tick()


def test_what_is_done_is_not_asked_for_again(world):
    world.materialize("source")
    world.materialize("derived")
    assert not world.tick()
    assert not world.tick()


def test_a_newer_input_is_followed(world):
    world.tick()
    world.materialize("source")
    world.materialize("derived")
    world.tick()
    world.materialize("source")
    assert world.tick()


def test_what_a_batch_updates_is_followed_by_the_batch(world):
    """Its run goes on down the chain; a second one would do the same again."""
    world.materialize("source")
    world.materialize("derived")
    world.tick()
    world.materialize("source", **{BATCH_TAG: "1"})
    assert not world.tick()
    assert not world.tick()


def test_newer_code_is_followed(world):
    world.materialize("source")
    world.materialize("derived")
    world.tick()
    world.assets = [source, derived("2")]
    assert world.tick()


def test_what_failed_waits_for_another_input_instead_of_failing_for_ever(world):
    world.materialize("source")
    assert world.tick()
    BROKEN["yes"] = True
    world.materialize("derived")
    assert not any(world.tick() for _ in range(5))
    world.materialize("source")
    assert world.tick()
