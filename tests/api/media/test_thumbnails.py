"""Thumbnails: immutable, revalidated, never larger than asked."""

import pytest

CONTENT = "ab" * 32


@pytest.fixture
def thumbnails(derived):
    """A picture of 600 pixels: it has two thumbnails."""
    folder = derived / "thumbnails" / "ab" / "ab"
    folder.mkdir(parents=True)
    for size in (256, 512):
        (folder / f"{CONTENT}-{size}.jpg").write_bytes(f"{size}".encode())
    return folder


@pytest.mark.parametrize(
    ("asked", "given"), [(256, 256), (512, 512), (1024, 512), (2048, 512)]
)
def test_the_largest_that_exists_is_served(client, thumbnails, asked, given):
    answer = client.get(f"/api/thumbnails/{CONTENT}/{asked}")
    assert (answer.status_code, answer.text) == (200, str(given))
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers
    etag = {"If-None-Match": answer.headers["etag"]}
    again = client.get(f"/api/thumbnails/{CONTENT}/{asked}", headers=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"/api/thumbnails/{CONTENT}/{asked}").status_code == 200


def test_no_thumbnail_is_a_problem(client):
    answer = client.get(f"/api/thumbnails/{CONTENT}/256")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "address",
    [f"{CONTENT}/300", f"{CONTENT[:-1]}/256", f"{CONTENT}Z/256", f"{CONTENT}%0A/256"],
)
def test_only_content_ids_and_our_sizes_are_looked_up(client, thumbnails, address):
    assert client.get(f"/api/thumbnails/{address}").status_code == 422


@pytest.mark.parametrize("address", ["..%2f..%2fx/256", f"{CONTENT}/..%2f256"])
def test_no_path_leads_out(client, address):
    assert client.get(f"/api/thumbnails/{address}").status_code in (404, 422)
