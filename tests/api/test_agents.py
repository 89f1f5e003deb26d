"""What a browser is told of the machines with a graphics card."""

from datetime import UTC, datetime, timedelta

from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.db.tables.operations import agents
from home_media_pipelines.db.tables.operations.agents import GpuQueue


def test_a_house_without_agents_has_nothing_to_say(client):
    assert client.get("/api/agents").json() == {"agents": [], "queue": None}


def test_a_sleeping_machine_and_what_waits_for_it(client, conn):
    now = datetime.now(UTC)
    earlier = now - timedelta(minutes=1)
    agents.configure(
        conn,
        [
            Agent("tower", "ssh://me@tower", "worker:1", runs=2),
            Agent("alienware", "ssh://me@alienware", "worker:1"),
        ],
    )
    awake = Sighting(
        "alienware",
        earlier,
        reachable=True,
        engine="27.5.1",
        gpu_name="RTX 4090",
        gpu_memory=24 << 30,
        image="worker:1",
        image_version="0.1.0",
        runs=("r",),
    )
    agents.record(conn, awake)
    agents.record(
        conn, Sighting("alienware", now, reachable=False, reason="unreachable")
    )
    agents.set_queue(conn, GpuQueue(now, 2, 0, 40, 1_204, now, 5_400.0, "it sleeps"))
    conn.commit()

    state = client.get("/api/agents").json()
    tower, laptop = state["agents"]
    assert (tower["agent"], tower["state"], tower["since"]) == (
        "tower",
        "unknown",
        None,
    )
    assert tower["runs_at_once"] == 2
    assert (laptop["state"], laptop["reason"]) == ("unreachable", "unreachable")
    assert datetime.fromisoformat(laptop["since"]) == now
    assert (laptop["gpu_name"], laptop["gpu_memory"]) == ("RTX 4090", 24 << 30)
    assert laptop["runs"] == []
    queue = state["queue"]
    assert (queue["queued"], queue["contents"]) == (2, 1_204)
    assert (queue["seconds_left"], queue["reason"]) == (5_400.0, "it sleeps")
