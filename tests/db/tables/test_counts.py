"""Counts by label and by taxon: right at any moment, quick once they are settled."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from home_media_pipelines.db.admin import prune, purge
from home_media_pipelines.db.tables.taxonomy import counts
from home_media_pipelines.db.tables.vision import analyses
from home_media_pipelines.db.tables.vision import models as switches
from tests.builders import NOW, add_image, content
from tests.db.seen import add_detections
from tests.db.tables.test_models import set_target

PATHS = ["beach/a.jpg", "beach/b.jpg", "snow/c.jpg"]
A, B, C = (content(path) for path in PATHS)


def link(conn: psycopg.Connection, producer_id: str, image: UUID, *taxa: str) -> None:
    """The image shows these, by keywords."""
    for taxon in taxa:
        conn.execute(
            """
            insert into taxonomy_links (image_id, taxon, source, keyword, producer_id)
            values (%s, %s, 'keyword', 'a word', %s)
            """,
            [image, taxon, producer_id],
        )


def labels(conn: psycopg.Connection) -> dict[str, tuple[int, int]]:
    rows = conn.execute("select label, images, detections from gallery.label_counts")
    return {label: numbers for label, *numbers in rows.fetchall()}  # pyright: ignore[reportReturnType]


def taxa(conn: psycopg.Connection) -> dict[str, tuple[int, int]]:
    rows = conn.execute(
        "select taxon::text, own, total from gallery.taxon_counts"
        " where taxon::text like 'zoo%'"  # others are shipped
    )
    return {taxon: (own, total) for taxon, own, total in rows.fetchall()}


@pytest.fixture
def seen(conn: psycopg.Connection) -> dict[str, UUID]:
    """Three images in two folders; dogs in all, cats in one."""
    images = {path: add_image(conn, path) for path in PATHS}
    conn.execute(
        "insert into taxa (taxon, version) values"
        " ('zoo', '1'), ('zoo.dog', '1'), ('zoo.cat', '1'), ('zoo_thing', '1')"
    )
    add_detections(
        conn,
        set_target(conn, "detections", "old"),
        {A: ["dog", "dog", "cat"], B: ["dog"], C: ["dog"]},
    )
    linked = set_target(conn, "taxonomy_links", "old")
    link(conn, linked, images[PATHS[0]], "zoo.dog", "zoo.dog", "zoo.cat")
    link(conn, linked, images[PATHS[1]], "zoo", "zoo.dog")
    link(conn, linked, images[PATHS[2]], "zoo.dog")
    return images


def test_an_image_counts_once_however_often_it_shows_a_thing(
    conn: psycopg.Connection, seen: dict[str, UUID]
) -> None:
    for _ in range(2):
        assert labels(conn) == {"dog": [3, 4], "cat": [1, 1]}
        assert taxa(conn) == {
            "zoo": (1, 3),
            "zoo.dog": (3, 3),
            "zoo.cat": (1, 1),
            "zoo_thing": (0, 0),
        }
        counts.compact(conn)
    assert counts.compact(conn) == 0


def _goes_missing(conn: psycopg.Connection) -> None:
    conn.execute("update images set missing_since = now() where names[1] = 'c.jpg'")


def _moves(conn: psycopg.Connection) -> None:
    conn.execute("update images set folder = 'photos/snow'")


def _gets_new_bytes(conn: psycopg.Connection) -> None:
    conn.execute(
        "update images set content_id = %s where content_id = %s", [content("x"), A]
    )


def _is_purged(conn: psycopg.Connection) -> None:
    conn.execute("update files set missing_since = '2020-01-01' where name = 'a.jpg'")
    purge.purge(conn, before=NOW, now=NOW)


def _is_looked_at_again(conn: psycopg.Connection) -> None:
    old = set_target(conn, "detections", "old")
    analyses.forget(conn, old, [A])
    add_detections(conn, old, {A: ["fox"]})


def _is_linked_elsewhere(conn: psycopg.Connection) -> None:
    conn.execute("delete from taxonomy_links where taxon = 'zoo.cat'")
    conn.execute("update taxonomy_links set taxon = 'zoo_thing' where taxon = 'zoo'")


def _has_another_model(conn: psycopg.Connection) -> None:
    new = set_target(conn, "detections", "new")
    add_detections(conn, new, {A: ["wolf"], B: [], C: []})
    counts.compact(conn)
    switches.switch(conn, ["detections"])


def _is_pruned(conn: psycopg.Connection) -> None:
    for model in ("new", "newer"):
        new = set_target(conn, "detections", model)
        add_detections(conn, new, {A: [model], B: [], C: []})
        switches.switch(conn, ["detections"])
    assert prune.prune(conn)


def _is_deleted(conn: psycopg.Connection) -> None:
    conn.execute("delete from folders where folder = 'photos/snow'")


CHANGES = pytest.mark.parametrize(
    "change",
    [
        _goes_missing,
        _moves,
        _gets_new_bytes,
        _is_purged,
        _is_looked_at_again,
        _is_linked_elsewhere,
        _has_another_model,
        _is_pruned,
        _is_deleted,
    ],
)


@CHANGES
@pytest.mark.usefixtures("seen")
def test_counts_follow_whatever_changes(
    conn: psycopg.Connection, change: Callable[[psycopg.Connection], None]
) -> None:
    """Before they are settled, after, and as a count of everything says."""
    counts.compact(conn)
    before = labels(conn), taxa(conn)
    change(conn)
    unstable = labels(conn), taxa(conn)
    counts.compact(conn)
    assert (labels(conn), taxa(conn)) == unstable
    conn.execute("insert into uncounted_folders select folder from folders")
    assert (labels(conn), taxa(conn)) == unstable
    assert (before == unstable) == (change is _moves)


def days(conn: psycopg.Connection, source: str) -> list[tuple[object, ...]]:
    """Days and kinds with their images and the sum of their ratios."""
    kept = "select day, kind, images, ratios::numeric from gallery.days"
    counted = """
        select taken_at::date, kind, count(*), sum(coalesce(ratio, 1.5)::numeric)
          from gallery.timeline group by taken_at::date, kind
    """
    query = kept if source == "kept" else counted
    return sorted(conn.execute(query).fetchall())  # pyright: ignore[reportCallIssue]


def facets(conn: psycopg.Connection, source: str) -> list[tuple[object, ...]]:
    """Kinds, cameras and lenses with their images."""
    kept = """
        select kind, coalesce(camera, ''), coalesce(lens, ''), images
          from gallery.facets
    """
    counted = """
        select kind, coalesce(camera, ''), coalesce(lens, ''), count(*)
          from gallery.images group by 1, 2, 3
    """
    query = kept if source == "kept" else counted
    return sorted(conn.execute(query).fetchall())  # pyright: ignore[reportCallIssue]


_SHOWN = """
    select distinct up.taxon, i.image_id, i.taken_at::date as day, i.kind,
           coalesce(i.ratio, 1.5)::numeric as ratio, i.folder
      from gallery.images i join gallery.taxonomy_links l using (image_id)
      cross join lateral (
           select subpath(l.taxon, 0, n) as taxon
             from generate_series(1, nlevel(l.taxon)) n) up
