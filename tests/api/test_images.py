"""Pages of images, and everything about one."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.api.rows import NOON, add_file, add_image, add_many, add_problem


def pages(client, address: str, noun: str, key: str, **params) -> list[list[str]]:
    """Every page of a list, as ids."""
    found, after = [], {}
    while True:
        answer = client.get(address, params={**params, **after})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found.append([row[key] for row in page[noun]])
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize("number", [0, 1, 6, 7])
def test_pages_meet_without_gap_or_overlap(client, conn, number):
    """Images that tie on the second are still shown once each."""
    if number:
        add_many(conn, number, start=NOON, step=timedelta(0))
    found = pages(client, "/api/images", "images", "image_id", limit=3)
    ids = [image_id for page in found for image_id in page]
    assert len(ids) == len(set(ids)) == number
    assert ids == sorted(ids, reverse=True)
    assert [len(page) for page in found[:-1]] == [3] * (len(found) - 1)


def test_fractions_of_a_second_do_not_confuse_the_cursor(client, conn):
    for n in range(5):
        add_image(conn, taken_at=NOON + timedelta(microseconds=n))
    found = pages(client, "/api/images", "images", "image_id", limit=1)
    assert len({image_id for page in found for image_id in page}) == 5


def test_problems_are_paged_too(client, conn):
    wanted = {add_problem(conn, reason="truncated", hours_ago=n // 2) for n in range(5)}
    found = pages(client, "/api/problems", "problems", "subject", limit=2)
    assert [len(page) for page in found] == [2, 2, 1]
    assert {subject for page in found for subject in page} == wanted
    assert client.get("/api/problems").json()["count"] == 5


def test_an_image_tells_each_value_with_its_source(client, conn):
    added = add_image(
        conn,
        rating=3,
        make="Canon",
        keywords=("sea",),
        sources={"rating": "sidecar:a.xmp", "taken_at": "file name"},
    )
    add_file(conn, name="a.xmp", image_id=added.image_id, part="sidecar")
    conn.execute(
        "insert into curation.events (image_id, field, value, said_by)"
        " values (%s, 'title', '\"Beach\"', 'me')",
        [added.image_id],
    )
    conn.commit()
    found = client.get(f"/api/images/{added.image_id}").json()
    values = found["values"]
    assert values["rating"] == {"value": 3, "source": "sidecar:a.xmp"}
    assert values["taken_at"]["source"] == "file name"
    assert values["title"] == {"value": "Beach", "source": "person"}
    assert values["keywords"]["value"] == ["sea"]
    assert values["lens"] is None
    assert [file["part"] for file in found["files"]] == ["primary", "sidecar"]
    assert found["files"][0]["mtime"].startswith("1970-01-01T00:00:00")
    assert found["producers"][0]["asset"] == "images"


def test_an_image_shows_its_thumbnails_and_problems(client, conn):
    added = add_image(conn)
    conn.execute(
        "insert into thumbnails values (%s, '0123456789abcdef', 3, 4, '{512,256}', 1,"
        " '\\x0102', 255, 'x', 'cut short')",
        [added.content_id],
    )
    conn.execute(
        "insert into problems (asset, subject, content_id, reason, permanent)"
        " values ('exif', %(id)s::text, %(id)s::text, 'no metadata', true)",
        {"id": added.content_id},
    )
    conn.commit()
    found = client.get(f"/api/images/{added.image_id}").json()
    assert [thumbnail["size"] for thumbnail in found["thumbnails"]] == [256, 512]
    assert found["mean_color"] == "#0000ff"
    assert found["warning"] == "cut short"
    assert [problem["reason"] for problem in found["problems"]] == ["no metadata"]


def test_an_image_shows_the_problems_of_all_its_files_each_once(client, conn):
    """A copy has the same bytes and so the same problem; a file has one of its own."""
    added = add_image(conn)
    copy = add_file(
        conn,
        name="copy.jpg",
        image_id=added.image_id,
        part="copy",
        content_id=added.content_id,
    )
    conn.execute(
        "insert into problems (asset, subject, content_id, file_id, reason, permanent)"
        " values ('exif', 'a', %s, null, 'no metadata', true),"
        " ('integrity', 'b', null, %s, 'cannot be read', false)",
        [added.content_id, copy],
    )
    add_problem(conn, reason="of another")
    found = client.get(f"/api/images/{added.image_id}").json()
    assert [problem["reason"] for problem in found["problems"]] == [
        "no metadata",
        "cannot be read",
    ]


def test_hostile_names_come_back_as_they_are(client, conn):
    """JSON carries them; what must not be markup is the gallery's to see to."""
    name = "<script>alert(1)</script>\u202egpj.\U0001f600"
    added = add_image(conn, name=name, title=name, lens=name)
    found = client.get(f"/api/images/{added.image_id}")
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.json()["files"][0]["name"] == name
    assert found.json()["values"]["title"]["value"] == name


def test_an_unknown_image_is_a_problem(client):
    for address in (f"/api/images/{uuid4()}", f"/api/images/{UUID(int=0)}/original"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
