"""Every measurement runs, at a tiny size and with whatever peers are there."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.__main__ import END, START, TOPICS, measure, write_page
from bench.clock import Cost, in_turn
from bench.rows import Row, cells

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("bench")]


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No peers from npm, and drawn pictures that the topics share."""
    return tmp_path_factory.mktemp("peers")


SLOW = {"agents", "overhead", "first-run"}
"""They take minutes, and what they are made of runs elsewhere: `agents` in
`tests/docker/test_routing`, `overhead` and the ingest of `first-run` in the topic
`rescan`."""


@pytest.mark.parametrize("topic", [it for it in TOPICS if it not in SLOW])
def test_each_topic_measures_something(topic: str, peers: Path):
    """A measurement nobody ran for a while would have rotted when it is wanted."""
    assert flaws(measure(topic, small=True, rounds=1, peers=peers)) == []


def flaws(rows: Sequence[Row]) -> list[str]:
    """What shows that rows were not measured, however small the measurement."""
    if not any(row.peer or row.target for row in rows):
        return ["nothing is compared with anything"]
    found = [f"{it.what}: {it.value}" for it in rows if not 0 < it.value < math.inf]
    found += [f"{row.what}: {row.ours}" for row in rows if "nan" in row.ours + row.peer]
    names = [row.what for row in rows]
    return found + [name for name in set(names) if names.count(name) > 1]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [Row("walk", "3/s", "", 3)],
        [Row("walk", "nan/s", "2/s", 1)],
        [Row("walk", "1/s", "2/s", 0)],
        [Row("walk", "1/s", "2/s", -1)],
        [Row("walk", "1/s", "2/s", math.nan)],
        [Row("walk", "1/s", "2/s", math.inf)],
        [Row("walk", "1/s", "2/s", 0.5), Row("walk", "1/s", "2/s", 0.5)],
    ],
)
def test_a_topic_that_measured_nothing_is_noticed(rows: list[Row]):
    assert flaws(rows)


def test_a_missed_target_is_called_missed():
    """The table must not flatter us."""
    slow = Row("walk", "1/s", "2/s", 0.5, at_least=0.8)
    late = Row("bucket", "12 ms", "", 12, "ms", at_most=10)
    assert (slow.verdict, late.verdict) == ("missed", "missed")
    assert cells(late)[3:6] == ("12.00 ms", "≤ 10 ms", "missed")


def test_costs_are_medians_and_a_side_may_report_its_own():
    """A peer's start-up is no part of what its work costs."""
    costs = iter([3.0, 1.0, 2.0])
    seen = in_turn({"peer": lambda: Cost(next(costs), 0.0)}, 3, warm=False)
    assert seen["peer"] == Cost(2.0, 0.0)


def test_the_page_keeps_what_people_wrote_and_other_topics(tmp_path: Path):
    """One topic measured again must not lose explanations or the other figures."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\n{END}\nafter\n")
    write_page([("walk", [Row("w", "1/s", "1/s", 1.0)])], "script/bench", page)
    write_page([("hashing", [Row("h", "1/s", "1/s", 1.0)])], "script/bench", page)
    write_page([("walk", [Row("w", "2/s", "1/s", 2.0)])], "script/bench", page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "1/s | 1/s | 1.00× |" in text.partition("### walk")[0]
    assert "| w | 2/s | 1/s | 2.00× |" in text.partition("### walk")[2]
    assert text.count("### ") == 2