"""


def taxon_days(conn: psycopg.Connection, source: str) -> list[tuple[object, ...]]:
    """Days of each taxon; folders to be counted again are looked at, as readers do."""
    kept = f"""
        select taxon::text, day, kind, sum(images), sum(ratios)
          from (select taxon, day, kind, images, ratios::numeric from gallery.taxon_days
                union all
                select taxon, day, kind, 1, ratio from ({_SHOWN}) shown
                 where folder in (select folder from gallery.uncounted_folders)) both_of
         group by 1, 2, 3
    """
    counted = f"""
        select taxon::text, day, kind, count(*), sum(ratio) from ({_SHOWN}) shown
         group by 1, 2, 3
    """
    query = kept if source == "kept" else counted
    return sorted(conn.execute(query).fetchall())  # pyright: ignore[reportCallIssue, reportArgumentType]


def _is_dated_by_a_person(conn: psycopg.Connection) -> None:
    for said in ('"2001-02-03T04:05:06"', None):
        conn.execute(
            "insert into curation.events (image_id, field, value, said_by)"
            " select image_id, 'taken_at', %s, 'me' from images",
            [said],
        )


def _turns_out_to_be_wide(conn: psycopg.Connection) -> None:
    conn.execute("update images set ratio = 1.7777 where names[1] <> 'a.jpg'")


def _gets_a_camera(conn: psycopg.Connection) -> None:
    conn.execute(
        "update images set make = 'Canon', lens = '50mm', latitude = 1, longitude = 2"
        " where names[1] <> 'a.jpg'"
    )


def _comes_back_as_a_film(conn: psycopg.Connection) -> None:
    _goes_missing(conn)
    conn.execute("update images set missing_since = null, kind = 'video'")


REDATED = pytest.mark.parametrize(
    "change",
    [
        _goes_missing,
        _moves,
        _is_purged,
        _is_deleted,
        _is_linked_elsewhere,
        _is_dated_by_a_person,
        _turns_out_to_be_wide,
        _gets_a_camera,
        _comes_back_as_a_film,
    ],
)


@REDATED
@pytest.mark.parametrize("of", [days, facets, taxon_days])
@pytest.mark.usefixtures("seen")
def test_days_are_counted_as_images_are_written(
    conn: psycopg.Connection,
    change: Callable[[psycopg.Connection], None],
    of: Callable[[psycopg.Connection, str], list[object]],
) -> None:
    """What is kept is what a count says, before differences are added up and after."""
    assert of(conn, "kept") == of(conn, "counted") != []
    counts.compact(conn)
    change(conn)
    assert of(conn, "kept") == of(conn, "counted")
    counts.compact(conn)
    assert of(conn, "kept") == of(conn, "counted")


@CHANGES
@pytest.mark.usefixtures("seen")
def test_differences_are_added_up(
    conn: psycopg.Connection, change: Callable[[psycopg.Connection], None]
) -> None:
    """One row is left of each, none of what is gone: reading stays quick."""
    change(conn)
    counts.compact(conn)
    for rows in (
        "select producer_id, label from label_sums",
        "select producer_id, taxon from taxon_sums",
        "select producer_id, taxon, day, kind from taxon_day_sums",
        "select day, kind from day_sums",
        "select kind, camera, lens from facet_sums",
    ):
        kept = conn.execute(rows).fetchall()  # pyright: ignore[reportArgumentType]
        assert len(kept) == len(set(kept))
    assert conn.execute("select from taxon_sums where total = 0").fetchone() is None
