"""What starts networks: folders with something unseen, and only when it can be seen."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test, instance_for_test

from home_media_pipelines.db.connect import connect
from home_media_pipelines.defs.resources import Database, Networks
from home_media_pipelines.defs.vision import target_producers, vision_runs
from home_media_pipelines.defs.vision.vision_runs import JOB, run_config
from home_media_pipelines.models.errors import MissingWeightsError
from tests.builders import NOW, add_image, content
from tests.db.seen import add_embeddings, unit


@pytest.fixture
def networks(tmp_path) -> Networks:
    return Networks(
        profile="tiny", weights=str(tmp_path / "weights"), device="auto", readers=1
    )


@pytest.fixture
def resources(database_url, networks):
    return {"database": Database(url=database_url), "networks": networks}


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    """As if packages and weights were there."""
    monkeypatch.setattr(
        target_producers.weights, "verify", lambda model, _: f"hash {model.name}"
    )
    monkeypatch.setattr(target_producers, "missing_packages", lambda _: ())


@pytest.fixture
def look(graph, instance, resources):
    """One tick of the sensor: the folders of each run it asks for, or why none."""
    from home_media_pipelines.defs.vision.vision_backlog import vision_backlog

    def tick(**changed: object) -> list[list[str]] | str:
        with dg.build_sensor_context(
            instance=instance, definitions=graph, resources=resources | changed
        ) as context:
            answer = vision_backlog(context)
        if isinstance(answer, dg.SkipReason):
            return answer.skip_message or ""
        return [folders_of(it) for it in answer.run_requests]

    return tick


def folders_of(request: dg.RunRequest) -> list[str]:
    return request.run_config["ops"]["run_networks"]["config"]["folders"]


@pytest.fixture
def pictures(database_url):
    """Three folders, the one of the snow the newest."""
    with connect(database_url) as conn:
        for year, folder in ((2019, "lake"), (2021, "snow"), (2020, "beach")):
            add_image(conn, f"{folder}/a.jpg", taken_at=datetime(year, 1, 1))


@pytest.fixture
def started(instance):
    """A run of the job over these folders that has this status."""

    def start(status: str, *folders: str) -> dg.DagsterRun:
        return create_run_for_test(
            instance,
            job_name=JOB,
            run_config=run_config(folders),
            status=dg.DagsterRunStatus(status),
        )

    return start


@pytest.mark.usefixtures("pictures")
def test_the_newest_folders_come_first_in_one_run(look):
    assert look() == [["photos/snow", "photos/beach", "photos/lake"]]


@pytest.mark.usefixtures("pictures")
def test_folders_under_way_are_not_asked_for_again(look, started):
    """Two runs are enough at a time: what is newer may come first after them."""
    started("STARTED", "photos/snow")
    started("STARTING", "photos/lake")
    assert look().startswith("3 folders wait; 2 are under way")


@pytest.mark.usefixtures("pictures")
def test_what_is_newer_does_not_wait_behind_what_waits(look, started):
    """A machine may sleep for days; on waking it looks at the latest pictures first."""
    started("STARTING", "photos/lake")
    started("STARTING", "photos/beach")
    assert look() == [["photos/snow"]]
    for _ in range(6):
        started("STARTING", "photos/lake")
    assert look().startswith("3 folders wait")  # there is an end to it


@pytest.mark.usefixtures("pictures")
def test_two_machines_are_both_kept_busy(look, started, monkeypatch):
    started("STARTED", "photos/snow")
    started("STARTED", "photos/beach")
    assert look().startswith("3 folders wait")
    monkeypatch.setattr(
        "home_media_pipelines.defs.vision.vision_backlog.at_once", lambda _: 3
    )
    assert look() == [["photos/lake"]]


def test_one_run_more_is_asked_for_than_may_work():
    with instance_for_test() as on_disk:
        assert vision_runs.at_once(on_disk) == 2
        on_disk.event_log_storage.set_concurrency_slots("gpu", 3)
        assert vision_runs.at_once(on_disk) == 4
        on_disk.event_log_storage.set_concurrency_slots("gpu", 0)  # asleep
        assert vision_runs.at_once(on_disk) == 2


@pytest.mark.usefixtures("pictures")
def test_what_is_free_is_asked_for_beside_a_run(look, started):
    started("STARTED", "photos/snow")
    assert look() == [["photos/beach", "photos/lake"]]


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("ending", ["FAILURE", "CANCELED"])
def test_a_run_that_broke_off_rests_longer_each_time(
    instance, look, started, ending, monkeypatch
):
    """Whoever cancels a run does not want it back at once; nor does a bug help."""
    started(ending, "photos/snow")
    assert look() == [["photos/beach", "photos/lake"]]
    started(ending, "photos/snow")

    now = datetime.now(UTC)
    assert vision_runs.resting(instance, now + timedelta(minutes=3)) == {"photos/snow"}
    assert vision_runs.resting(instance, now + timedelta(minutes=5)) == set()


@pytest.mark.usefixtures("pictures")
def test_many_folders_become_few_runs_at_a_time(look, monkeypatch):
    """What is newer may come first, and another model may be chosen meanwhile."""
    monkeypatch.setattr(vision_runs, "FOLDERS_PER_QUERY", 1)
    assert look() == [["photos/snow"], ["photos/beach"]]


def test_nothing_new_starts_nothing(look):
    assert look() == "every folder has been looked at"


@pytest.mark.usefixtures("pictures")
def test_vision_may_be_off(look, networks):
    off = Networks(**networks.model_dump() | {"profile": "off"})
    assert look(networks=off) == "vision is off"


@pytest.mark.usefixtures("pictures")
def test_it_says_which_weights_it_waits_for_and_goes_on_with_the_others(
    look, monkeypatch, tmp_path, database_url
):
    def only_embedder(model, _):
        if model.role != "embedder":
            raise MissingWeightsError(model.name, tmp_path / "x.pt", "https://x")
        return "hash"

    monkeypatch.setattr(target_producers.weights, "verify", only_embedder)
    assert look() == [["photos/snow", "photos/beach", "photos/lake"]]
    with connect(database_url) as conn:
        ((embedder,),) = conn.execute(
            "select producer_id from active_producers where asset = 'embeddings'"
        ).fetchall()
        names = ("lake", "snow", "beach")
        found = {content(f"{it}/a.jpg"): unit(1, 0) for it in names}
        add_embeddings(conn, embedder, found)
    said = look()
    assert said.startswith("every folder has been looked at; waits for weights")
    assert "home-media models fetch tiny-yolo" in said


@pytest.mark.usefixtures("pictures")
def test_it_says_when_packages_are_missing(look, monkeypatch):
    monkeypatch.setattr(target_producers, "missing_packages", lambda _: ("torch",))
    assert "pip install 'home-media[vision]'" in look()


@pytest.mark.usefixtures("pictures")
def test_it_waits_for_a_graphics_card_that_is_asked_for(look, networks, monkeypatch):
    monkeypatch.setattr(target_producers, "gpu_is_likely", lambda: False)
    cuda = Networks(**networks.model_dump() | {"device": "cuda"})
    assert "waits for a graphics card" in look(networks=cuda)


@pytest.mark.usefixtures("pictures")
def test_a_model_that_needs_a_graphics_card_waits_for_one(
    look, networks, monkeypatch, database_url
):
    """The others go on without it: the detector of that profile runs anywhere."""
    monkeypatch.setattr(target_producers, "gpu_is_likely", lambda: False)
    gpu = Networks(**networks.model_dump() | {"profile": "gpu"})
    assert look(networks=gpu) == [["photos/snow", "photos/beach", "photos/lake"]]
    with connect(database_url) as conn:
        known = conn.execute("select asset from active_producers order by 1")
        assert {"detections", "embeddings"} <= {asset for (asset,) in known}
        assert "masks" not in {asset for (asset,) in known}


@pytest.mark.usefixtures("pictures")
def test_a_persons_choice_wins_over_the_profile(look, database_url):
    from home_media_pipelines.db.tables.vision import models

    with connect(database_url) as conn:
        models.choose(conn, "segmenter", "none")
        models.choose(conn, "embedder", "clip-b16")
    look()
    with connect(database_url) as conn:
        chosen = dict(
            conn.execute(
                "select asset, model from gallery.active_producers"
                " where asset in ('masks', 'embeddings')"
            ).fetchall()
        )
    assert chosen == {"masks": "tiny-yolo", "embeddings": "clip-b16"}


@pytest.mark.usefixtures("pictures")
def test_a_choice_that_no_longer_exists_is_named(look, database_url):
    from home_media_pipelines.db.tables.vision import models

    with connect(database_url) as conn:
        models.choose(conn, "embedder", "clip-b32")
    assert "no model 'clip-b32'" in look()


@pytest.mark.usefixtures("pictures")
@pytest.mark.usefixtures("graph")
def test_the_night_embeds_what_is_missing_newest_first(resources):
    from home_media_pipelines.defs.vision.nightly_embeddings import nightly_embeddings

    with (
        instance_for_test() as on_disk,  # schedules take no other
        dg.build_schedule_context(
            instance=on_disk, resources=resources, scheduled_execution_time=NOW
        ) as context,
    ):
        request = nightly_embeddings(context)
    config = request.run_config["ops"]["run_networks"]["config"]
    assert config == {
        "folders": ["photos/snow", "photos/beach", "photos/lake"],
        "assets": ["embeddings"],
        "hours": 5.0,
    }


def test_one_run_works_at_a_time_unless_somebody_chose_another_number():
    """Two would each fill the memory of the same graphics card."""
    with instance_for_test() as on_disk:
        storage = on_disk.event_log_storage
        vision_runs.one_at_a_time(on_disk)
        assert [(it.name, it.limit) for it in storage.get_pool_limits()] == [("gpu", 1)]
        storage.set_concurrency_slots("gpu", 0)  # asleep
        vision_runs.one_at_a_time(on_disk)
        assert [it.limit for it in storage.get_pool_limits()] == [0]
