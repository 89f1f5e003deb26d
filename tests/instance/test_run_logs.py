"""A run's console: lines of JSON that name run, job and step."""

import json

import dagster as dg
import pytest
from dagster import _loggers
from dagster._core.definitions import instigation_logger

from home_media_pipelines.instance import run_logs


@pytest.fixture
def json_logs(monkeypatch):
    """What `HOME_MEDIA_LOG_FORMAT=json` does, until the test ends."""
    monkeypatch.setattr(
        _loggers, "colored_console_logger", _loggers.colored_console_logger
    )
    monkeypatch.setattr(
        instigation_logger,
        "create_console_logger",
        instigation_logger.create_console_logger,
    )
    run_logs.use_json()


@dg.op
def run_networks(context: dg.OpExecutionContext) -> None:
    context.log.info("masks: 3 of 4")
    raise RuntimeError("broken")


@dg.job
def vision_job() -> None:
    run_networks()


def test_every_line_of_a_run_is_json_that_says_whose_it_is(json_logs, capfd):
    """Dagster has no setting for it: this fails when what we replace has moved."""
    result = vision_job.execute_in_process(raise_on_error=False)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert len(lines) > 5
    assert {line["run_id"] for line in lines} == {result.run_id}
    [said] = [line for line in lines if line["event"] == "masks: 3 of 4"]
    assert said["job_name"] == "vision_job"
    assert said["op_name"] == "run_networks"
    assert (said["level"], said["service"]) == ("info", "run")
    assert "error" in {line["level"] for line in lines}


@dg.sensor(job=vision_job)
def nas_watch(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    context.log.info("photos: was never walked")
    return dg.SkipReason("nothing changed")


def test_so_is_every_line_of_a_sensor(json_logs, capfd):
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance, sensor_name="nas_watch") as context,
    ):
        nas_watch(context)
    [line] = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["event"], line["service"]) == ("photos: was never walked", "sensor")
