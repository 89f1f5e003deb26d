"""Rows into tables: our upserts against COPY of the same rows by the server itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from blake3 import blake3
from psycopg.sql import SQL, Identifier, Literal

from bench.clock import Cost, cost, in_turn
from bench.rows import Bench, Row
from bench.server import database, postgres
from home_media_pipelines.core.inventory.scanned import FolderScan, ScannedFile
from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.exposures import exif
from home_media_pipelines.db.tables.inventory import directories, files, libraries
from home_media_pipelines.db.tables.vision import producers

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def measure(bench: Bench) -> list[Row]:
    """Rows per second on the wall; each in a transaction, into an emptied table."""
    count = bench.size(20_000, 200)
    with postgres() as server, psycopg.connect(database(server, "copying")) as conn:
        libraries.add(conn, "photos", Path("/photos"))
        conn.execute(
            "insert into folders (folder, library, path, name)"
            " values ('photos/beach', 'photos', 'beach', 'beach')"
        )
        producer = producers.activate(conn, Producer("exif", "1"))
        read = [(_content(it), _metadata(it)) for it in range(count)]
        scan = FolderScan(list(map(_scanned, range(count))), [], [], [], 0, "1")
        walked = [(f"beach/{number}", number) for number in range(count)]
        writes: list[tuple[str, str, Callable[[], object], float]] = [
            ("exif", "folder upsert", lambda: exif.upsert(conn, read, producer), 0.5),
            ("files", "folder merge", lambda: _merge(conn, scan), 0.5),
            (
                "directories",
                "plain load",
                lambda: directories.replace(conn, "photos", walked),
                0.85,
            ),
        ]
        conn.commit()
        return [
            _row(bench, conn, server.data.parents[1], count, *write) for write in writes
        ]


def _row(
    bench: Bench,
    conn: psycopg.Connection,
    state: Path,
    count: int,
    table: str,
    what: str,
    write: Callable[[], object],
    least: float,
) -> Row:
    exchange = state / table
    exchange.mkdir()
    exchange.chmod(0o777)  # the server runs as another user
    names = {"table": Identifier(table), "file": Literal(str(exchange / "rows"))}
    empty = SQL("truncate {table} cascade").format(**names)

    def ours() -> Cost:
        conn.execute(empty)
        conn.commit()
        return cost(lambda: (write(), conn.commit()))

    def server() -> Cost:
        conn.execute(empty)
        conn.commit()
        load = SQL("copy {table} from {file}").format(**names)
        return cost(lambda: (conn.execute(load), conn.commit()))

    ours()
    conn.execute(SQL("copy {table} to {file}").format(**names))
    costs = in_turn({"ours": ours, "server": server}, bench.rounds)
    rate = {name: count / it.wall for name, it in costs.items()}
    return Row(
        f"{table}, {what}",
        f"{rate['ours']:,.0f} rows/s",
        f"{rate['server']:,.0f} rows/s",
        rate["ours"] / rate["server"],
        at_least=least,
    )


def _merge(conn: psycopg.Connection, scan: FolderScan) -> None:
    files.merge(conn, "photos", "photos/beach", scan, exists=lambda *_: True, now=NOW)


def _content(number: int) -> str:
    return blake3(number.to_bytes(8, "big")).hexdigest()


def _scanned(number: int) -> ScannedFile:
    name = f"DSC_{number:06}.JPG"
    content = _content(number)
    return ScannedFile(
        f"beach/{name}", name, 4_000_000, number, content, "jpeg", None, "picture"
    )


def _metadata(number: int) -> Metadata:
    taken = datetime(2015, 1, 1) + timedelta(minutes=number)
    return Metadata(
        taken_at=taken, utc_offset=120, taken_at_source="exif", make="NIKON",
        model="NIKON Z 6_2", lens="NIKKOR Z 24-70mm f/4 S", exposure_time=0.004,
        f_number=5.6, iso=100 + number % 50, focal_length=35.0,
        focal_length_35mm=35.0, latitude=54.0 + number / 1e6,
        longitude=10.0 + number / 1e6, altitude=3.0, orientation=1, width=6048,
        height=4024, rating=number % 6, title=f"Beach {number}",
        keywords=["beach", "summer"], tags={"IFD0:Software": "Ver.01.00"},
    )  # fmt: skip
