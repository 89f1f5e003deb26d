"""What a person should be told of: in which words, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["failures", "library", "agent", "damage", "disk", "backup"]

QUIET = timedelta(minutes=5)
"""There is at most one message in this time, with all that is to be said."""

AGAIN = timedelta(days=1)
"""What goes on is said again after this long."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that goes on. `level`: how many of it; said again when it grows.

    Its text names machines, libraries and jobs, never a folder or a picture: it leaves
    this machine.
    """

    alert: str
    kind: Kind
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Alert:
    """A concern with its history.

    Attributes:
        alert: names the concern.
        since: when it was first seen.
        ended_at: when it was first gone again.
        told_at: when a person was last told.
        told: at which level; 0 when told that it ended, None when never told.
    """

    alert: str
    since: datetime
    kind: Kind
    text: str
    level: int
    ended_at: datetime | None = None
    told_at: datetime | None = None
    told: int | None = None


def to_tell(
    alerts: Iterable[Alert], *, now: datetime, patience: Mapping[str, timedelta]
) -> list[Alert]:
    """Return what is to be said now, what began first and what ended last.

    Args:
        alerts: all that go on, and those that ended.
        now: aware time.
        patience: by kind, how long it must go on before anybody is told.
    """

    def is_news(it: Alert) -> bool:
        if it.ended_at is not None:
            return bool(it.told)
        if it.told is None or it.told_at is None:
            return now - it.since >= patience.get(it.kind, timedelta(0))
        return it.level > it.told or now - it.told_at >= AGAIN

    return sorted(
        (it for it in alerts if is_news(it)),
        key=lambda it: (it.ended_at is not None, it.since, it.alert),
    )


def message(alerts: Sequence[Alert]) -> dict[str, object]:
    """Return what is posted: for people in the words of several chats, and as data.

    `text` is read by Slack and Mattermost, `content` by Discord, `title` and `message`
    by Gotify and Home Assistant.
    """
    lines = [_line(it) for it in alerts]
    going_on = sum(it.ended_at is None for it in alerts)
    title = f"Home media: {going_on} to look at" if going_on else "Home media: all well"
    text = "\n".join([title, *lines])
    return {
        "title": title,
        "message": "\n".join(lines),
        "text": text,
        "content": text[:1900],  # Discord refuses more than 2,000
        "alerts": [
            {
                **asdict(it),
                "since": it.since.isoformat(),
                "ended_at": it.ended_at and it.ended_at.isoformat(),
                "told_at": it.told_at and it.told_at.isoformat(),
                "state": "goes on" if it.ended_at is None else "ended",
            }
            for it in alerts
        ],
    }


def _line(it: Alert) -> str:
    since = f"{it.since:%Y-%m-%d %H:%M %Z}".strip()
    if it.ended_at is not None:
        return f"- over: {it.text} (since {since})"
    return f"- {it.text} (since {since})"


def libraries_away(names: Iterable[str]) -> list[Concern]:
    """Return one for each library that cannot be reached."""
    return [
        Concern(f"library:{name}", "library", f"the library {name} cannot be reached")
        for name in sorted(names)
    ]


def agents_away(away: Mapping[str, str], waiting: int) -> list[Concern]:
    """Return one for each agent that is not ready (name to why) while runs wait."""
    if not waiting:
        return []
    return [
        Concern(
            f"agent:{name}",
            "agent",
            f"{_count(waiting, 'run')} {_verb(waiting, 'wait')} for {name}: {why}",
        )
        for name, why in sorted(away.items())
    ]


def jobs_failing(failures: Mapping[str, int]) -> list[Concern]:
    """Return one for each job whose last runs all failed (name to how many)."""
    return [
        Concern(
            f"failures:{job}", "failures", f"the last {runs} runs of {job} failed", 1
        )
        for job, runs in sorted(failures.items())
        if runs > 1
    ]


def ticks_failing(names: Iterable[str]) -> list[Concern]:
    """Return one for each sensor or schedule whose last ticks all failed."""
    return [
        Concern(f"failures:{name}", "failures", f"{name} fails whenever it is its turn")
        for name in sorted(names)
    ]


def folders_given_up(by_library: Mapping[str, int]) -> list[Concern]:
    """Return one for each library with folders that failed too often."""
    return [
        Concern(
            f"failures:folders of {library}",
            "failures",
            f"{_count(folders, 'folder')} of {library} failed too often and "
            f"{_verb(folders, 'wait')} for you",
            folders,
        )
        for library, folders in sorted(by_library.items())
    ]


def files_damaged(by_library: Mapping[str, int]) -> list[Concern]:
    """Return one for each library with originals whose bytes changed by themselves."""
    return [
        Concern(
            f"damage:{library}",
            "damage",
            f"{_count(files, 'file')} of {library} {_verb(files, 'be')} damaged: see "
            "the page of problems",
            files,
        )
        for library, files in sorted(by_library.items())
    ]


def disk_low(name: str, *, free: int, reserve: int) -> list[Concern]:
    """Return one when a directory's disk has less than twice the reserve, in bytes."""
    if free >= 2 * reserve:
        return []
    stopped = free < reserve
    what = "no derived picture is written until there is room" if stopped else "low"
    left = f"{free / 1e9:.1f} GB are left on the disk of the {name} directory"
    return [Concern(f"disk:{name}", "disk", f"{left}: {what}", 1 + stopped)]


def backup_old(
    latest: datetime | None,
    *,
    needed_since: datetime | None,
    now: datetime,
    hours: float,
) -> list[Concern]:
    """Return one when the latest backup is too old.

    Args:
        latest: when it was made, None if never.
        needed_since: when there was first something to lose, None if not yet.
        now: aware time.
        hours: how old it may be.
    """
    since = latest or needed_since
    if since is None or now - since < timedelta(hours=hours):
        return []
    text = (
        f"the latest backup is of {latest:%Y-%m-%d %H:%M}"
        if latest
        else "there is no backup yet"
    )
    return [Concern("backup", "backup", text)]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _verb(number: int, verb: str) -> str:
    if verb == "be":
        return "is" if number == 1 else "are"
    return f"{verb}s" if number == 1 else verb
