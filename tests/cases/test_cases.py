"""What libraries of real users brought up: situations with the values that are right.

Each claim of the collection is a test of its own. `unmet.txt` names those that do not
hold yet: one that begins to hold fails until its line goes.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cases.laid import Laid, expected, laid, one
from tests.conftest import migrated_database

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("cases")]

UNMET = frozenset((Path(__file__).parent / "unmet.txt").read_text().splitlines())


def claims() -> Iterator[tuple[str, str, str, object]]:
    """Case, kind, file or field, and what should be there."""
    for case, told in expected().items():
        if "images" in told:
            yield case, "images", "", told["images"]
        for parts in told.get("groups", []):
            yield case, "group", parts["primary"], parts
        for ending in told.get("no_primary_ends_with", []):
            yield case, "no primary", ending, None
        for path, values in told.get("values", {}).items():
            for field, value in values.items():
                yield case, "value", f"{path} {field}", value
        for path, at in told.get("pixel", {}).items():
            yield case, "pixel", path, at
        for path, name in told.get("before", {}).items():
            yield case, "same image", path, name


def parameters() -> Iterator[Any]:
    for case, kind, subject, value in claims():
        name = " ".join(filter(None, (case, kind, subject)))
        marks = [pytest.mark.xfail(strict=True)] if name in UNMET else []
        yield pytest.param(case, kind, subject, value, id=name, marks=marks)


@pytest.fixture(scope="module")
def lay(
    postgres, template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Laid]]:
    """Ingest a case, once for all its claims."""
    done: dict[str, Laid] = {}
    with ExitStack() as stack:

        def get(case: str) -> Laid:
            if case not in done:
                url = stack.enter_context(migrated_database(postgres, template))
                directory = tmp_path_factory.mktemp("case")
                done[case] = stack.enter_context(laid(case, url, directory))
            return done[case]

        yield get


@pytest.mark.skipif(not expected(), reason="no cases beside the repository")
@pytest.mark.parametrize(("case", "kind", "subject", "value"), list(parameters()))
def test_case(lay, case: str, kind: str, subject: str, value: Any) -> None:
    found = lay(case)
    match kind:
        case "images":
            primaries = [it for it in found.files if it["part"] == "primary"]
            assert len(primaries) == value
        case "group":
            images = {found.of(path)["image"] for path in value.values()}
            assert len(images) == 1
            assert None not in images
            assert {part: found.of(p)["part"] for part, p in value.items()} == {
                part: part for part in value
            }
        case "no primary":
            primaries = [it for it in found.files if it["part"] == "primary"]
            ended = [it["path"] for it in primaries if it["path"].endswith(subject)]
            assert ended == []
        case "value":
            path, _, field = subject.rpartition(" ")
            assert_shown(found.of(path)[field], value, field)
        case "pixel":
            colour = found.colour(subject, *value["at"])
            assert colour == pytest.approx(value["rgb"], abs=25)
        case "same image":
            assert found.of(subject)["image"] == one(found.before, value)["image"]
        case _:
            raise AssertionError(f"{kind} is no kind of claim")


def assert_shown(shown: Any, value: Any, field: str) -> None:
    """Compare as the collection says: beginnings of dates, sets of words, choices."""
    if isinstance(value, dict):
        assert any(agrees(shown, it, field) for it in value["any"]), shown
    else:
        assert agrees(shown, value, field), shown


def agrees(shown: Any, value: Any, field: str) -> bool:
    if shown is None or value is None:
        return shown is value
    if field == "taken_at":
        return str(shown).startswith(value)
    if field == "people":
        names = [it["name"] for it in shown]
        return sorted(names, key=str) == sorted(value)
    if field == "keywords":
        return sorted(shown) == sorted(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return math.isclose(shown, value, abs_tol=1e-4)
    return shown == value
