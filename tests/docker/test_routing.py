"""A server, and a laptop that sleeps, wakes, and has its container killed.

Everything is real: `home-media up`, Postgres, Dagster's daemons, a Docker engine, the
worker's image, networks. The engine is another one than the machine's own.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from home_media_pipelines.core.agents import CONTAINER
from tests.docker.worker import IMAGE
from tests.faults.conftest import embedded, homes
from tests.faults.living import Up
from tests.faults.test_vision_kills import ROWS
from tests.faults.world import draw_library, until

pytest.importorskip("torch")

TINY = {"MODELS": "tiny", "TIMEZONE": "UTC"}
FOLDERS, EACH = 2, 6

LINKS = """
    select image_id::text, taxon::text, source, detection_id::text
      from taxonomy_links join active_producers using (producer_id)
"""

AGENT = """
[[agent]]
name = "laptop"
host = "{host}"
image = "{image}"
network = "host"
memory = "3g"
lost_after = 30
volumes = {volumes}
environment = [
  "PYTHONPATH=/src",
  "HOME_MEDIA_DEVICE=cpu",
  "HOME_MEDIA_DERIVED=/derived",
  "HOME_MEDIA_TIMEZONE=UTC",
  "OMP_NUM_THREADS=1",
]
"""


pytestmark = [pytest.mark.xdist_group("docker"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def world(built, volumes, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A server with a library of two folders, and an agent that sleeps."""
    built.stop()
    root = draw_library(
        tmp_path_factory.mktemp("nas") / "photos", FOLDERS, EACH, size=(320, 240)
    )
    root.parent.chmod(0o755)
    with embedded() as home:
        derived = home.state / "derived"
        derived.mkdir()
        given = [*volumes, f"{derived}:/derived:ro", f"{root.parent}:/mnt/nas:ro"]
        text = AGENT.format(host=built.host, image=IMAGE, volumes=given)
        (home.state / "agents.toml").write_text(text)
        up = Up(home, root, **TINY)
        try:
            yield SimpleNamespace(home=home, up=up, root=root, laptop=built)
        finally:
            if not built.answers():
                built.stop()
                built.start()
            up.stop()


def gpu_runs(home) -> list[SimpleNamespace]:
    """The runs of networks, oldest first, with their tags."""
    query = """
        select r.run_id, r.status, coalesce(json_object_agg(t.key, t.value)
                   filter (where t.key is not null), '{}')
          from runs r left join run_tags t using (run_id)
         where r.pipeline_name = 'see_folders' group by r.id order by r.id
    """
    return [
        SimpleNamespace(id=run_id, status=status, tags=tags)
        for run_id, status, tags in home.rows(query, True)
    ]


def analysed(home, asset: str = "crop_embeddings") -> int:
    return home.one(f"select count(*) from analyses where asset = '{asset}'")


def made(home, query: str) -> list[tuple]:
    """What networks made; links were made before and after, by one more producer."""
    return sorted(it for it in home.rows(query) if it[0] != "taxonomy_links")


def test_runs_wait_for_a_laptop_that_sleeps_and_say_so(world):
    """Nothing fails, nothing is dropped, and what needs no card goes on."""
    home, up = world.home, world.up

    def waits() -> bool:
        return any("home_media/waiting" in it.tags for it in gpu_runs(home))

    until(waits, 240, "a run to say what it waits for")
    until(lambda: up.get("/api/images?limit=50")["images"], 60, "pictures without it")
    (run,) = gpu_runs(home)
    assert run.status == "QUEUED"
    said = run.tags["home_media/waiting"]
    assert said.startswith("waiting for GPU: laptop does not run its Docker engine")
    limit = "select \"limit\" from concurrency_limits where concurrency_key = 'gpu'"
    assert home.rows(limit, True) == [(0,)]
    assert [it for it in home.runs() if it[1] in ("FAILURE", "CANCELED")] == []
    assert analysed(home, "detections") == 0


