"""One word, one meaning: words that were given up do not come back as names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

RETIRED = frozenset(
    {
        *("eyes", "sight", "sights"),
        *("settle", "settles", "settled", "settling", "unsettled"),
        *("leftover", "leftovers", "tether", "tethered"),
        *("standing", "standings"),
    }
)
"""Parts of names, as `_settled` or `AgentStanding`."""

RETIRED_NAMES = frozenset(
    {
        *("Look", "Waits", "Wanted", "Meaning", "Reader", "Shown"),
        *("Place", "places", "meaning", "want"),
    }
)
"""Whole names whose words are fine in others."""

PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
TS_NAME = re.compile(r"\b(?:const|function|type|interface|class|let)\s+(\w+)")


def python_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        for field in ("name", "id", "attr", "arg"):
            if isinstance(name := getattr(node, field, None), str):
                yield name


def names(path: Path) -> set[str]:
    if path.suffix == ".py":
        return {path.stem, *python_names(path)}
    return {*path.stem.split("-"), *TS_NAME.findall(path.read_text())}


SOURCES = [
    path
    for room in ("home_media_pipelines", "home_media_api", "frontend/src", "bench")
    for ending in ("*.py", "*.ts", "*.tsx")
    for path in sorted((REPOSITORY / room).rglob(ending))
]


def retired(found: set[str]) -> set[str]:
    return {
        name
        for name in found
        if name in RETIRED_NAMES
        or RETIRED.intersection(part.lower() for part in PART.findall(name))
    }


def test_retired_words_do_not_come_back():
    """docs/glossary.md says what took their place."""
    back = {
        str(path.relative_to(REPOSITORY)): sorted(found)
        for path in SOURCES
        if (found := retired(names(path)))
    }
    assert len(SOURCES) > 300
    assert not back


@pytest.mark.parametrize("name", ["_settled", "AgentStanding", "Waits", "sight_of"])
def test_a_retired_word_would_be_noticed(name):
    assert retired({name})


def test_the_glossary_lists_what_is_retired():
    said = (REPOSITORY / "docs" / "glossary.md").read_text().partition("## Retired")[2]
    for word in ("eyes", "settle", "leftovers", "tether", "standing", "meaning"):
        assert word in said
