"""What was tried out on agents is remembered by threads that look at them at once."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from home_media_pipelines.core.operations.agents import Agent
from home_media_pipelines.instance import docker_agent
from home_media_pipelines.instance.docker_agent import Trial, forget_trials

ENGINE = SimpleNamespace(containers=SimpleNamespace(list=lambda **_: []))


@pytest.fixture(autouse=True)
def often_in_turn():
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def tried(monkeypatch) -> list[str]:
    """The agents on which something was tried, in order."""
    names: list[str] = []

    def succeed(_, agent: Agent) -> Trial:
        names.append(agent.name)
        return Trial(name="card")

    monkeypatch.setattr(docker_agent, "_try", succeed)
    return names


def look(name: str, image: str = "1") -> Trial:
    return docker_agent._trial(ENGINE, Agent(name, "unix:///nowhere", image), image)


@pytest.mark.usefixtures("tried")
def test_agents_that_come_and_go_at_once_do_not_disturb_each_other():
    """One that was away forgot what was tried while another one remembered."""

    def come_and_go(number: int) -> None:
        for turn in range(1500):
            name = f"agent-{number}-{turn % 40}"
            look(name)
            if turn % 3 == 0:
                forget_trials(Agent(name, "unix:///nowhere", "1"))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(come_and_go, range(8))) == [None] * 8


def test_a_trial_is_made_again_for_another_image_or_after_the_agent_was_away(tried):
    look("a")
    look("a")
    assert tried == ["a"]
    look("a", image="2")
    assert tried == ["a", "a"]
    forget_trials(Agent("a", "unix:///nowhere", "2"))
    look("a", image="2")
    look("b")
    assert tried == ["a", "a", "a", "b"]
