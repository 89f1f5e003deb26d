"""Logs: one event is one line, whoever wrote it and whatever is in it."""

import json
import logging
import sys

import pytest

from home_media_pipelines.io.logs import formatter


def record(message, *arguments, **extra):
    made = logging.LogRecord(
        "home_media_api.encoder.query_encoder",
        logging.WARNING,
        "",
        1,
        message,
        arguments,
        None,
    )
    made.created = 1782907200.25
    made.__dict__.update(extra)
    return made


def test_a_line_of_json_says_when_who_and_what():
    line = formatter("json", "gallery").format(
        record("%d pictures of Zürich", 3, route="/api/images", seconds=0.25)
    )
    assert json.loads(line) == {
        "timestamp": "2026-07-01T12:00:00.250Z",
        "level": "warning",
        "logger": "home_media_api.encoder.query_encoder",
        "service": "gallery",
        "event": "3 pictures of Zürich",
        "route": "/api/images",
        "seconds": 0.25,
    }


@pytest.mark.parametrize("hostile", ['a\n{"level": "info"}', "a\x1b[2Jb", "a\u2028b"])
def test_a_hostile_file_name_cannot_forge_a_line(hostile):
    line = formatter("json", "run").format(record("cannot decode %s", hostile))
    assert len(line.split("\n")) == 1
    assert "\x1b" not in line
    assert json.loads(line)["event"] == f"cannot decode {hostile}"


def test_an_exception_stays_in_its_line():
    failed = record("it broke")
    try:
        raise RuntimeError("so much for that")
    except RuntimeError:
        failed.exc_info = sys.exc_info()
    line = formatter("json", "gallery").format(failed)
    assert "\n" not in line
    assert "RuntimeError: so much for that" in json.loads(line)["exception"]


def test_a_line_for_a_person_has_the_same_in_it():
    line = formatter("console", "gallery").format(record("it broke", status=500))
    assert line.startswith("2026-07-01T12:00:00.250Z [warning")
    assert "it broke" in line
    assert "status=500" in line
