"""The film of a picture: exactly its bytes, whether within its file or beside it."""

import struct
from pathlib import Path

import pytest

from tests.api.rows import PRODUCER, Added, add_file, add_image

FILM = struct.pack(">I4s", 16, b"ftyp") + b"mp42\0\0\0\0" + bytes(range(256))
PICTURE = b"\xff\xd8 a picture \xff\xd9"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "nas" / "2024").mkdir(parents=True)
    return tmp_path / "nas"


def motion_photo(conn, root, *, offset: int = len(PICTURE), length: int = len(FILM)):
    """A picture that is said to hold a film there."""
    (root / "2024" / "a.jpg").write_bytes(PICTURE + FILM + b"trailer")
    added = add_image(conn, folder="photos/2024", root=str(root), path="2024/a.jpg")
    conn.execute(
        "insert into exif (content_id, producer_id, motion_offset, motion_length)"
        " values (%s, %s, %s, %s)",
        [added.content_id, PRODUCER, offset, length],
    )
    conn.commit()
    return added


def address(added: Added) -> str:
    return f"/api/images/{added.image_id}/motion"


def shown(client, added: Added) -> dict | None:
    answer = client.get(f"/api/images/{added.image_id}").raise_for_status()
    return answer.json()["motion"]


def test_the_film_within_a_picture_is_served_alone(client, conn, root):
    added = motion_photo(conn, root)
    assert shown(client, added) == {
        "url": address(added),
        "embedded": True,
        "file_id": str(added.file_id),
        "size": len(FILM),
    }
    answer = client.get(address(added))
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(FILM))
    assert 'filename="a.jpg.mp4"' in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    head = client.head(address(added))
    assert (head.content, head.headers["content-length"]) == (b"", str(len(FILM)))
    original = client.get(f"/api/images/{added.image_id}/original")
    assert original.content == PICTURE + FILM + b"trailer"
    assert original.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, len(FILM)),
        ("bytes=-5", len(FILM) - 5, len(FILM)),
        ("bytes=200-999999", 200, len(FILM)),
        ("bytes=-999999", 0, len(FILM)),
    ],
)
def test_ranges_are_those_of_the_film(client, conn, root, asked, start, end):
    """None reaches the picture before it or the trailer behind it."""
    added = motion_photo(conn, root)
    answer = client.get(address(added), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, FILM[start:end])
    expected = f"bytes {start}-{end - 1}/{len(FILM)}"
    assert answer.headers["content-range"] == expected


def test_a_range_beyond_the_film_is_a_problem(client, conn, root):
    added = motion_photo(conn, root)
    answer = client.get(address(added), headers={"Range": f"bytes={len(FILM)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(FILM)}"


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (len(PICTURE), len(FILM) + 8),
        (len(PICTURE) + 1, 20),
        (2**62, 2**62),
        (len(PICTURE) + len(FILM), 7),
    ],
)
def test_where_no_film_is_nothing_is_served(client, conn, root, offset, length):
    """The file may be another one by now, and numbers in a database are only that."""
    added = motion_photo(conn, root, offset=offset, length=length)
    answer = client.get(address(added))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_film_beside_the_picture_is_served_as_it_is(client, conn, root):
    """A Live Photo: HEIC and MOV."""
    (root / "2024" / "a.mov").write_bytes(FILM)
    added = add_image(conn, folder="photos/2024", root=str(root), path="2024/a.heic")
    film = add_file(
        conn,
        folder="photos/2024",
        path="2024/a.mov",
        image_id=added.image_id,
        part="motion",
        format="mov",
        role="video",
    )
    expected = {"url": address(added), "embedded": False, "file_id": str(film)}
    assert shown(client, added) == expected | {"size": 3}
    answer = client.get(address(added), headers={"Range": "bytes=4-7"})
    assert (answer.status_code, answer.content) == (206, b"ftyp")
    assert answer.headers["content-type"] == "video/quicktime"


def test_a_film_within_the_picture_counts_before_one_beside_it(client, conn, root):
    """As Takeout exports a Pixel's: both are there, and the same."""
    added = motion_photo(conn, root)
    add_file(
        conn,
        folder="photos/2024",
        path="2024/a.MP",
        image_id=added.image_id,
        part="motion",
        format="mp4",
        role="video",
    )
    assert shown(client, added)["embedded"] is True
    assert client.get(address(added)).content == FILM


def test_a_picture_that_stands_still_has_no_film(client, conn, root):
    added = add_image(conn, folder="photos/2024", root=str(root))
    assert shown(client, added) is None
    assert client.get(address(added)).status_code == 404


def test_a_film_that_leads_out_of_the_library_is_not_served(client, conn, root):
    """The same confined reading as for originals."""
    secret = root.parent / "secret.jpg"
    secret.write_bytes(PICTURE + FILM)
    added = motion_photo(conn, root)
    (root / "2024" / "a.jpg").unlink()
    (root / "2024" / "a.jpg").symlink_to(secret)
    assert client.get(address(added)).status_code == 404
