"""A second scan of a library in which nothing changed: 5,000 folders, 100,000 files."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from blake3 import blake3
from PIL import Image

from bench.clock import cost
from bench.ingests import ingest
from bench.rows import Bench, Row
from bench.server import processor_seconds
from bench.walk import plant
from home_media_pipelines.core.inventory.paths import folder_key
from home_media_pipelines.core.inventory.scanned import file_id, image_id
from home_media_pipelines.core.inventory.walk import summarise, walk
from home_media_pipelines.db.tables.inventory import walks
from home_media_pipelines.local.server.postgres import EmbeddedPostgres

DEPTH = 3


def measure(bench: Bench) -> list[Row]:
    """Seconds of `home-media ingest` when there is nothing to do."""
    library = bench.scratch / "library"
    library.mkdir()
    Image.new("RGB", (64, 48), "orange").save(library / "first.jpg")
    count = bench.size(5_000, 20)
    seconds: list[float] = []
    cpu: list[float] = []
    with tempfile.TemporaryDirectory(prefix="home-media-bench-") as name:
        state = Path(name)
        state.chmod(0o711)  # Postgres does not run as root, and must get in
        with EmbeddedPostgres(state) as server:
            ingest(library, state)  # the producers of today are known then
            plant(library, count)
            _pretend(server.uri("home_media"), library)
            for _ in range(bench.rounds):
                before = processor_seconds(server)
                summary: dict[str, Any] = {}
                spent = cost(lambda into=summary: into.update(ingest(library, state)))
                if summary["folders"] or summary["failed"]:
                    raise RuntimeError(f"not a rescan of nothing: {summary}")
                seconds.append(summary["seconds"])
                cpu.append(spent.cpu + processor_seconds(server) - before)
    return [
        Row(
            f"rescan of {count:,} unchanged folders, {count * 20:,} files",
            f"{median(cpu):.1f} s",
            "",
            median(cpu),
            "s",
            at_most=10,
            note=f"processor, Postgres' too; {median(seconds):.1f} s on the wall",
        )
    ]


def _pretend(url: str, library: Path) -> None:
    """Fill every table as an ingest of all the files would have."""
    with psycopg.connect(url) as conn:
        (name,) = conn.execute("select library from libraries").fetchone() or ("",)
        seen = list(walk(library, depth=DEPTH))
        walks.record(conn, name, summarise(seen).values(), now=datetime.now(UTC))
        conn.execute("update folders set scanned_signature = signature")
        query = """
            copy files (file_id, folder, library, path, name, size, mtime_ns,
                        content_id, format, role) from stdin
        """
        with conn.cursor().copy(query) as stream:
            for directory in seen:
                for path, size, mtime_ns, _ in directory.files:
                    if path == "first.jpg":
                        continue
                    stream.write_row(
                        (
                            file_id(name, path),
                            folder_key(name, directory.folder_path),
                            name,
                            path,
                            path.rpartition("/")[2],
                            size,
                            mtime_ns,
                            blake3(path.encode()).hexdigest(),
                            "jpeg",
                            "picture",
                        )
                    )
        _derive(conn)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("vacuum analyze")


def _derive(conn: psycopg.Connection) -> None:
    conn.execute(
        """
        insert into exif (content_id, producer_id, tags)
        select content_id, producer_id, '{}'
          from files, active_producers where asset = 'exif'
            on conflict do nothing;
        insert into thumbnails
        select f.content_id, t.producer_id, t.width, t.height, t.sizes, t.bytes,
               t.thumbhash, t.mean_color, t.decoder, t.warning
          from files f, (select * from thumbnails limit 1) t
            on conflict do nothing
        """
    )
    rows = conn.execute(
        """
        select f.file_id, f.folder, f.content_id from files f
         where not exists (select from image_files m where m.file_id = f.file_id)
        """
    ).fetchall()
    conn.execute("create temp table made (file_id uuid, image_id uuid, folder text)")
    with conn.cursor().copy("copy made from stdin") as stream:
        for file, folder, content in rows:
            stream.write_row((file, image_id(content), folder))
    conn.execute(
        """
        insert into images (image_id, folder, content_id, kind, taken_at, timeline_at,
                            search, producer_id)
        select m.image_id, m.folder, f.content_id, 'picture', now(), now(), '',
               a.producer_id
          from made m join files f using (file_id), active_producers a
         where a.asset = 'images';
        insert into image_files (file_id, image_id, part)
        select file_id, image_id, 'primary' from made
        """
    )
