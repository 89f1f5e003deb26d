"""When checks are made: after what was made, not with it, and not all the time."""

from datetime import timedelta

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.defs.care import checks
from tests.defs.conftest import draw


@pytest.fixture
def due(graph, instance):
    """One tick of the sensor: does it ask for the checks, and if not, why?"""

    def tick():
        with dg.build_sensor_context(instance=instance, definitions=graph) as context:
            answer = checks.due_checks(context)
        return answer.skip_message if isinstance(answer, dg.SkipReason) else True

    return tick


@pytest.fixture
def made(root, run, instance):
    """Bring a folder with one picture up to date."""

    def ingest():
        draw(root / "a" / "1.jpg")
        run("walk")
        instance.add_dynamic_partitions("folder", ["photos/a"])
        return run("new_folders", partition_key="photos/a")

    return ingest


def test_every_check_is_made_whoever_made_the_rows(graph, made, check):
    """Runs over lists of folders, as of networks, make none themselves."""
    made()
    keys = graph.resolve_asset_graph().asset_check_keys
    assert set(check()) == {key.name for key in keys}


def test_a_batch_does_not_check_the_whole_library(made):
    assert not made().get_asset_check_evaluations()


def test_they_follow_what_was_made_once(run, made, due, monkeypatch):
    monkeypatch.setattr(checks, "STARTING_UP", timedelta())
    monkeypatch.setattr(checks, "SHARE", 0)
    assert due() == "nothing was made since the last checks"
    made()
    assert due() is True
    run("checks")
    run("walk")
    assert due() == "nothing was made since the last checks"
    made()
    assert due() is True


def test_they_take_a_small_part_of_the_time(run, made, due):
    run("checks")
    made()
    assert due().startswith("not before ")


def test_they_wait_for_a_quiet_moment_but_not_for_ever(
    run, made, due, instance, monkeypatch
):
    monkeypatch.setattr(checks, "STARTING_UP", timedelta())
    monkeypatch.setattr(checks, "SHARE", 0)
    run("checks")
    made()
    create_run_for_test(
        instance, job_name="vision_job", status=dg.DagsterRunStatus.STARTED
    )
    assert due() == "waits until nothing else is at work"
    monkeypatch.setattr(checks, "UNTIL_QUIET", timedelta())
    assert due() is True
