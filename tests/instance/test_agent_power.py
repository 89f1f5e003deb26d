"""A magic packet as it goes over the wire, and commands that put machines to sleep."""

import socket

import pytest

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import Agent
from home_media_pipelines.instance import agent_power

LAPTOP = Agent(
    "alienware",
    "ssh://me@alienware:2222",
    "worker:1",
    mac="01:23:45:67:89:ab",
    broadcast="127.0.0.1",
)


def saying(command: str) -> Agent:
    return Agent("box", "unix:///run/docker.sock", "worker:1", sleep_command=command)


def test_the_packet_is_the_one_that_network_cards_listen_for():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        agent_power.wake(LAPTOP, port=listener.getsockname()[1])
        packet = listener.recv(1024)
    assert packet == b"\xff" * 6 + bytes.fromhex("0123456789ab") * 16


def test_a_machine_without_address_cannot_be_woken():
    with pytest.raises(AgentError, match="has no mac"):
        agent_power.wake(saying("true"))


def test_a_machine_is_put_to_sleep_through_the_ssh_of_its_engine():
    command = agent_power.sleep_command(LAPTOP)
    assert command[0] == "ssh"
    assert command[-4:] == ["-p", "2222", "me@alienware", "systemctl suspend"]


def test_a_command_of_its_own_comes_first(tmp_path):
    asked = tmp_path / "asked to sleep"
    agent_power.put_to_sleep(saying(f"touch '{asked}'"))
    assert asked.exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sh -c 'echo not now >&2; exit 1'", "box: does not go to sleep: not now"),
        ("/no/such/command", "box: cannot be put to sleep"),
        ("echo 'open", "sleep_command: No closing quotation"),
    ],
)
def test_a_machine_that_stays_awake_says_why(command, said):
    with pytest.raises(AgentError, match=said):
        agent_power.put_to_sleep(saying(command))


def test_a_machine_that_falls_asleep_before_it_answers_did_as_told(monkeypatch):
    monkeypatch.setattr(agent_power, "SECONDS", 0.1)
    agent_power.put_to_sleep(saying("sleep 20"))
