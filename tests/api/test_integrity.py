"""Damaged originals, and since when a folder's are unchanged."""

from psycopg import Connection

from tests.api.rows import add_file, add_image

CLEAN = {
    "files": 2,
    "unchanged": 1,
    "damaged": 1,
    "unchanged_since": "2024-05-03T00:00:00Z",
    "verified_at": "2026-11-01T03:00:00Z",
}


def verify(conn: Connection, name: str, *, damaged_hour: int | None = None) -> None:
    """A file was read again; with an hour, other bytes were found then."""
    damaged = None if damaged_hour is None else f"2026-11-01T{damaged_hour:02}:00Z"
    conn.execute(
        """
        insert into integrity (file_id, content_id, size, mtime_ns, verified_at,
                               unchanged_since, damaged_at, found, reason)
        select file_id, content_id, size, mtime_ns, '2026-11-01T03:00Z',
               '2024-05-03T00:00Z', %(damaged)s::timestamptz,
               case when %(damaged)s is not null then repeat('0', 64) end,
               case when %(damaged)s is not null then 'bit rot' end
          from files where name = %(name)s
        """,
        {"name": name, "damaged": damaged},
    )
    conn.commit()


def test_a_damaged_original_names_its_image_and_a_copy_that_is_whole(client, conn):
    image = add_image(conn, name="a.jpg")
    add_file(conn, folder="photos/copies", name="b.jpg", content_id=image.content_id)
    verify(conn, "a.jpg", damaged_hour=3)
    (found,) = client.get("/api/integrity/damage").json()["damage"]
    assert found["image_id"] == str(image.image_id)
    assert (found["name"], found["reason"]) == ("a.jpg", "bit rot")
    assert found["copy"] == "photos/copies/b.jpg"


def test_the_latest_damage_comes_first_and_pages_join(client, conn):
    for number in range(5):
        add_image(conn, name=f"{number}.jpg")
        verify(conn, f"{number}.jpg", damaged_hour=number // 2)
    first = client.get("/api/integrity/damage", params={"limit": 2}).json()
    names, page = [it["name"] for it in first["damage"]], first
    while page["next"]:
        page = client.get(
            "/api/integrity/damage", params={"limit": 2, "after": page["next"]}
        ).json()
        names += [it["name"] for it in page["damage"]]
    assert first["count"] == 5
    assert sorted(names) == [f"{number}.jpg" for number in range(5)]
    assert names[0] == "4.jpg"


def test_a_folder_says_how_its_originals_stand(client, conn):
    add_image(conn, name="a.jpg")
    add_image(conn, name="b.jpg")
    verify(conn, "a.jpg")
    verify(conn, "b.jpg", damaged_hour=3)
    (folder,) = client.get("/api/folders").json()
    assert folder["integrity"] == CLEAN
    assert client.get("/api/integrity").json() == CLEAN


def test_where_nothing_was_read_again_nothing_is_claimed(client, conn):
    add_image(conn)
    found = client.get("/api/integrity").json()
    assert (found["files"], found["unchanged"], found["unchanged_since"]) == (
        1,
        0,
        None,
    )
    assert client.get("/api/integrity/damage").json() == {
        "damage": [],
        "next": None,
        "count": 0,
    }