def test_on_wake_the_queue_drains_in_containers_and_dagster_shows_it(world):
    home = world.home
    world.laptop.start()
    done = FOLDERS * EACH
    until(lambda: analysed(home, "embeddings") == done, 300, "the queue to drain")
    linked = ("link_folders", "SUCCESS")
    until(lambda: linked in home.runs(), 120, "what needs no card to follow")
    until(lambda: not home.unfinished_runs(), 120, "all runs to end")
    first, *_ = gpu_runs(home)
    assert (first.status, first.tags["home_media/agent"]) == ("SUCCESS", "laptop")
    events = "select count(*) from event_logs where run_id = '{}' and event like '%{}%'"
    for said in ("container ", "on laptop", "embeddings: "):  # ours, and what it logs
        assert home.one(events.format(first.id, said), True), said
    reported = """
        select count(distinct partition) from event_logs
         where run_id = '{}' and dagster_event_type = 'ASSET_MATERIALIZATION'
           and asset_key = '["embeddings"]' and event like '%images_per_s%'
    """
    assert home.one(reported.format(first.id), True) == FOLDERS
    here = "select count(*) from run_tags where key = 'home_media/agent'"
    assert home.one(here, True) == len(gpu_runs(home))  # and no other run


def test_a_container_that_is_killed_costs_time_and_no_row(
    world, postgres, template, tmp_path
):
    """The run is detected dead, tried again, and the tables are the same."""
    home = world.home
    draw_library(world.root, FOLDERS + 2, EACH * 2, size=(320, 240))
    before = {it.id for it in gpu_runs(home)}

    def fresh() -> str | None:
        new = [it for it in gpu_runs(home) if it.id not in before]
        return next((it.id for it in new if it.status == "STARTED"), None)

    run_id = until(fresh, 240, "a run in a container", every=0.1)
    client = world.laptop.client()
    try:
        container = client.containers.get(CONTAINER.format(run_id=run_id))
        assert container.attrs["HostConfig"]["DeviceRequests"][0]["Driver"] == "nvidia"
        container.kill()
    finally:
        client.close()
    done = (FOLDERS + 2) * EACH * 2
    until(lambda: analysed(home, "embeddings") == done, 400, "the rest to be seen")
    until(lambda: not home.unfinished_runs(), 200, "all runs to end")
    states = {it.id: it.status for it in gpu_runs(home)}
    assert states[run_id] == "FAILURE"
    assert list(states.values())[-1] == "SUCCESS"

    with homes(postgres, template) as make:
        alone = make()
        alone.settings |= {**TINY, "DEVICE": "cpu"}
        alone.ingest(world.root)
        for table, query in ROWS.items():
            assert made(home, query) == made(alone, query), table
        links = sorted(alone.rows(LINKS))
        until(lambda: sorted(home.rows(LINKS)) == links, 90, "the same links")


def test_a_cancelled_run_stops_its_container(world):
    """What the button in Dagster's UI does."""
    home, up = world.home, world.up
    draw_library(world.root, FOLDERS + 4, EACH * 4, size=(320, 240))
    before = {it.id for it in gpu_runs(home)}

    def fresh() -> str | None:
        new = [it for it in gpu_runs(home) if it.id not in before]
        return next((it.id for it in new if it.status == "STARTED"), None)

    run_id = until(fresh, 240, "a run in a container", every=0.1)
    assert up.terminate(run_id) == "TerminateRunSuccess"
    until(lambda: up.status(run_id) == "CANCELED", 90, "the run to end")
    client = world.laptop.client()
    try:
        running = client.containers.list(filters={"label": f"home-media.run={run_id}"})
        assert running == []
    finally:
        client.close()


def test_what_somebody_asks_for_at_once_is_taken_apart(world):
    """Thumbnails and detections of a folder: one here, the other on the laptop."""
    home, up = world.home, world.up
    (folder,) = home.rows("select folder from folders order by folder limit 1")[0]
    run_id = up.launch("__ASSET_JOB", "thumbnails", "detections", partition=folder)
    until(lambda: up.status(run_id) == "CANCELED", 120, "the run to be taken apart")

    def parts() -> dict[str, str]:
        query = f"""
            select r.run_id, coalesce(a.value, 'here') from runs r
              join run_tags b on b.run_id = r.run_id and b.key = 'dagster/backfill'
              left join run_tags a on a.run_id = r.run_id
                                  and a.key = 'home_media/agent'
             where r.status = 'SUCCESS' and r.run_id <> '{run_id}'
        """
        return dict(home.rows(query, True))

    until(lambda: len(parts()) == 2, 240, "both parts")
    assert sorted(parts().values()) == ["here", "laptop"]
