"""A machine is woken when work waits, and sleeps again if it was we who woke it."""

from datetime import timedelta

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.instance import agent_power
from tests.defs.agents.conftest import HOUR, LAPTOP, TOWER


def test_a_sleeping_machine_is_called_when_work_waits_and_not_all_the_time(
    tick, house, add_run
):
    house.asleep = {"alienware"}
    tick()
    house.later(HOUR)
    tick()
    assert house.called == []  # nothing waits
    add_run("photos/a")
    tick()
    tick()
    assert house.called == ["alienware"]
    house.later(timedelta(minutes=5))
    tick()
    assert house.called == ["alienware"] * 2


def test_a_second_machine_is_called_only_when_the_first_has_no_room(
    tick, house, file, add_run
):
    file.write_text(LAPTOP + TOWER)
    house.asleep = {"alienware"}
    tick()
    house.later(HOUR)
    add_run("photos/a")
    add_run("photos/b")
    tick()
    assert house.called == []
    add_run("photos/c")
    tick()
    assert house.called == ["alienware"]


def test_a_machine_that_cannot_be_called_is_told_and_disturbs_nothing(
    tick, house, add_run, monkeypatch, limit
):
    def fail(agent):
        raise AgentError(agent.name, "cannot be woken: no route")

    monkeypatch.setattr(agent_power, "wake", fail)
    house.asleep = {"alienware"}
    add_run("photos/a")
    tick()
    house.later(HOUR)
    tick()
    assert limit() == 0


def test_a_machine_that_was_woken_sleeps_again_and_a_persons_does_not(
    tick, house, add_run, on_disk
):
    tick()
    house.later(HOUR)
    tick()
    assert house.sent_to_sleep == []  # nobody woke it

    house.asleep = {"alienware"}
    run = add_run("photos/a")
    tick()
    house.later(HOUR)
    tick()
    assert house.called == ["alienware"]
    house.asleep = set()
    tick()
    house.later(HOUR)
    tick()
    assert house.sent_to_sleep == []  # the run still waits
    on_disk.delete_run(run)
    tick()
    house.later(HOUR)
    tick()
    tick()
    assert house.sent_to_sleep == ["alienware"]
