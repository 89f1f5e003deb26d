"""A server, and a laptop that sleeps and wakes.

Everything is real: `home-media up`, Postgres, Dagster's daemons, a Docker engine, the
worker's image, networks. The engine is another one than the machine's own.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.docker.worker import described
from tests.faults.conftest import embedded
from tests.faults.living import Up
from tests.faults.world import draw_library
from tests.waiting import until

pytest.importorskip("torch")

TINY = {"MODELS": "tiny", "TIMEZONE": "UTC"}
FOLDERS, EACH = 2, 6

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
        (home.state / "agents.toml").write_text(described("laptop", built, given))
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
         where r.pipeline_name = 'vision_job' group by r.id order by r.id
    """
    return [
        SimpleNamespace(id=run_id, status=status, tags=tags)
        for run_id, status, tags in home.rows(query, True)
    ]


def analysed(home, asset: str = "crop_embeddings") -> int:
    return home.one(f"select count(*) from analyses where asset = '{asset}'")


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
