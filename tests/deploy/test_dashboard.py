"""The dashboard and the rules ask for numbers that there are."""

import json
import re
import subprocess

import pytest
import yaml

from home_media_api.app import create_app
from home_media_api.settings import Settings
from home_media_pipelines.core.operations.metrics import METRICS, PREFIX
from tests.deploy.conftest import DEPLOY, tool

DASHBOARD = json.loads((DEPLOY / "grafana" / "home-media.json").read_text())
RULES = yaml.safe_load((DEPLOY / "prometheus.rules.yml").read_text())
PANELS = [it for it in DASHBOARD["panels"] if it["type"] != "row"]
QUERIES = [
    *(target["expr"] for panel in PANELS for target in panel["targets"]),
    *(rule["expr"] for group in RULES["groups"] for rule in group["rules"]),
]


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The names of all series: those of the pipelines, and what the API says itself."""
    app = create_app(Settings(database_url="", derived=tmp_path_factory.mktemp("d")))
    app.state.metrics.seconds.labels("GET", "/api/health", "200").observe(1)
    lines = app.state.metrics.show().decode().splitlines()
    shown = {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}
    return {
        *shown,
        *(f"{PREFIX}{it}" for it in METRICS),
        f"{PREFIX}measured_timestamp_seconds",
    }


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_asked_for_is_measured(query, known):
    asked = set(re.findall(rf"{PREFIX}\w+", query))
    assert asked <= known
    assert asked or "up{" in query


def test_what_is_measured_is_asked_for():
    """A number that nobody looks at is not worth its minute."""
    asked = set(re.findall(rf"{PREFIX}(\w+)", " ".join(QUERIES)))
    left = METRICS.keys() - asked
    assert left <= {
        "alerts",
        "asset_updated_timestamp_seconds",
        "counting_seconds",
        "disk_size_bytes",
        "gpu_left_seconds",
    }


@pytest.mark.parametrize("query", QUERIES)
def test_labels_are_those_that_there_are(query):
    for name, labels in re.findall(rf"{PREFIX}(\w+)\{{([^}}]*)\}}", query):
        if name in METRICS:
            used = set(re.findall(r"(\w+)[=!]", labels))
            assert used <= set(METRICS[name].labels)


def test_no_two_panels_lie_on_each_other():
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
    identities = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identities)) == len(identities)


def test_prometheus_reads_its_files():
    checked = subprocess.run(
        [tool("promtool"), "check", "config", str(DEPLOY / "prometheus.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
