"""Damaged originals, and since when a folder's are unchanged."""

import os
from pathlib import Path

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


def test_an_image_says_which_of_its_files_is_damaged_until_it_is_not(client, conn):
    image = add_image(conn, name="a.jpg")
    add_file(conn, name="a.nef", image_id=image.image_id, part="raw", format="nef")
    verify(conn, "a.jpg")
    assert damage_of(client, image) == {"a.jpg": None, "a.nef": None}
    conn.execute("delete from integrity")
    verify(conn, "a.jpg", damaged_hour=3)
    assert damage_of(client, image) == {
        "a.jpg": {
            "found": "0" * 64,
            "reason": "bit rot",
            "damaged_at": "2026-11-01T03:00:00Z",
            "intact_at": None,
            "copy": None,
        },
        "a.nef": None,
    }
    conn.execute("update files set mtime_ns = 9 where name = 'a.jpg'")  # was replaced
    conn.commit()
    assert damage_of(client, image) == {"a.jpg": None, "a.nef": None}


def damage_of(client, image) -> dict[str, dict | None]:
    found = client.get(f"/api/images/{image.image_id}").json()
    return {it["name"]: it["damage"] for it in found["files"]}


def put(path: Path, body: bytes) -> None:
    """Write a file as the inventory has it: three bytes, the first nanosecond."""
    path.write_bytes(body)
    os.utime(path, ns=(1, 1))


def test_a_damaged_original_is_served_and_says_so(client, conn, tmp_path):
    """It is the person's file, and may be all that is left; but nobody is deceived."""
    image = add_image(conn, folder="photos/2024", root=str(tmp_path))
    (tmp_path / "2024").mkdir()
    path = tmp_path / "2024" / "a.jpg"
    address = f"/api/images/{image.image_id}/original"
    put(path, b"rot")
    assert "x-original-damaged" not in client.get(address).headers
    verify(conn, "a.jpg", damaged_hour=3)
    rotten = client.get(address, headers={"Range": "bytes=0-1"})
    assert (rotten.status_code, rotten.content) == (206, b"ro")
    assert rotten.headers["x-original-damaged"].startswith("2026-11-01T03:00")
    # Brought back in place, with its time: a browser must not go on showing the rot.
    put(path, b"yes")
    conn.execute("delete from integrity")
    conn.commit()
    seen = {"If-None-Match": rotten.headers["etag"]}
    answer = client.get(address, headers=seen)
    assert (answer.status_code, answer.content) == (200, b"yes")
    assert "x-original-damaged" not in answer.headers


def test_an_intact_copy_is_served_for_a_damaged_original(client, conn, tmp_path):
    image = add_image(conn, folder="photos/2024", root=str(tmp_path))
    add_file(
        conn,
        folder="photos/2024",
        name="copy.jpg",
        image_id=image.image_id,
        part="copy",
        content_id=image.content_id,
    )
    (tmp_path / "2024").mkdir()
    for name, body in (("a.jpg", b"rot"), ("copy.jpg", b"yes")):
        put(tmp_path / "2024" / name, body)
    verify(conn, "a.jpg", damaged_hour=3)
    address = f"/api/images/{image.image_id}/original"
    assert client.get(address).content == b"yes"
    asked = client.get(address, params={"file_id": image.file_id})
    assert asked.content == b"rot"
    assert "x-original-damaged" in asked.headers


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
    (folder,) = client.get("/api/folders").json()["folders"]
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
