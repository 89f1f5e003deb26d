"""What a container printed, when it cannot be had."""

from types import SimpleNamespace

import dagster as dg
import docker.errors
import pytest
from dagster._core.events import (
    ComputeLogsCaptureData,
    DagsterEvent,
    DagsterEventType,
)
from dagster._core.test_utils import create_run_for_test, instance_for_test

from home_media_pipelines.instance.container_output import keep_output


@pytest.fixture
def instance():
    with instance_for_test() as on_disk:
        yield on_disk


@pytest.fixture
def run(instance) -> dg.DagsterRun:
    """A run that has ended and printed something elsewhere."""
    run = create_run_for_test(instance, status=dg.DagsterRunStatus.SUCCESS)
    captured = DagsterEvent(
        DagsterEventType.LOGS_CAPTURED.value,
        run.job_name,
        event_specific_data=ComputeLogsCaptureData("printed", ["step"]),
    )
    instance.report_dagster_event(captured, run.run_id)
    return run


def events(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    logged = instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT)
    return [it.dagster_event.message for it in logged]


def container(answer) -> SimpleNamespace:
    return SimpleNamespace(logs=answer)


def test_what_was_printed_is_put_where_the_ui_shows_it(instance, run):
    keep_output(instance, run.run_id, container(lambda **_: b"said\n"))
    manager = instance.compute_log_manager
    key = manager.build_log_key_for_run(run.run_id, "printed")
    assert manager.get_log_data(key).stdout == b"said\n"
    assert events(instance, run) == []


@pytest.mark.parametrize(
    "error",
    [docker.errors.APIError("no such\ncontainer"), OSError(28, "No space left")],
)
def test_what_cannot_be_had_is_said_in_the_run(instance, run, error):
    """Else a person finds an empty page, and no word why."""

    def refuse(**_):
        raise error

    keep_output(instance, run.run_id, container(refuse))
    (said,) = events(instance, run)
    assert said.startswith("what it printed could not be brought here: ")
    assert said.endswith(("no such container", "No space left"))
