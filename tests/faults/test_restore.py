"""The drill: the server is gone; a backup, the NAS and an empty machine are left."""

import json

import pytest

from tests.faults.world import age, draw, draw_library

pytestmark = pytest.mark.timeout(600)

GALLERY = "select to_jsonb(i)::text from gallery.images i order by image_id"
SAID = "select to_jsonb(e)::text from curation.events e order by event_id"
IDS = (
    "select path, image_id::text from files join image_files using (file_id) order by 1"
)


def test_an_empty_machine_a_backup_and_the_nas_give_the_same_gallery(
    home, embedded_home, tmp_path
):
    """Ids that only history knows included: `a.jpg` was edited after it came."""
    home.settings["MODELS"] = embedded_home.settings["MODELS"] = "off"
    root = draw_library(tmp_path / "photos", folders=2, each=3)
    edited = root / "2020/trip000/p000.jpg"
    home.ingest(root)
    age(draw(edited, 99), 500)
    home.ingest(root)
    with home.connect() as conn:
        conn.execute(
            "insert into curation.events (image_id, field, value, said_by)"
            " select image_id, 'title', '\"Sommerfest\"', 'a person' from images"
        )
    before = {query: home.rows(query) for query in (GALLERY, SAID, IDS)}
    tables = home.tables()
    done = home.call("backup", str(tmp_path / "backups"), "--json")
    assert done.returncode == 0, done.stderr

    place = json.loads(done.stdout)["place"]
    moved = root.rename(tmp_path / "new nas")
    for arguments in (("--check",), ("--root", f"photos={moved}")):
        done = embedded_home.call("restore", place, *arguments)
        assert done.returncode == 0, done.stderr
    summary = embedded_home.ingest()

    assert (summary["seen"], summary["new"], summary["changed"]) == (6, 0, 0)
    done = embedded_home.call("db", "uri")
    embedded_home.home_media = done.stdout.strip()
    assert {query: embedded_home.rows(query) for query in before} == before
    after = embedded_home.tables()
    for table in ("files", "images", "image_files"):
        assert after[table] == tables[table]
    for table in ("exif", "thumbnails"):  # without those of the bytes before the edit
        assert len(after[table]) == 6
        assert set(after[table]) < set(tables[table])
    assert embedded_home.thumbnails()
