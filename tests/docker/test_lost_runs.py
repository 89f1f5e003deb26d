"""Runs in containers that are killed, cancelled, left behind by a lid that closes.

Postgres, the graph, Dagster's daemons, engines, the worker's image and its networks are
real; what networks made before, on this machine, is what containers have to make again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest

from home_media_pipelines.core.operations.agents import AGENT_TAG, WAITING_TAG
from home_media_pipelines.db.locks import Lock, lock
from tests.docker.engine import Engine, copy_image
from tests.docker.server import server
from tests.docker.worker import IMAGE, described
from tests.faults.conftest import homes
from tests.faults.test_vision_kills import ROWS
from tests.faults.world import Home, draw_library

pytest.importorskip("torch")

FOLDERS = ["photos/2020/trip000", "photos/2021/trip001", "photos/2022/trip002"]
EACH = 4

SOON = "PGOPTIONS=-c idle_in_transaction_session_timeout=2s"
"""What a container leaves half done is undone after this, in a house after a minute."""

FORGET = "delete from analyses; delete from detections; delete from embeddings"

pytestmark = [pytest.mark.xdist_group("docker"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def world(
    built: Engine, volumes, postgres, template, tmp_path_factory
) -> Iterator[SimpleNamespace]:
    """A server with a library, what networks make of it, and two agents, one awake."""
    nas = tmp_path_factory.mktemp("nas")
    root = draw_library(nas / "photos", len(FOLDERS), EACH, size=(320, 240))
    elsewhere = Engine(nvidia=True)
    with homes(postgres, template) as make:
        home = make()
        home.state.chmod(0o711)
        home.settings |= {"MODELS": "tiny", "DEVICE": "cpu", "TIMEZONE": "UTC"}
        home.ingest(root)
        given = [*volumes, f"{home.state / 'derived'}:/derived:ro"]
        agents = [
            described(name, it, given, SOON, lost_after=5)
            for name, it in (("laptop", built), ("tower", elsewhere))
        ]
        try:
            with server(home, "".join(agents)) as serving:
                yield SimpleNamespace(
                    server=serving,
                    home=home,
                    laptop=built,
                    tower=elsewhere,
                    made=made(home),
                )
        finally:
            elsewhere.remove()


@pytest.fixture
def ours(world: SimpleNamespace, laptop: Engine) -> SimpleNamespace:
    """The world, its laptop awake, and nothing seen yet."""
    with world.home.connect() as conn:
        conn.execute(FORGET)
    return world


def made(home: Home) -> dict[str, list[tuple]]:
    """What networks made, row by row."""
    rows = {table: sorted(home.rows(query)) for table, query in ROWS.items()}
    rows["analyses"] = [it for it in rows["analyses"] if it[0] in rows]
    return rows


@contextmanager
def held_up(ours: SimpleNamespace, folder: str) -> Iterator[Callable[[], bool]]:
    """Let the detector come to a halt in the middle of storing a folder.

    Somebody else is about to store the same. Yields whether it is there.
    """
    with psycopg.connect(str(ours.home.home_media)) as conn:
        conn.execute(
            """
            insert into analyses (asset, producer_id, content_id, count)
            select 'detections', %(producer)s, content_id, 0
              from images where folder = %(folder)s limit 1
            """,
            {"producer": ours.made["detections"][0][2], "folder": folder},
        )
        waits = f"""
            select count(*) > 0 from pg_stat_activity
             where {conn.info.backend_pid} = any(pg_blocking_pids(pid))
        """
        yield lambda: bool(ours.home.one(waits))
        conn.rollback()


def seen(home: Home) -> dict[tuple[str, str], str]:
    """Who wrote each analysis that there is: a transaction."""
    rows = home.rows("select producer_id, content_id::text, xmin::text from analyses")
    return {(producer, content): xmin for producer, content, xmin in rows}


def containers(engine: Engine, run_id: str) -> list:
    client = engine.client()
    try:
        return client.containers.list(
            all=True, filters={"label": f"home-media.run={run_id}"}
        )
    finally:
        client.close()


def test_a_container_that_is_killed_costs_time_and_no_row(ours):
    """Its run is found dead and tried again; what it had finished is not made twice."""
    up = ours.server
    with held_up(ours, FOLDERS[1]) as halted:
        run_id = up.look_at(*FOLDERS)
        up.until(halted, "the first folder")
        assert up.run(run_id).tags[AGENT_TAG] == "laptop"
        finished = seen(ours.home)
        assert len(finished) == EACH
        (container,) = containers(ours.laptop, run_id)
        assert container.attrs["HostConfig"]["DeviceRequests"][0]["Driver"] == "nvidia"
        container.kill()
        up.until(lambda: up.retry_of(run_id), "the run to be tried again")
    assert "its container is exited" in up.said(run_id)
    again = up.retry_of(run_id)
    up.until(lambda: up.status(again) == "SUCCESS", "the rest to be seen")
    up.until(lambda: "embeddings: " in up.printed(again), "what it printed")
    assert up.status(run_id) == "FAILURE"
    assert "is removed" not in up.said(again)
    assert made(ours.home) == ours.made
    assert finished.items() <= seen(ours.home).items()


def test_a_lid_that_closes_in_the_middle_of_a_run(ours):
    """After `lost_after` the run is given up; the queue drains when the lid opens.

    It closes at the worst moment: half of a folder is stored, and others wait for that.
    """
    up, home = ours.server, ours.home
    with held_up(ours, FOLDERS[1]) as halted:
        run_id = up.look_at(*FOLDERS, assets=["detections"])
        up.until(halted, "the first folder")
        finished = seen(home)
        ours.laptop.freeze()
    try:
        again = up.until(lambda: up.retry_of(run_id), "the run to be tried again")
        assert up.status(run_id) == "FAILURE"
        assert "laptop does not run its Docker engine" in up.said(run_id)
        up.until(
            lambda: WAITING_TAG in up.run(again).tags, "it to say what it waits for"
        )
        assert up.status(again) == "QUEUED"
        assert seen(home) == finished
    finally:
        ours.laptop.thaw()
    up.until(lambda: up.status(again) == "SUCCESS", "the queue to drain")
    assert containers(ours.laptop, run_id) == []
    assert up.status(run_id) == "FAILURE"
    assert made(home)["detections"] == ours.made["detections"]
    assert finished.items() <= seen(home).items()


def test_a_cancelled_run_stops_its_container(ours):
    """What the button in Dagster's UI does; and nobody tries it again."""
    up = ours.server
    with held_up(ours, FOLDERS[1]) as halted:
        run_id = up.look_at(*FOLDERS, assets=["detections"])
        up.until(halted, "the first folder")
        assert up.terminate(run_id) == "TerminateRunSuccess"
    up.until(lambda: up.status(run_id) == "CANCELED", "the run to end")
    up.until(lambda: containers(ours.laptop, run_id) == [], "its container to go")
    assert up.retry_of(run_id) is None


