"""Ingests through `home-media`, as a person starts them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.clock import Cost, cost
from bench.server import processor_seconds
from home_media_pipelines.local.server.postgres import EmbeddedPostgres


def start(library: Path, state: Path) -> "subprocess.Popen[str]":
    """Start `home-media ingest --json` of one library."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HOME_MEDIA_")
    }
    command = [sys.executable, "-m", "home_media_pipelines.cli", "ingest", str(library)]
    return subprocess.Popen(
        [*command, "--state", str(state), "--json"],
        env={**kept, "HOME_MEDIA_DEBOUNCE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def ingest(library: Path, state: Path) -> dict[str, Any]:
    """Ingest; return the summary, in which `seconds` leaves out imports and Postgres.

    Raises:
        RuntimeError: it did not end well.
    """
    process = start(library, state)
    answer, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the ingest ended with {process.returncode}: {answer}")
    return json.loads(answer)


def ingest_cost(library: Path, state: Path, server: EmbeddedPostgres) -> Cost:
    """Ingest; return what it cost, the server's share included, imports too."""
    before = processor_seconds(server)
    spent = cost(lambda: ingest(library, state))
    return Cost(spent.cpu + processor_seconds(server) - before, spent.wall)


def vary(photo: bytes, number: int) -> bytes:
    """Return the same JPEG with other bytes behind its end: another content."""
    return photo + number.to_bytes(8, "big")
