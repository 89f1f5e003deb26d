"""A bad file is a row: recorded, left alone after a while, tried again on request."""

import psycopg
import pytest

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.db.admin import status
from home_media_pipelines.db.tables.exposures import exif
from home_media_pipelines.db.tables.inventory import files, folders, problems
from home_media_pipelines.db.tables.inventory.problems import of_content, of_file
from home_media_pipelines.db.tables.pictures import thumbnails
from tests.builders import (
    NOW,
    add_exif,
    add_file,
    add_folder,
    add_image,
    content,
    mark_scanned,
    producer,
    scan,
)


def waiting(conn: psycopg.Connection, producer_id: str) -> list[str]:
    return [it.name for it in exif.pending(conn, ["photos/beach"], producer_id)]


def test_a_permanent_problem_is_not_tried_again_by_the_same_producer(
    conn: psycopg.Connection,
) -> None:
    one, two = producer(conn, "exif", "1"), producer(conn, "exif", "2")
    add_file(conn, "beach/a.jpg")
    add_file(conn, "beach/b.jpg")
    found = [of_content(content("beach/a.jpg"), "no picture", permanent=True)]
    problems.record(conn, "exif", found, producer_id=one, now=NOW)
    assert waiting(conn, one) == ["b.jpg"]
    assert waiting(conn, two) == ["a.jpg", "b.jpg"]


def test_a_passing_problem_is_tried_three_times(conn: psycopg.Connection) -> None:
    one = producer(conn, "exif")
    add_file(conn, "beach/a.jpg")
    found = [of_content(content("beach/a.jpg"), "timed out", permanent=False)]
    for attempt in (1, 2, 3):
        assert waiting(conn, one) == ["a.jpg"]
        problems.record(conn, "exif", found, producer_id=one, now=NOW)
        assert [it.attempts for it in problems.list_all(conn)] == [attempt]
    assert waiting(conn, one) == []
    assert problems.retry(conn) == ["photos/beach"]
    assert waiting(conn, one) == ["a.jpg"]
    assert problems.list_all(conn) == []


def test_an_unreadable_file_is_listed_until_it_can_be_read(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    shut = scan([], unreadable=["beach/a.jpg"])
    files.merge(conn, "photos", beach, shut, exists=lambda *_: True, now=NOW)
    found = [of_file("photos", path, why) for path, why in shut.unreadable]
    problems.record(conn, "files", found, producer_id=None, now=NOW)
    assert [(it.path, it.reason) for it in problems.list_all(conn)] == [
        ("beach/a.jpg", "permission denied")
    ]
    mark_scanned(conn, beach)
    assert problems.retry(conn) == [beach]
    assert [it.folder for it in folders.due(conn, now=NOW)] == [beach]
    problems.record(conn, "files", found, producer_id=None, now=NOW)
    opened = scan(["beach/a.jpg"])
    files.merge(conn, "photos", beach, opened, exists=lambda *_: True, now=NOW)
    problems.clear_files(conn, beach, still=[])
    assert problems.list_all(conn) == []


def test_a_summary_counts_the_problems_of_one_asset_by_reason(
    conn: psycopg.Connection,
) -> None:
    for name in "abcd":
        add_file(conn, f"beach/{name}.jpg")
    why = {"a": "torn", "b": "no picture", "c": "torn", "d": "torn"}
    found = [
        of_content(content(f"beach/{name}.jpg"), reason, permanent=True)
        for name, reason in why.items()
    ]
    one = producer(conn, "exif")
    problems.record(conn, "exif", found, producer_id=one, now=NOW)
    problems.record(conn, "thumbnails", found[:1], producer_id=None, now=NOW)
    conn.execute("update files set missing_since = now() where name = 'd.jpg'")
    assert problems.summary(conn, "exif", few=2) == problems.ProblemSummary(
        3, {"torn": 2, "no picture": 1}, ["photos/beach/a.jpg", "photos/beach/b.jpg"]
    )
    assert list(problems.summary(conn, "exif").reasons) == ["torn", "no picture"]
    assert problems.summary(conn, "files") == problems.ProblemSummary(0, {}, [])


def test_a_reason_with_hostile_text_is_stored(conn: psycopg.Connection) -> None:
    add_file(conn, "beach/a.jpg")
    found = [
        of_content(content("beach/a.jpg"), "\0\ud800" + "x" * 9999, permanent=True)
    ]
    problems.record(conn, "exif", found, producer_id=producer(conn, "exif"), now=NOW)
    (listed,) = problems.list_all(conn)
    assert listed.reason.startswith("?x")
    assert len(listed.reason) == problems.LONGEST_REASON


def test_freshness_tells_fresh_stale_failed_and_waiting_apart(
    conn: psycopg.Connection,
) -> None:
    for name in "abcd":
        add_file(conn, f"beach/{name}.jpg")
    add_exif(conn, content("beach/a.jpg"), Metadata(make="old"))
    new = producer(conn, "exif", "2")
    exif.upsert(conn, [(content("beach/b.jpg"), Metadata(make="new"))], new)
    found = [of_content(content("beach/c.jpg"), "no picture", permanent=True)]
    problems.record(conn, "exif", found, producer_id=new, now=NOW)
    totals = {it.asset: it for it in status.assets(conn)}
    assert totals["exif"] == status.AssetTotals("exif", 1, 1, 1, 1, new)
    assert totals["thumbnails"].waiting == 4
    assert ("photos/beach", "exif") in status.unfinished(conn)


def test_hostile_metadata_costs_no_other_row(conn: psycopg.Connection) -> None:
    hostile = Metadata(
        title="a\0b", keywords=["\ud800", "ok"], tags={"x\0": ["\0", 2**80, 1e308]}
    )
    rows = [("0" * 64, hostile), ("1" * 64, Metadata(title="fine"))]
    exif.upsert(conn, rows, producer(conn, "exif"))
    stored = conn.execute("select title, keywords from exif order by content_id")
    assert stored.fetchall() == [("ab", ["?", "ok"]), ("fine", [])]


def test_a_heic_that_its_decoder_turns_has_no_orientation_left(
    conn: psycopg.Connection,
) -> None:
    for name in "ab":
        add_file(conn, f"beach/{name}.heic")
    conn.execute("update files set format = 'heic'")
    turned = {"QuickTime:Rotation": 90}
    add_exif(conn, content("beach/a.heic"), Metadata(orientation=6, tags=dict(turned)))
    add_exif(conn, content("beach/b.heic"), Metadata(orientation=6))
    found = thumbnails.pending(conn, ["photos/beach"], producer(conn, "thumbnails"))
    assert [(it.name, it.orientation) for it in found] == [
        ("a.heic", None), ("b.heic", 6),
    ]  # fmt: skip
    assert str(found[0].source) == "/mnt/photos/beach/a.heic"


@pytest.mark.parametrize("lost", ["image_files", "images"])
def test_the_row_check_sees_tables_that_disagree(
    conn: psycopg.Connection, lost: str
) -> None:
    add_image(conn, "beach/a.jpg")
    assert status.row_check(conn, ["photos/beach"]) == status.RowCheck(0, 0, 0)
    conn.execute(f"delete from {lost}")  # pyright: ignore[reportArgumentType]
    assert status.row_check(conn, ["photos/beach"]).files_without_image == 1
