"""Real files, the broken ones included, through one whole ingest."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.world import Home, manifest

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("real media")]

SHOWN = {
    "image",
    "video",
    "image_needs_jxl_decoder",
    "damaged_but_partly_decodable",
    "raw_preview_only",
}
REFUSED = {"junk", "undecodable", "bomb", "empty", "raw_undecodable", "vector"}


def is_noise(name: str) -> bool:
    return any(part.startswith(".") or part == "@eaDir" for part in Path(name).parts)


@pytest.fixture(scope="module")
def classes(media: Path) -> dict[str, str]:
    """Every file of the library that is not noise, with how it decodes."""
    facts = json.loads((media / "facts" / "decode.json").read_text())["files"]
    return {name: it["class"] for name, it in facts.items() if not is_noise(name)}


@pytest.fixture(scope="module")
def ingested(make_module_home, media: Path) -> Iterator[Home]:
    """A state that ingested the library, which did not change by it."""
    home, before = make_module_home(), manifest(media / "library")
    home.summary = home.ingest(media / "library")
    yield home
    assert manifest(media / "library") == before


def test_a_bad_file_fails_no_folder(ingested):
    assert ingested.summary["complete"]
    query = "select count(*) from folders where signature <> scanned_signature"
    assert ingested.one(query) == 0
    assert ingested.unfinished_runs() == []
    assert all(status == "SUCCESS" for _, status in ingested.runs())


def test_what_can_be_shown_has_thumbnails(ingested, classes):
    without = ingested.rows(
        """
        select f.path from files f left join thumbnails t using (content_id)
         where t.content_id is null
        """
    )
    names = {unquoted(path) for (path,) in without}
    assert [it for it in names if classes.get(it) in SHOWN] == []


def test_what_cannot_be_shown_is_a_problem_with_a_reason(ingested, classes):
    found = ingested.rows(
        """
        select f.path, p.reason from files f join problems p using (content_id)
         where p.asset = 'thumbnails'
        """
    )
    reasons = {unquoted(path): why for path, why in found}
    refused = {name for name, it in classes.items() if it in REFUSED}
    vectors = {name for name in refused if classes[name] == "vector"}
    assert refused - vectors <= reasons.keys()
    assert all(reasons.values())
    assert [it for it in reasons if classes.get(it) == "image"] == []


def test_noise_is_no_file_at_all(ingested):
    paths = [unquoted(path) for (path,) in ingested.rows("select path from files")]
    assert [path for path in paths if is_noise(path)] == []


def test_a_second_ingest_opens_nothing_and_starts_no_run_but_the_walk(ingested, media):
    before, runs = ingested.tables(), len(ingested.runs())
    again = ingested.ingest(media / "library")
    assert (again["folders"], again["new"]) == (0, 0)
    assert [job for job, _ in ingested.runs()[runs:]] == ["walk"]
    assert ingested.tables() == before
    assert ingested.temporary() == []


def unquoted(path: str) -> str:
    from home_media_pipelines.core.inventory.paths import unquote_path

    return unquote_path(path)
