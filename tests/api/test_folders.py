"""Folders: a tree that is read where it is opened, and how far each asset is."""

from tests.api.rows import add_folder, add_image
from tests.api.test_images import pages


def tree(client, parent: str | None = None) -> dict[str, tuple[int, int, bool]]:
    """Images and folders of each directory below one, and whether it leads further."""
    answer = client.get(
        "/api/folders/tree", params={"parent": parent} if parent else {}
    )
    assert answer.status_code == 200, answer.text
    return {
        it["folder"]: (it["images"], it["folders"], it["parent"])
        for it in answer.json()
    }


def test_libraries_and_folders_say_how_they_are(client, conn):
    add_image(conn)
    (library,) = client.get("/api/libraries").json()
    assert library["library"] == "photos"
    assert (library["folders"], library["files"], library["images"]) == (1, 1, 1)
    answer = client.get("/api/folders", params={"library": "photos"}).json()
    (folder,) = answer["folders"]
    assert folder["folder"] == "photos/2024/beach"
    assert folder["images"] == 1
    assert folder["assets"]["exif"]["waiting"] == 1
    nothing = client.get("/api/folders", params={"library": "other"}).json()
    assert nothing == {"folders": [], "next": None}


def test_pages_of_folders_meet_and_count_their_own_contents(client, conn):
    """The freshness of a page is that of its folders and of no others."""
    names = [f"photos/{number}" for number in range(5)]
    for name in names:
        add_image(conn, folder=name)
    found = pages(client, "/api/folders", "folders", "folder", limit=2)
    assert found == [names[:2], names[2:4], names[4:]]
    page = client.get("/api/folders", params={"limit": 2}).json()["folders"]
    assert [it["assets"]["thumbnails"]["waiting"] for it in page] == [1, 1]
    assert [it["integrity"]["files"] for it in page] == [1, 1]


def test_the_tree_sums_upwards_and_names_the_directories_between(client, conn):
    for folder in ("photos/2024/beach", "photos/2024/snow", "photos/2024/snow"):
        add_image(conn, folder=folder)
    add_image(conn, folder="a/.", root="/nas/a")
    conn.commit()
    assert tree(client) == {"a": (1, 1, False), "photos": (3, 2, True)}
    assert tree(client, "a") == {}
    assert tree(client, "photos") == {"photos/2024": (3, 2, True)}
    assert tree(client, "photos/2024") == {
        "photos/2024/beach": (1, 1, False),
        "photos/2024/snow": (2, 1, False),
    }


def test_a_directory_is_not_taken_for_one_whose_name_begins_like_it(client, conn):
    for folder in ("photos/a", "photos/a-b/c", "photos/a.b", "photos/a/c", "photos/a0"):
        add_image(conn, folder=folder)
    conn.commit()
    assert tree(client, "photos/a") == {"photos/a/c": (1, 1, False)}
    assert tree(client, "photos")["photos/a"] == (2, 2, True)


def test_what_is_gone_or_away_is_told_by_the_tree(client, conn):
    add_image(conn, folder="photos/gone")
    add_folder(conn, "photos/away/below")
    add_folder(conn, "photos/away")
    conn.execute("update images set missing_since = now()")
    conn.execute("update folders set state = 'vanished' where folder = 'photos/gone'")
    conn.execute(
        "update folders set state = 'unreachable' where folder = 'photos/away/below'"
    )
    conn.commit()
    (away,) = client.get("/api/folders/tree", params={"parent": "photos"}).json()
    assert (away["folder"], away["unreachable"]) == ("photos/away", False)
    (below,) = client.get("/api/folders/tree", params={"parent": "photos/away"}).json()
    assert below["unreachable"]


def test_a_tree_that_did_not_change_is_not_sent_again(client, conn):
    add_image(conn)
    conn.commit()
    first = client.get("/api/folders/tree")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/folders/tree", headers=again).status_code == 304
    add_image(conn)
    conn.commit()
    assert client.get("/api/folders/tree", headers=again).status_code == 200
