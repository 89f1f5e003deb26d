"""What networks found: stored whole or not at all, and looked for once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import numpy as np
import psycopg
import pytest

from home_media_pipelines.core.key_frames import KeyFrame
from home_media_pipelines.db import (
    analyses,
    detections,
    embeddings,
    key_frames,
    masks,
    problems,
    producers,
)
from home_media_pipelines.db.embeddings import Embedding, embeddings_table
from home_media_pipelines.db.problems import of_content
from tests.builders import NOW, add_image, content, producer
from tests.db.seen import (
    SQUARE,
    add_crops,
    add_detections,
    add_embeddings,
    add_masks,
    maker,
    unit,
)

A, B = content("beach/a.jpg"), content("beach/b.jpg")
BEACH = ["photos/beach"]


@pytest.fixture
def pictures(conn: psycopg.Connection) -> None:
    """Two images of a folder; b is the newer one."""
    add_image(conn, "beach/a.jpg", taken_at=datetime(2020, 1, 1))
    add_image(conn, "beach/b.jpg", taken_at=datetime(2021, 1, 1))


def waiting(conn: psycopg.Connection, asset: str, producer_id: str) -> list[str]:
    found = analyses.pending(conn, asset, BEACH, producer_id)
    return [it.content_id for it in found]


def rows(conn: psycopg.Connection) -> tuple[int, ...]:
    found = conn.execute(
        "select (select count(*) from detections), (select count(*) from masks),"
        " (select count(*) from crop_embeddings), (select count(*) from analyses)"
    ).fetchone()
    return found or ()


@pytest.mark.usefixtures("pictures")
def test_the_newest_pictures_come_first_and_each_once(
    conn: psycopg.Connection,
) -> None:
    seen = producers.register(conn, maker("detections"))
    assert waiting(conn, "detections", seen) == [B, A]
    add_detections(conn, seen, {B: ["dog", "cat"], A: []})
    assert waiting(conn, "detections", seen) == []
    found = detections.of_contents(conn, seen, [A, B])
    assert {(it.label, it.content_id) for it in found} == {("dog", B), ("cat", B)}
    stored = conn.execute("select count, mean_score from analyses order by count")
    assert stored.fetchall() == [(0, None), (2, 0.5)]
