"""What is remembered of agents: stretches of time, calls, and what waits."""

from datetime import UTC, datetime, timedelta

import pytest

from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.operations import agents
from home_media_pipelines.db.tables.operations.agents import GpuQueue
from home_media_pipelines.db.tables.vision import analyses
from home_media_pipelines.db.tables.vision.producers import activate
from tests.builders import add_image, content

LAPTOP = Agent("alienware", "ssh://me@alienware", "worker:1")
TOWER = Agent("tower", "ssh://me@tower", "worker:1", runs=2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The database's own time tells what is old."""
    return datetime.now(UTC)


def up(at: datetime, **more: object) -> Sighting:
    seen = {"gpu_name": "RTX 4090", "gpu_memory": 24 << 30, "image_version": "0.1.0"}
    return Sighting("alienware", at, reachable=True, **(seen | more))  # pyright: ignore[reportArgumentType]


def down(at: datetime) -> Sighting:
    return Sighting("alienware", at, reachable=False, reason="unreachable")


def test_what_does_not_change_is_one_stretch_of_time(conn, now):
    agents.configure(conn, [LAPTOP])
    looks = [up(now - 3 * MINUTE), up(now - 2 * MINUTE, runs=("r",)), down(now)]
    statuses = [agents.record(conn, look) for look in looks]
    assert [it.since for it in statuses] == [now - 3 * MINUTE, now - 3 * MINUTE, now]
    rows = conn.execute("select since, until, runs from agent_sightings order by 1")
    assert rows.fetchall() == [
        (now - 3 * MINUTE, now - 2 * MINUTE, ["r"]),
        (now, now, []),
    ]


def test_a_sleeping_machine_keeps_its_card(conn, now):
    """Nobody forgets what stands under the desk because it is switched off."""
    agents.configure(conn, [LAPTOP])
    agents.record(conn, up(now - MINUTE))
    agents.record(conn, down(now))
    (known,) = agents.list_all(conn)
    assert (known.state, known.reason) == ("unreachable", "unreachable")
    assert (known.gpu_name, known.gpu_memory) == ("RTX 4090", 24 << 30)
    assert (known.since, known.image_version) == (now, "0.1.0")


@pytest.mark.parametrize(
    ("look", "state"),
    [
        (up, "ready"),
        (lambda now: up(now, reason="no nvidia runtime"), "unready"),
        (down, "unreachable"),
        (lambda now: up(now - 4 * MINUTE), "unknown"),
    ],
)
def test_how_an_agent_is(conn, now, look, state):
    """Unknown: the daemon does not look any more, so that what it saw is old."""
    agents.configure(conn, [LAPTOP])
    agents.record(conn, look(now))
    assert [it.state for it in agents.list_all(conn)] == [state]


def test_an_agent_that_nobody_has_looked_at_is_there_and_unknown(conn):
    agents.configure(conn, [TOWER, LAPTOP])
    known = agents.list_all(conn)
    assert [(it.agent, it.state) for it in known] == [
        ("tower", "unknown"),
        ("alienware", "unknown"),
    ]


def test_agents_that_are_configured_no_more_are_forgotten(conn, now):
    agents.configure(conn, [LAPTOP, TOWER])
    agents.record(conn, up(now))
    agents.set_queue(conn, GpuQueue(now, 1, 0, 1, 1, now))
    assert agents.configure(conn, [TOWER]) == 1
    assert agents.queue(conn) is not None
    assert agents.configure(conn, []) == 1
    assert agents.list_all(conn) == []
    assert agents.queue(conn) is None


def test_an_agent_that_comes_when_it_is_called_is_awake_for_us(conn, now):
    agents.configure(conn, [LAPTOP])
    agents.record(conn, down(now - 10 * MINUTE))
    agents.called(conn, "alienware", now - MINUTE)
    assert agents.record(conn, down(now - MINUTE)).wakes == 1
    status = agents.record(conn, up(now))
    assert (status.awake_for_us, status.wakes) == (True, 0)
    agents.put_to_sleep(conn, "alienware")
    assert not agents.record(conn, up(now + MINUTE)).awake_for_us


def test_an_agent_that_comes_by_itself_is_a_persons(conn, now):
    """Also when it was called in vain an hour before."""
    agents.configure(conn, [LAPTOP])
    agents.record(conn, down(now - 90 * MINUTE))
    agents.called(conn, "alienware", now - 60 * MINUTE)
    assert not agents.record(conn, up(now)).awake_for_us


def test_old_history_goes(conn, now):
    agents.configure(conn, [LAPTOP])
    agents.record(conn, up(now - 2 * agents.KEEP))
    agents.record(conn, down(now - timedelta(days=1)))
    agents.record(conn, up(now))
    assert conn.execute("select count(*) from agent_sightings").fetchone() == (2,)


def test_the_queue_is_one_row(conn, now):
    agents.set_queue(conn, GpuQueue(now, 1, 0, 1, 1, now))
    queue = GpuQueue(now, 3, 1, 40, 1_204, now, 90.0, "waiting for GPU", None)
    agents.set_queue(conn, queue)
    assert agents.queue(conn) == queue


def test_a_folder_is_as_new_as_its_latest_image(conn):
    add_image(conn, "beach/a.jpg", taken_at=datetime(1970, 1, 2))
    add_image(conn, "beach/b.jpg", taken_at=datetime(1970, 1, 11, 23))
    add_image(conn, "old/c.jpg", taken_at=datetime(1969, 12, 31))
    found = analyses.newest(conn, ["photos/beach", "photos/old", "photos/empty"])
    assert found == {"photos/beach": 10, "photos/old": -1}


def test_what_is_left_and_what_was_done_count_contents_once_per_asset(conn, now):
    add_image(conn, "beach/a.jpg")
    add_image(conn, "beach/b.jpg")
    ids = {
        asset: activate(conn, Producer(asset, "1", model="m", weights_hash="0"))
        for asset in ("detections", "embeddings")
    }
    assets = list(ids)
    assert analyses.left(conn, assets) == 4
    conn.execute(
        "insert into analyses (asset, producer_id, content_id, count, made_at)"
        " values ('detections', %s, %s, 0, %s)",
        [ids["detections"], content("beach/a.jpg"), now],
    )
    assert analyses.left(conn, assets) == 3
    spans = [(now - 2 * MINUTE, now + MINUTE), (now - MINUTE, now)]
    assert analyses.made_within(conn, assets, spans) == 1
    assert analyses.made_within(conn, assets, [(now - MINUTE, now - MINUTE / 2)]) == 0
    assert analyses.made_within(conn, assets, []) == 0
