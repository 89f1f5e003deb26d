"""A case of the shared collection, laid into a library of its own and ingested."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import pytest
from PIL import Image
from psycopg.rows import dict_row

from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.core.pictures.thumbnail_paths import thumbnail_path
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import folders
from home_media_pipelines.db.tables.inventory.libraries import add
from home_media_pipelines.defs.batches import cut
from tests.conftest import REPOSITORY

CASES = REPOSITORY.parent / "shared" / "cases"

FILE_TIME = datetime(2024, 9, 1, tzinfo=UTC).timestamp()
"""Every file's: the collection keeps none."""

Row = dict[str, Any]


def expected() -> dict[str, Row]:
    """What each case should give; empty where the collection isn't there."""
    told = CASES / "expected.json"
    return json.loads(told.read_text()) if told.is_file() else {}


@dataclass(frozen=True)
class Laid:
    """What the gallery shows of a case; `before` its rows after the first ingest."""

    files: list[Row]
    before: list[Row]
    thumbnails: Path

    def of(self, path: str) -> Row:
        """The image of a file, with everything the gallery shows of it."""
        return one(self.files, path)

    def colour(self, path: str, x: float, y: float) -> tuple[int, ...]:
        """The sRGB colour at a place of the image's 512 px thumbnail."""
        shown = thumbnail_path(self.thumbnails, self.of(path)["shown"], 512)
        with Image.open(shown) as picture:
            width, height = picture.size
            pixels = np.asarray(picture.convert("RGB"))
            return tuple(pixels[int(y * height), int(x * width)].tolist())


def one(rows: list[Row], path: str) -> Row:
    """The row of a file that is there."""
    (row,) = [it for it in rows if it["path"] == path]
    return row


@contextmanager
def laid(case: str, url: str, directory: Path) -> Iterator[Laid]:
    """Copy a case, ingest it by the real graph (twice if files moved), read it."""
    root, state = directory / "library", directory / "state"
    root.mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME_MEDIA_DATABASE_URL", url)
        environment.setenv("HOME_MEDIA_STATE", str(state))
        environment.setenv("HOME_MEDIA_DEBOUNCE", "0")
        environment.setenv("HOME_MEDIA_TIMEZONE", "Europe/Berlin")
        from home_media_pipelines.definitions import defs

        graph = defs()
        with connect(url) as conn:
            add(conn, "cases", root)
        with dg.DagsterInstance.ephemeral() as instance:
            moved = expected()[case].get("before", {})
            before: list[Row] = []
            if moved:
                copy(case, root, moved)
                ingest(graph, instance, url)
                before = read(url)
                shutil.rmtree(root)
                root.mkdir()
            copy(case, root, {})
            ingest(graph, instance, url)
        yield Laid(read(url), before, state / "derived" / "thumbnails")


def copy(case: str, root: Path, moved: dict[str, str]) -> None:
    """Lay the files of a case; those in `moved` under the names they had before."""
    for source in sorted((CASES / case).rglob("*")):
        name = source.relative_to(CASES / case).as_posix()
        if source.is_dir() or (name in moved.values() and name not in moved):
            continue  # what took the place of a file that moved comes later
        target = root / moved.get(name, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        os.utime(target, (FILE_TIME, FILE_TIME))


def ingest(graph: dg.Definitions, instance: dg.DagsterInstance, url: str) -> None:
    """Walk, then bring what is due up to date, as the sensor would."""
    assert graph.resolve_job_def("walk").execute_in_process(instance=instance).success
    with connect(url) as conn:
        due = folders.due(conn, now=datetime.now(UTC))
    for batch in cut(due, instance.get_dynamic_partitions("folder")):
        if batch.new:
            instance.add_dynamic_partitions("folder", list(batch.folders))
        request = batch.run_request()
        job = graph.resolve_job_def(str(request.job_name))
        assert job.execute_in_process(
            instance=instance, tags=request.tags, run_config=request.run_config
        ).success


def read(url: str) -> list[Row]:
    """Every present file with its part, and the image it belongs to as shown.

    Paths are unquoted; `shown` is the content that the image's thumbnails are of.
    """
    query = """
        select f.path, f.part, f.image_id::text as image, i.content_id as shown,
               i.kind, i.width, i.height, i.ratio, i.duration, i.taken_at,
               i.utc_offset, i.make, i.model, i.lens, i.exposure_time, i.f_number,
               i.iso, i.focal_length, i.focal_length_35mm, i.latitude, i.longitude,
               i.altitude, i.rating, i.title, i.description, i.keywords,
               i.keyword_paths, i.people, i.sources,
               to_jsonb(i) ->> 'taken_at_precision' as taken_at_precision,
               e.orientation
          from gallery.files f
          left join gallery.images i using (image_id)
          left join exif e on e.content_id = f.content_id
         where f.missing_since is null
    """
    with connect(url) as conn, conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(query).fetchall()
    return [{**row, "path": unquote_path(row["path"])} for row in rows]
