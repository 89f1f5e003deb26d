"""The built gallery: strict headers, hashed files kept, every address its page."""

import pytest


@pytest.fixture
def gallery(settings):
    """A build with one page and one hashed script."""
    (settings.gallery / "assets").mkdir(parents=True)
    (settings.gallery / "index.html").write_text("<!doctype html>page")
    (settings.gallery / "assets" / "index-abc123.js").write_text("let x")
    (settings.gallery.parent / "secret.txt").write_text("secret")
    return settings.gallery


@pytest.mark.parametrize("address", ["/", "/photos/12", "/folders/photos/2024"])
def test_every_address_of_the_gallery_is_its_page(client, gallery, address):
    answer = client.get(address)
    assert answer.text == "<!doctype html>page"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_hashed_files_are_kept_and_missing_ones_are_no_page(client, gallery):
    answer = client.get("/assets/index-abc123.js")
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    assert client.get("/assets/index-old.js").status_code == 404
    assert client.get("/favicon.ico").status_code == 404


@pytest.mark.parametrize(
    "address", ["/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/%00", "/%2fetc"]
)
def test_nothing_outside_the_build_is_served(client, gallery, address):
    answer = client.get(address)
    assert "secret" not in answer.text


def test_without_a_build_a_person_learns_what_to_do(client):
    answer = client.get("/")
    assert answer.status_code == 503
    assert "npm" in answer.text