def test_two_agents_share_the_queue_and_one_does_the_work_of_both(ours):
    """Two graphics cards, three runs; then somebody shuts one machine down."""
    up, tower = ours.server, ours.tower
    tower.start()
    copy_image(ours.laptop, tower, IMAGE)
    with psycopg.connect(str(ours.home.home_media)) as conn:
        lock(conn, Lock.ANALYSES)  # so that all of them stay at work
        up.until(lambda: up.slots() == 2, "both to be seen")
        runs = [up.look_at(it, assets=["detections"]) for it in FOLDERS]
        begun = ["STARTED", "STARTED", "QUEUED"]
        up.until(
            lambda: sorted(map(up.status, runs), reverse=True) == begun, "two of them"
        )
        there = {up.run(it).tags.get(AGENT_TAG): it for it in runs}
        assert there.keys() == {"laptop", "tower", None}
        for name, engine in (("laptop", ours.laptop), ("tower", tower)):
            assert len(containers(engine, there[name])) == 1
        tower.stop()
        lost = there["tower"]
        again = up.until(lambda: up.retry_of(lost), "the lost run to be tried again")
        conn.rollback()
    todo = [there["laptop"], there[None], again]
    up.until(
        lambda: {up.status(it) for it in todo} == {"SUCCESS"}, "the queue to drain"
    )
    assert {up.run(it).tags[AGENT_TAG] for it in todo} == {"laptop"}
    assert made(ours.home)["detections"] == ours.made["detections"]


def test_what_somebody_asks_for_at_once_is_taken_apart(ours):
    """Thumbnails and detections of a folder: one here, the other on the laptop."""
    up = ours.server
    run_id = up.launch("__ASSET_JOB", "thumbnails", "detections", partition=FOLDERS[0])
    up.until(lambda: up.status(run_id) == "CANCELED", "the run to be taken apart")
    where = """
        select coalesce(a.value, 'here') from runs r
          join run_tags b on b.run_id = r.run_id and b.key = 'dagster/backfill'
          left join run_tags a on a.run_id = r.run_id and a.key = 'home_media/agent'
         where r.status = 'SUCCESS' order by 1
    """
    up.until(
        lambda: ours.home.rows(where, True) == [("here",), ("laptop",)], "both parts"
    )
