"""Forgetting: only when a person asks, and only what is really gone."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory.libraries import add
from home_media_pipelines.local.commands.purge import purge
from home_media_pipelines.local.errors import LocalError
from tests.builders import add_file, add_folder

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def forget(database_url, tmp_path):
    """Purge what has been gone for a day, with a Dagster instance in memory."""
    with dg.DagsterInstance.ephemeral() as instance:

        def run(*keys):
            return purge(
                database_url,
                instance,
                tmp_path,
                before=NOW - timedelta(days=1),
                now=NOW,
                keys=keys,
            )

        yield run


@pytest.fixture
def lost(database_url, tmp_path):
    """A folder whose only file is gone from disk, in a library that is there."""
    root = tmp_path / "photos"
    (root / "kept").mkdir(parents=True)
    with connect(database_url) as conn:
        add(conn, "photos", root)
        folder = add_folder(conn, "lost")
        add_file(conn, "lost/a.jpg")
    return folder


def count(url):
    with connect(url) as conn:
        return conn.execute("select count(*) from files").fetchone()[0]


def test_nothing_goes_because_it_is_merely_gone_from_disk(forget, lost, database_url):
    """An unplugged NAS looks just like that."""
    forget()
    assert count(database_url) == 1


def test_a_named_folder_loses_what_is_gone(forget, lost, database_url):
    assert forget(lost).files == 1
    assert count(database_url) == 0


def test_a_library_that_cannot_be_seen_keeps_everything(
    forget, lost, database_url, tmp_path
):
    (tmp_path / "photos").rename(tmp_path / "elsewhere")
    with pytest.raises(LocalError, match="cannot be seen"):
        forget(lost)
    assert count(database_url) == 1


def test_an_unknown_folder_is_named(forget):
    with pytest.raises(LocalError, match="'photos/nowhere'"):
        forget("photos/nowhere")
