"""An image keeps its id through moves, edits, copies and absences."""

from datetime import timedelta

import psycopg

from tests.builders import (
    NOW,
    add_file,
    add_folder,
    add_image,
    add_thumbnails,
    content,
    first_image_id,
    image_of,
    regroup,
    rescan,
)


def shown(conn: psycopg.Connection) -> set[tuple[str, str]]:
    """(content, owning folder) of every image in the gallery."""
    rows = conn.execute("select content_id, folder from gallery.images").fetchall()
    return set(rows)


def parts(conn: psycopg.Connection) -> dict[str, str]:
    rows = conn.execute(
        "select path, part from gallery.files where image_id is not null"
        " and missing_since is null"
    ).fetchall()
    return dict(rows)


def test_a_renamed_file_is_the_same_image(conn: psycopg.Connection) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x"})
    regroup(conn, beach)
    image = image_of(conn, "beach/a.jpg")
    counts = rescan(conn, beach, {"b.jpg": "x"})
    assert (counts.moved, counts.new, counts.missing) == (1, 0, 0)
    assert regroup(conn, beach).new == 0
    assert image_of(conn, "beach/b.jpg") == image == first_image_id("x")
    assert conn.execute("select name from gallery.images").fetchall() == [("b.jpg",)]


def test_a_folder_renamed_keeps_images_whichever_folder_is_scanned_first(
    conn: psycopg.Connection,
) -> None:
    for old_first in (True, False):
        old = add_folder(conn, f"old{old_first}")
        new = add_folder(conn, f"new{old_first}")
        names = {"a.jpg": f"{old_first}a", "b.jpg": f"{old_first}b"}
        rescan(conn, old, names)
        regroup(conn, old)
        before = image_of(conn, f"old{old_first}/a.jpg")
        if old_first:
            rescan(conn, old, {})
            regroup(conn, old)
            counts = rescan(conn, new, names, disk=[])
        else:
            counts = rescan(conn, new, names, disk=[])
            rescan(conn, old, {})
        assert counts.moved == 2
        assert counts.lost == {old}
        regroup(conn, new)
        regroup(conn, old)
        assert image_of(conn, f"new{old_first}/a.jpg") == before
    assert {folder for _, folder in shown(conn)} == {
        "photos/newTrue",
        "photos/newFalse",
    }
    assert conn.execute("select count(*) from files").fetchone() == (4,)


def test_a_file_moved_to_another_library_is_the_same_image(
    conn: psycopg.Connection,
) -> None:
    old = add_folder(conn, "a", "phones")
    new = add_folder(conn, "b", "photos")
    rescan(conn, old, {"a.jpg": "x"})
    regroup(conn, old)
    image = image_of(conn, "a/a.jpg", "phones")
    assert rescan(conn, new, {"c.jpg": "x"}, disk=[]).moved == 1
    regroup(conn, new)
    assert image_of(conn, "b/c.jpg", "photos") == image
    assert shown(conn) == {(content("x"), "photos/b")}


def test_an_unreachable_library_keeps_its_files_when_a_copy_shows_up(
    conn: psycopg.Connection,
) -> None:
    old = add_folder(conn, "a", "phones")
    new = add_folder(conn, "b", "photos")
    rescan(conn, old, {"a.jpg": "x"})
    conn.execute("update libraries set state = 'unreachable' where library = 'phones'")
    counts = rescan(conn, new, {"a.jpg": "x"}, disk=[])
    assert (counts.moved, counts.new) == (0, 1)


def test_the_same_bytes_twice_are_one_image(conn: psycopg.Connection) -> None:
    one, two = add_folder(conn, "one"), add_folder(conn, "two")
    rescan(conn, one, {"a.jpg": "x", "b.jpg": "x"})
    rescan(conn, two, {"c.jpg": "x"})
    regroup(conn, two)
    regroup(conn, one)
    assert shown(conn) == {(content("x"), one)}
    assert parts(conn) == {
        "one/a.jpg": "primary", "one/b.jpg": "copy", "two/c.jpg": "copy",
    }  # fmt: skip


def test_who_owns_a_copy_does_not_depend_on_the_order_of_folders(
    conn: psycopg.Connection,
) -> None:
    one, two = add_folder(conn, "one"), add_folder(conn, "two")
    for word, order in (("x", (one, two)), ("y", (two, one))):
        for folder in order:
            rescan(conn, folder, {f"{word}.jpg": word})
            regroup(conn, folder)
    rescan(conn, one, {"x.jpg": "x", "y.jpg": "y"})
    rescan(conn, two, {"x.jpg": "x", "y.jpg": "y"})
    for folder in (two, one, two):
        regroup(conn, folder)
    assert shown(conn) == {(content("x"), one), (content("y"), one)}
    assert parts(conn)["one/y.jpg"] == "primary"
    assert parts(conn)["two/y.jpg"] == "copy"


def test_an_image_passes_to_the_folder_that_still_has_it(
    conn: psycopg.Connection,
) -> None:
    one, two = add_folder(conn, "one"), add_folder(conn, "two")
    for folder in (one, two):
        rescan(conn, folder, {"a.jpg": "x"})
        regroup(conn, folder)
    rescan(conn, one, {})
    assert regroup(conn, one).refresh == {two}
    assert shown(conn) == {(content("x"), two)}
    assert parts(conn) == {"two/a.jpg": "primary"}


