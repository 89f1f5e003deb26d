"""kill -9 while networks look: rows are whole, and the next run goes on from there."""

import pytest

from tests.faults.world import Home, draw_library, kill
from tests.waiting import until

pytest.importorskip("torch")
pytestmark = [pytest.mark.xdist_group("models"), pytest.mark.timeout(500)]

ROWS = {
    "detections": "select detection_id::text, label, producer_id from detections",
    "masks": "select detection_id::text, rle, producer_id from masks",
    "embeddings": "select content_id, frame, producer_id from embeddings",
    "crop_embeddings": "select detection_id::text, producer_id from crop_embeddings",
    "analyses": "select asset, content_id, producer_id, count from analyses",
    "problems": "select asset, subject from problems",
}

HALF = """
    select i.folder, count(*) from analyses a join images i using (content_id)
     where a.asset = 'detections'
     group by i.folder having count(*) <> 4
"""
"""Folders of which a detector did some pictures and not the others."""

UNCOUNTED = """
    select count(*) from analyses a
     where a.asset = 'detections'
       and a.count <> (select count(*) from detections d
                        where d.content_id = a.content_id
                          and d.producer_id = a.producer_id)
"""


def seen(home: Home) -> dict[str, list[tuple]]:
    return {table: sorted(home.rows(query)) for table, query in ROWS.items()}


def test_a_kill_while_networks_look_leaves_whole_folders_and_costs_only_time(
    make_home, tmp_path
):
    root = draw_library(tmp_path / "photos", folders=4, each=4, size=(320, 240))
    alone, harmed = make_home(), make_home()
    for home in (alone, harmed):
        home.settings |= {"MODELS": "tiny", "DEVICE": "cpu"}
    alone.ingest(root)

    process = harmed.start("ingest", str(root))
    begun = "select count(*) > 0 from analyses where asset = 'detections'"
    until(
        lambda: process.poll() is not None or harmed.one(begun),
        240,
        "the first folder to be looked at",
        every=0.02,
    )
    kill(process)
    assert harmed.rows(HALF) == []
    assert harmed.one(UNCOUNTED) == 0

    with harmed.connect(dagster=True) as conn:  # time passes
        conn.execute("update runs set update_timestamp = now() - interval '1 hour'")
    summary = harmed.ingest(root)
    assert summary["waiting"] == {}
    expected, found = seen(alone), seen(harmed)
    for table in expected:
        assert found[table] == expected[table], table
    assert len([it for it in expected["analyses"] if it[0] == "embeddings"]) == 16
