"""Originals: the right bytes, and none from outside the library."""

import os
from email.message import Message
from pathlib import Path

import pytest

from home_media_pipelines.core.inventory.paths import quote_path
from tests.api.rows import add_file, add_image

BODY = bytes(range(256)) * 4


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library's root with one picture in it."""
    (tmp_path / "nas" / "2024").mkdir(parents=True)
    (tmp_path / "nas" / "2024" / "a.jpg").write_bytes(BODY)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return tmp_path / "nas"


@pytest.fixture
def address(conn, root) -> str:
    """Where the picture is served."""
    added = add_image(conn, folder="photos/2024", root=str(root))
    return f"/api/images/{added.image_id}/original"


def other(conn, root, path: str, **columns) -> str:
    """Where a file at `path`, quoted, is served."""
    added = add_image(conn, folder="photos/2024", root=str(root), path=path, **columns)
    return f"/api/images/{added.image_id}/original"


def test_the_whole_file(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = client.head(address)
    assert (head.content, head.headers["content-length"]) == (b"", "1024")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-1023", 0, 1024),
        ("bytes=1000-", 1000, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-9999", 0, 1024),
        ("bytes=1000-9999999", 1000, 1024),
    ],
)
def test_a_range(client, address, asked, start, end):
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == BODY[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/1024"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "bytes=0-1,4-5", "lines=0-1", "bytes=-", ""]
)
def test_what_is_no_single_range_gets_the_whole_file(client, address, asked):
    answer = client.get(address, headers={"Range": asked})
    assert (answer.status_code, len(answer.content)) == (200, 1024)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_a_problem(client, address, asked):
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */1024"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_replaced_file_is_not_stitched_to_the_old_one(client, address, root):
    """A player resuming a download must notice that the bytes are others now."""
    etag = client.get(address).headers["etag"]
    asked = {"Range": "bytes=10-19", "If-Range": etag}
    assert client.get(address, headers=asked).status_code == 206
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    (root / "2024" / "new.jpg").write_bytes(b"new")
    (root / "2024" / "new.jpg").replace(root / "2024" / "a.jpg")
    answer = client.get(address, headers=asked)
    assert (answer.status_code, answer.content) == (200, b"new")


@pytest.mark.parametrize(
    "path",
    [
        "../secret.jpg",
        "2024/../../secret.jpg",
        "2024/..%2Fsecret.jpg",
        "%2Fetc%2Fpasswd",
        "/etc/passwd",
        "2024",
        ".",
        "2024/gone.jpg",
        "2024/a.jpg/b.jpg",
        "2024/%",
        "x" * 400,
    ],
)
def test_a_path_that_leads_elsewhere_is_not_followed(client, conn, root, path):
    """Rows are ours, but a bug or a restored backup must not open the disk."""
    answer = client.get(other(conn, root, path))
    assert answer.status_code == 404
    assert b"secret" not in answer.content
    assert str(root).encode() not in answer.content


def test_symlinks_lead_nowhere_outside(client, conn, root, address):
    (root / "2024" / "link.jpg").symlink_to(root.parent / "secret.jpg")
    (root / "out").symlink_to(root.parent)
    (root / "inside.jpg").symlink_to(root / "2024" / "a.jpg")
    assert client.get(other(conn, root, "2024/link.jpg")).status_code == 404
    assert client.get(other(conn, root, "out/secret.jpg")).status_code == 404
    assert client.get(other(conn, root, "inside.jpg")).content == BODY
    (root / "2024" / "a.jpg").unlink()
    (root / "2024" / "a.jpg").symlink_to(root.parent / "secret.jpg")
    assert client.get(address).status_code == 404


def test_a_pipe_in_a_files_place_does_not_hang_us(client, conn, root):
    os.mkfifo(root / "2024" / "pipe.jpg")
    assert client.get(other(conn, root, "2024/pipe.jpg")).status_code == 404


def test_an_unmounted_library_is_not_a_missing_file(client, address, root):
    root.rename(root.with_name("away"))
    answer = client.get(address)
    assert answer.status_code == 503
    assert "library" in answer.json()["detail"]
    root.with_name("away").rename(root)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b'"; filename=evil.html',
        b"a\r\nSet-Cookie: x=1.jpg",
        b"<script>.jpg",
        "\u202egpj.exe".encode(),
        b"\xff\xfe.jpg",
        "Größe 100%.jpg".encode(),
        b"\xf0\x9f\x98\x80.jpg",
    ],
)
def test_hostile_names_stay_inside_their_header(client, conn, root, raw):
    Path(os.fsdecode(bytes(root) + b"/2024/" + raw)).write_bytes(BODY)
    answer = client.get(other(conn, root, quote_path(b"2024/" + raw)))
    assert answer.content == BODY
    assert "set-cookie" not in answer.headers
    message = Message()
    message["Content-Disposition"] = answer.headers["content-disposition"]
    assert message.get_content_disposition() == "inline"
    assert answer.headers["content-disposition"].isascii()


@pytest.mark.parametrize("format", ["xmp", "takeout", "aae", "svg", "html", None])
def test_what_a_browser_could_run_is_handed_over_as_bytes(client, conn, root, format):
    answer = client.get(other(conn, root, "2024/a.jpg", format=format))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_only_files_of_the_image_are_served_with_it(client, conn, root, address):
    (root / "2024" / "a.nef").write_bytes(b"raw")
    image_id = address.split("/")[3]
    raw = add_file(
        conn,
        folder="photos/2024",
        name="a.nef",
        image_id=image_id,
        part="raw",
        format="nef",
    )
    stranger = add_image(conn, folder="photos/2024", name="b.jpg", root=str(root))
    assert client.get(address, params={"file_id": raw}).content == b"raw"
    asked = {"file_id": stranger.file_id}
    assert client.get(address, params=asked).status_code == 404