def test_new_bytes_at_the_same_path_are_the_same_image(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x"})
    regroup(conn, beach)
    counts = rescan(conn, beach, {"a.jpg": "y"})
    assert (counts.changed, counts.new) == (1, 0)
    regroup(conn, beach)
    assert image_of(conn, "beach/a.jpg") == first_image_id("x")
    assert shown(conn) == {(content("y"), beach)}


def test_the_original_bytes_beside_an_edit_are_another_image(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x"})
    regroup(conn, beach)
    rescan(conn, beach, {"a.jpg": "y"})
    regroup(conn, beach)
    rescan(conn, beach, {"a.jpg": "y", "b.jpg": "x"})
    regroup(conn, beach)
    assert image_of(conn, "beach/a.jpg") == first_image_id("x")
    assert image_of(conn, "beach/b.jpg") != first_image_id("x")
    assert len(shown(conn)) == 2


def test_editing_one_of_two_copies_leaves_the_image_to_the_other(
    conn: psycopg.Connection,
) -> None:
    one, two = add_folder(conn, "one"), add_folder(conn, "two")
    for folder in (one, two):
        rescan(conn, folder, {"a.jpg": "x"})
        regroup(conn, folder)
    rescan(conn, one, {"a.jpg": "y"})
    regroup(conn, one)
    assert image_of(conn, "two/a.jpg") == first_image_id("x")
    assert image_of(conn, "one/a.jpg") == first_image_id("y")
    assert shown(conn) == {(content("x"), two), (content("y"), one)}


def test_swapped_names_swap_paths_not_images(conn: psycopg.Connection) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"})
    regroup(conn, beach)
    rescan(conn, beach, {"a.jpg": "y", "b.jpg": "x"})
    assert regroup(conn, beach).new == 0
    assert image_of(conn, "beach/a.jpg") == first_image_id("y")
    assert image_of(conn, "beach/b.jpg") == first_image_id("x")


def test_shifted_names_keep_every_image_and_leave_no_missing_file(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"1.jpg": "x", "2.jpg": "y"})
    regroup(conn, beach)
    rescan(conn, beach, {"2.jpg": "x", "3.jpg": "y"})
    regroup(conn, beach)
    assert image_of(conn, "beach/2.jpg") == first_image_id("x")
    assert image_of(conn, "beach/3.jpg") == first_image_id("y")
    missing = "select count(*) from files where missing_since is not null"
    assert conn.execute(missing).fetchone() == (0,)


def test_a_developed_picture_beside_its_raw_does_not_make_a_second_image(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.nef": "raw"})
    regroup(conn, beach)
    rescan(conn, beach, {"a.nef": "raw", "a.jpg": "x", "a.xmp": "s"})
    regroup(conn, beach)
    assert image_of(conn, "beach/a.jpg") == first_image_id("raw")
    assert image_of(conn, "beach/a.xmp") == first_image_id("raw")
    sizes = conn.execute("select stack_size from gallery.timeline").fetchall()
    assert sizes == [(2,)]
    rescan(conn, beach, {"a.nef": "raw"})
    regroup(conn, beach)
    assert image_of(conn, "beach/a.nef") == first_image_id("raw")
    assert shown(conn) == {(content("raw"), beach)}


def test_an_image_vanishes_with_its_file_and_comes_back_with_it(
    conn: psycopg.Connection,
) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"})
    regroup(conn, beach)
    later = NOW + timedelta(hours=1)
    assert rescan(conn, beach, {"b.jpg": "y"}, now=later).missing == 1
    assert regroup(conn, beach, now=later).missing == 1
    assert shown(conn) == {(content("y"), beach)}
    since = conn.execute("select max(missing_since) from images").fetchone()
    assert since == (later,)
    assert rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"}).new == 1
    regroup(conn, beach)
    assert image_of(conn, "beach/a.jpg") == first_image_id("x")
    assert len(shown(conn)) == 2


def test_a_second_pass_writes_nothing(conn: psycopg.Connection) -> None:
    beach = add_folder(conn, "beach")
    rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"})
    regroup(conn, beach)
    conn.commit()
    tables = "select image_id, xmin, ctid from images order by 1"
    links = "select file_id, xmin, ctid from image_files order by 1"
    before = conn.execute(tables).fetchall(), conn.execute(links).fetchall()
    counts = rescan(conn, beach, {"a.jpg": "x", "b.jpg": "y"})
    assert (counts.unchanged, counts.new, counts.changed) == (2, 0, 0)
    assert regroup(conn, beach).unchanged == 2
    conn.commit()
    after = conn.execute(tables).fetchall(), conn.execute(links).fetchall()
    assert after == before


def test_names_and_words_are_found_by_their_beginnings(
    conn: psycopg.Connection,
) -> None:
    image = add_image(
        conn, "beach/DSC_0412.jpg", title="Zoë at Sea\0", keywords=["dog"]
    )
    add_image(conn, "beach/other.jpg")
    query = """
        select image_id from gallery.images where search @@ gallery.prefix_query(%s)
    """
    for text in ("dsc 04", "zoë", "SEA do", "0412"):
        assert conn.execute(query, [text]).fetchall() == [(image,)]
    assert conn.execute(query, ["cat'); drop"]).fetchall() == []


def test_what_is_shown_decides_the_ratio(conn: psycopg.Connection) -> None:
    add_image(conn, "beach/a.jpg", width=100, height=200)
    ratio = conn.execute("select ratio from gallery.timeline").fetchone()
    assert ratio is not None
    assert abs(ratio[0] - 4 / 3) < 1e-6


def test_the_timeline_has_the_thumbhash_whichever_came_first(
    conn: psycopg.Connection,
) -> None:
    """It stands beside the image, so that an index alone serves the timeline."""
    add_file(conn, "a/1.jpg", "one")
    regroup(conn, "photos/a")
    has = "select thumbhash is not null from gallery.timeline"
    assert conn.execute(has).fetchall() == [(False,)]
    add_thumbnails(conn, content("one"))
    assert conn.execute(has).fetchall() == [(True,)]

    conn.execute("delete from images")
    regroup(conn, "photos/a")
    assert conn.execute(has).fetchall() == [(True,)]
