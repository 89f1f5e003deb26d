"""What a file of agents may say, and how it is told what it may not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import (
    Agent,
    Sighting,
    parse_agents,
)

LAPTOP = """
[[agent]]
name = "alienware"
host = "ssh://photos@alienware"
image = "home-media-worker:0.1.0"
"""


def test_what_is_not_said_has_its_default():
    assert parse_agents(LAPTOP) == (
        Agent("alienware", "ssh://photos@alienware", "home-media-worker:0.1.0"),
    )
    assert parse_agents("") == ()


def test_everything_can_be_said_and_two_machines_share_a_file():
    text = (
        LAPTOP
        + """
runs = 2
gpu = false
volumes = ["nas:/mnt/nas:ro", "/srv/weights:/weights"]
environment = ["HOME_MEDIA_DATABASE_URL", "HOME_MEDIA_DEVICE=cuda"]
memory = "12g"
shm_size = "2g"
network = "host"
user = "1000:1000"
mac = "01:23:45:67:89:ab"
broadcast = "192.168.1.255"
sleep_when_idle = true
lost_after = 60

[[agent]]
name = "attic"
host = "tcp://attic:2376"
tls = "/etc/home-media/attic"
image = "home-media-worker:0.1.0"
"""
    )
    laptop, attic = parse_agents(text)
    assert laptop.volumes == ("nas:/mnt/nas:ro", "/srv/weights:/weights")
    assert laptop.lost_after == 60.0
    assert not laptop.gpu
    assert laptop.sleep_when_idle
    assert attic.tls == Path("/etc/home-media/attic")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("agent =", "no TOML"),
        ("agents = 1", "knows no agents"),
        ("agent = 1", r"should be written \[\[agent\]\]"),
        ("[agent]\nname = 'a'", r"should be written \[\[agent\]\]"),
        ("[[agent]]\nname = 'a'", "agent 1: lacks host"),
        (LAPTOP + "memroy = '1g'", "agent 1: knows no memroy"),
        (LAPTOP + "runs = 0", "agent 1: runs: should be from 1"),
        (LAPTOP + "runs = true", "agent 1: runs: should be a number"),
        (LAPTOP + "runs = 1.5", "agent 1: runs: should be a number"),
        (LAPTOP + "gpu = 1", "agent 1: gpu: should be true or false"),
        (LAPTOP + "volumes = 'a:/b'", "agent 1: volumes: should be a list"),
        (LAPTOP + "volumes = ['/b']", "agent 1: volumes: should look like"),
        (LAPTOP + "volumes = ['a:/b:rx']", "agent 1: volumes: should look like"),
        (LAPTOP + "environment = ['A B']", "agent 1: environment: should look"),
        (LAPTOP + "memory = 'much'", "agent 1: memory: should look like 12g"),
        (LAPTOP + "mac = '01:23'", "agent 1: mac: should look like"),
        (LAPTOP + "lost_after = 0", "agent 1: lost_after"),
        (LAPTOP + "user = ''", "agent 1: user: should be a text"),
        (LAPTOP + LAPTOP, "alienware: is there twice"),
        (LAPTOP.replace("alienware", "Alien Ware", 1), "agent 1: name"),
        (LAPTOP.replace("ssh://", "http://"), "agent 1: host: should look like"),
        (LAPTOP.replace("ssh://photos@alienware", "ssh://"), "agent 1: host"),
    ],
)
def test_a_fault_is_refused_and_named(text, complaint):
    with pytest.raises(AgentError, match=complaint):
        parse_agents(text)


def test_an_engine_open_to_the_whole_net_is_refused():
    with pytest.raises(AgentError, match="needs the directory of its keys"):
        parse_agents(LAPTOP.replace("ssh://photos@alienware", "tcp://alienware:2375"))


def test_only_a_machine_that_answers_and_lacks_nothing_is_ready():
    now = datetime(2026, 8, 1, 21, 14, tzinfo=UTC)
    assert Sighting("a", now, True).ready
    assert not Sighting("a", now, True, "no nvidia runtime").ready
    assert not Sighting("a", now, False, "unreachable").ready
