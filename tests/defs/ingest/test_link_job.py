"""What follows a run of networks, on the machine where the library is."""

import dagster as dg
import pytest
from dagster._core.storage.dagster_run import RunOpConcurrency
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.defs.vision.vision_runs import JOB, run_config

FOLDERS = ["photos/snow", "photos/beach"]


@pytest.fixture
def follow(graph, instance):
    """One tick of the sensor after a run that ended like this."""
    from home_media_pipelines.defs.ingest.link_job import (
        links_after_failure,
        links_after_vision,
    )

    def tick(run: dg.DagsterRun, pool: str, ending: str) -> dg.RunRequest | str:
        sensor = links_after_vision if ending == "SUCCESS" else links_after_failure
        needs = RunOpConcurrency(
            root_key_counts={}, has_unconstrained_root_nodes=False, all_pools={pool}
        )
        context = dg.build_run_status_sensor_context(
            sensor_name=sensor.name,
            dagster_event=dg.DagsterEvent(
                event_type_value=f"PIPELINE_{ending}", job_name=run.job_name
            ),
            dagster_instance=instance,
            dagster_run=run._replace(run_op_concurrency=needs),
        )
        answer = sensor(context)
        return answer if isinstance(answer, dg.RunRequest) else answer.skip_message

    return tick


@pytest.mark.parametrize("ending", ["SUCCESS", "FAILURE"])
def test_all_folders_of_a_run_are_linked_in_one(follow, instance, ending):
    """What a run did before it failed counts; and a run each would be a storm."""
    run = create_run_for_test(instance, job_name=JOB, run_config=run_config(FOLDERS))
    request = follow(run, "gpu", ending)
    assert request.run_config["ops"]["link"]["config"]["folders"] == FOLDERS


def test_what_a_person_started_is_followed_too(follow, instance):
    run = create_run_for_test(
        instance, job_name="__ASSET_JOB", tags={"dagster/partition": "photos/snow"}
    )
    request = follow(run, "gpu", "SUCCESS")
    assert request.run_config["ops"]["link"]["config"]["folders"] == ["photos/snow"]


def test_runs_without_networks_are_not_followed(follow, instance):
    run = create_run_for_test(instance, job_name="changed_folders")
    assert follow(run, "nas", "SUCCESS") == "no network was in it"
