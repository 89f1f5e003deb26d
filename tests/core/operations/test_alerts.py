"""Alerts: a person is told once, of what matters, and not of what passes by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from home_media_pipelines.core.operations import alerts
from home_media_pipelines.core.operations.alerts import Alert, to_tell

BEGAN = datetime(2026, 7, 1, 21, 14, tzinfo=UTC)
PATIENCE = {"library": timedelta(hours=6)}


def alert(kind="library", **values):
    name = values.pop("alert", f"{kind}:photos")
    text = "the library photos cannot be reached"
    return Alert(name, BEGAN, kind, text, **{"level": 1, **values})


@pytest.mark.parametrize(
    ("what", "after", "is_told"),
    [
        (alert(), timedelta(hours=5), False),
        (alert(), timedelta(hours=6), True),
        (alert("damage"), timedelta(0), True),
        (alert("damage", told_at=BEGAN, told=1), timedelta(hours=23), False),
        (alert("damage", told_at=BEGAN, told=1), timedelta(days=1), True),
        (alert("damage", told_at=BEGAN, told=1, level=2), timedelta(minutes=9), True),
        (alert("damage", told_at=BEGAN, told=2), timedelta(minutes=9), False),
        (alert(ended_at=BEGAN, told_at=BEGAN, told=1), timedelta(minutes=9), True),
        (alert(ended_at=BEGAN, told_at=BEGAN, told=0), timedelta(days=9), False),
        (alert(ended_at=BEGAN), timedelta(days=9), False),
    ],
    ids=[
        "what may pass is waited for",
        "until it lasts too long",
        "the rest is told at once",
        "but not again and again",
        "or only once a day",
        "or when there is more of it",
        "not when there is less",
        "that it is over is told",
        "once",
        "and not at all when nobody knew of it",
    ],
)
def test_a_person_is_told(what, after, is_told):
    assert to_tell([what], now=BEGAN + after, patience=PATIENCE) == [what] * is_told


def test_one_message_says_all_of_it_in_the_words_of_several_chats():
    over = alert("disk", ended_at=BEGAN + timedelta(hours=1), told=1, told_at=BEGAN)
    said = alerts.message([alert(), over])
    assert said["title"] == "Home media: 1 to look at"
    assert said["text"] == f"{said['title']}\n{said['message']}"
    assert said["message"].splitlines() == [
        "- the library photos cannot be reached (since 2026-07-01 21:14 UTC)",
        "- over: the library photos cannot be reached (since 2026-07-01 21:14 UTC)",
    ]
    assert [it["state"] for it in said["alerts"]] == ["goes on", "ended"]


def test_a_sleeping_agent_is_no_news_while_nothing_waits_for_it():
    assert alerts.agents_away({"alienware": "unreachable"}, 0) == []
    [found] = alerts.agents_away({"alienware": "unreachable"}, 1)
    assert found.text == "1 run waits for alienware: unreachable"


def test_a_job_that_failed_once_may_do_better():
    assert alerts.jobs_failing({"walk": 1}) == []
    assert [it.text for it in alerts.jobs_failing({"walk": 2})] == [
        "the last 2 runs of walk failed"
    ]


@pytest.mark.parametrize(
    ("free", "levels"), [(2_000, []), (1_999, [1]), (1_000, [1]), (999, [2])]
)
def test_a_disk_is_spoken_of_before_it_is_full(free, levels):
    """It is told again when work stops, which is another level."""
    found = alerts.disk_low("derived", free=free, reserve=1_000)
    assert [it.level for it in found] == levels


@pytest.mark.parametrize(
    ("latest", "needed", "text"),
    [
        (None, None, None),
        (None, 49, None),
        (None, 50, "there is no backup yet"),
        (49, 900, None),
        (50, 900, "the latest backup is of 2026-06-29 19:14"),
    ],
)
def test_a_backup_is_missed_from_the_day_there_is_something_to_lose(
    latest, needed, text
):
    def ago(hours):
        return None if hours is None else BEGAN - timedelta(hours=hours)

    found = alerts.backup_old(
        ago(latest), needed_since=ago(needed), now=BEGAN, hours=50
    )
    assert [it.text for it in found] == ([] if text is None else [text])
