"""How many runs may start, what is said of the others, and who wakes and sleeps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from home_media_pipelines.core.operations.agents import Agent, Sighting
from home_media_pipelines.core.operations.gpu_queue import (
    IDLE,
    IN_TURN,
    AgentStatus,
    Speed,
    may_sleep,
    may_wake,
    seconds_left,
    slots,
    why_waiting,
)

NOW = datetime(2026, 7, 1, 20, 14, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
LAPTOP = Agent("alienware", "ssh://me@alienware", "worker:1", mac="01:23:45:67:89:ab")
TOWER = Agent("tower", "ssh://me@tower", "worker:1", runs=2)


def awake(agent: str, **more: object) -> AgentStatus:
    since = more.pop("since", NOW - timedelta(hours=1))
    return AgentStatus(Sighting(agent, NOW, reachable=True), since, **more)  # pyright: ignore[reportArgumentType]


def asleep(agent: str, since: datetime = NOW, **more: object) -> AgentStatus:
    seen = Sighting(agent, NOW, reachable=False, reason="unreachable")
    return AgentStatus(seen, since, **more)  # pyright: ignore[reportArgumentType]


def test_two_machines_share_the_queue_and_a_sleeping_one_takes_nothing():
    agents = [LAPTOP, TOWER]
    assert slots(agents, [awake("alienware"), awake("tower")], {}) == 3
    assert slots(agents, [asleep("alienware"), awake("tower")], {}) == 2
    assert slots(agents, [asleep("alienware"), asleep("tower")], {}) == 0


def test_a_run_on_a_machine_that_fell_silent_keeps_nobody_elses_slot():
    statuses = [asleep("alienware"), awake("tower")]
    assert slots([LAPTOP, TOWER], statuses, {"alienware": 1, "tower": 2}) == 3


def test_a_waiting_run_says_for_whom_and_since_when_by_the_clock_of_the_house():
    said = why_waiting([asleep("alienware", NOW - MINUTE)], NOW, BERLIN)
    assert said == "waiting for GPU: alienware unreachable since 22:13"


def test_a_day_later_the_date_is_said_too_and_every_machine_is_named():
    missing = Sighting("tower", NOW, reachable=True, reason="image worker:1 is missing")
    said = why_waiting(
        [
            asleep("alienware", NOW - timedelta(days=2)),
            AgentStatus(missing, NOW - timedelta(hours=1)),
        ],
        NOW,
        BERLIN,
    )
    assert said == (
        "waiting for GPU: alienware unreachable since 29 Jun 22:14; "
        "tower image worker:1 is missing since 21:14"
    )


def test_while_one_machine_works_the_others_are_no_reason():
    assert why_waiting([asleep("alienware"), awake("tower")], NOW, BERLIN) == IN_TURN


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (asleep("alienware", NOW - 4 * MINUTE), False),  # the lid was just closed
        (asleep("alienware", NOW - 5 * MINUTE), True),
        (awake("alienware"), False),
    ],
)
def test_a_machine_sleeps_five_minutes_before_it_is_called(status, may):
    assert may_wake(LAPTOP, status, NOW) is may


@pytest.mark.parametrize(
    ("wakes", "minutes", "may"),
    [(1, 4, False), (1, 5, True), (3, 19, False), (3, 20, True), (99, 360, True)],
)
def test_a_machine_that_does_not_wake_is_called_half_as_often_each_time(
    wakes, minutes, may
):
    status = asleep(
        "alienware",
        NOW - timedelta(days=9),
        woken_at=NOW - minutes * MINUTE,
        wakes=wakes,
    )
    assert may_wake(LAPTOP, status, NOW) is may


def test_a_machine_without_address_is_never_called():
    assert not may_wake(TOWER, asleep("tower", NOW - timedelta(days=1)), NOW)


SLEEPY = Agent("alienware", "ssh://me@alienware", "worker:1", sleep_when_idle=True)


def test_a_machine_that_we_woke_sleeps_again_when_nothing_was_at_work_for_a_while():
    status = awake("alienware", awake_for_us=True)
    assert may_sleep(SLEEPY, status, NOW - IDLE, NOW)
    assert not may_sleep(SLEEPY, status, NOW - IDLE + MINUTE, NOW)
    assert not may_sleep(SLEEPY, status, None, NOW)


def test_nobody_is_sent_to_sleep_under_a_persons_hands():
    """A machine that a person started is perhaps in use, idle as we may find it."""
    assert not may_sleep(SLEEPY, awake("alienware"), NOW - timedelta(days=1), NOW)


def test_a_machine_sleeps_only_if_its_owner_said_so():
    status = awake("alienware", awake_for_us=True)
    assert not may_sleep(LAPTOP, status, NOW - timedelta(days=1), NOW)


def test_a_machine_that_just_woke_is_left_time_to_get_its_first_run():
    status = awake("alienware", awake_for_us=True, since=NOW - MINUTE)
    assert not may_sleep(SLEEPY, status, NOW - timedelta(days=1), NOW)


def test_the_rest_takes_as_long_as_as_much_took_lately():
    assert seconds_left(100, Speed(50, 200.0), 1) == 400.0
    assert seconds_left(100, Speed(50, 200.0), 2) == 200.0
    assert seconds_left(0, Speed(0, 0.0), 1) == 0.0
    assert seconds_left(100, Speed(0, 200.0), 1) is None
