"""Metrics: everything for a dashboard, nothing that tells what somebody looked at."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from home_media_pipelines.core.operations.metrics import METRICS, PREFIX, Measurement
from home_media_pipelines.db.tables.operations import measurements

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def scrape(client):
    """What Prometheus reads: value by name and labels."""

    def read():
        answer = client.get("/metrics")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


def count(found, *labels):
    return found.get((f"{PREFIX}api_request_seconds_count", *sorted(labels)), 0)


def test_requests_are_counted_by_route_and_not_by_what_was_asked_for(client, scrape):
    secret = str(uuid4())
    client.get(f"/api/images/{secret}")
    client.get(f"/api/images?q={secret}")
    client.get(f"/api/{secret}")
    client.get(f"/{secret}.jpg")
    client.get("/api/health", headers={"Host": f"{secret}.example"})
    client.request(secret.upper(), "/api/health")

    found = scrape()

    assert count(found, "GET", "/api/images/{image_id}", "404") == 1
    assert count(found, "GET", "/api/images", "200") == 1
    assert count(found, "GET", "unknown", "404") == 1
    assert count(found, "GET", "gallery", "404") == 1
    assert count(found, "GET", "refused", "421") == 1
    assert not [key for key in found if secret in " ".join(key).lower()]


def test_how_the_pipelines_are_doing_is_shown(scrape, conn):
    measurements.record(
        conn,
        [
            Measurement("contents", 12, {"asset": "masks", "state": "waiting"}),
            Measurement("runs_total", 3, {"job": "walk", "status": "success"}),
        ],
        now=NOW,
    )
    measurements.set_last_event(conn, 77, now=NOW)
    conn.commit()
    found = scrape()
    assert found[f"{PREFIX}contents", "masks", "waiting"] == 12
    assert found[f"{PREFIX}runs_total", "success", "walk"] == 3
    assert found[f"{PREFIX}measured_timestamp_seconds",] == NOW.timestamp()
    assert found[f"{PREFIX}database_up",] == 1
    assert found[f"{PREFIX}api_connections",] >= 1
    assert not [key for key in found if "last_event" in key[0]]


def test_a_number_of_another_version_is_left_out(scrape, conn):
    conn.execute(
        "insert into measurements values ('moods', '{\"a\": 1}', 'gauge', 1, now())"
    )
    conn.commit()
    assert not [key for key in scrape() if "moods" in key[0]]


def test_numbers_of_requests_are_there_when_the_database_is_not(scrape, conn):
    """That is when somebody looks at them."""
    conn.execute("drop view gallery.measurements")
    conn.commit()
    found = scrape()
    assert found[f"{PREFIX}database_up",] == 0
    scrape()
    assert count(scrape(), "GET", "/metrics", "200") == 2


def test_who_may_not_see_the_gallery_may_not_see_them(client):
    answer = client.get("/metrics", headers={"Host": "evil.example"})
    assert answer.status_code == 421


def test_every_metric_says_what_it_is():
    for name, it in METRICS.items():
        assert it.help.endswith("."), name
        assert name.endswith("_total") == (it.kind == "counter"), name
