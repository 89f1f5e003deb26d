"""The timeline over HTTP against the same SQL, and a large library against a small."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, RemoteDisconnected

import orjson
import psycopg
from psycopg_pool import ConnectionPool

from bench.rows import Bench, Row
from bench.server import database, postgres
from home_media_api import deps
from home_media_api.find import buckets, timeline
from home_media_api.find.question import Question
from home_media_api.settings import Settings
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.db.tables.vision import producers

PER_DAY = 245
"""Two days fill a bucket almost."""


def measure(bench: Bench) -> list[Row]:
    """Milliseconds of one client, one worker: buckets of 500, and the list of them.

    Both libraries are asked in turn: minutes apart, another process would be measured.
    """
    sizes = bench.size(10_000, 1_200), bench.size(1_000_000, 5_000)
    with postgres() as server, ExitStack() as stack:
        urls = [database(server, f"timeline_{count}") for count in sizes]
        for url, count in zip(urls, sizes, strict=True):
            fill(url, count)
        sides = [stack.enter_context(_side(bench, url)) for url in urls]
        for turn in range(bench.rounds + 1):
            for place in range(max(len(side.keys) for side in sides)):
                for side in sides:
                    side.ask(place, note=turn > 0)  # the first is the warm-up
        for _ in range(5):
            for side in sides:
                side.ask_whole()
    rows: list[Row] = []
    for count, side in zip(sizes, sides, strict=True):
        middle, late = statistics.median(side.http), _late(side.http)
        raw = statistics.median(side.sql)
        rows += [
            Row(
                f"bucket of 500 of {count:,}, p50, of its SQL alone",
                f"{middle:.1f} ms",
                f"{raw:.1f} ms",
                middle / raw,
                at_most=2.5,
            ),
            Row(
                f"bucket of 500 of {count:,}, p95",
                f"{late:.1f} ms",
                f"{_late(side.sql):.1f} ms",
                late,
                "ms",
                at_most=10,
                note="peer: the SQL alone",
            ),
            Row(
                f"/timeline of {count:,}",
                f"{statistics.median(side.whole):.1f} ms",
                "",
                statistics.median(side.whole),
                "ms",
                at_most=100,
            ),
        ]
    few, many = (statistics.median(side.http) for side in sides)
    figures = f"{many:.1f} ms", f"{few:.1f} ms"
    what = f"bucket of 500, {sizes[1]:,} images against {sizes[0]:,}, p50"
    return [*rows, Row(what, *figures, many / few, at_most=1.3)]


def fill(url: str, count: int) -> None:
    """Images with thumbnails: 245 a day, 5,000 folders one after the other."""
    with psycopg.connect(url) as conn:
        producer = producers.activate(conn, Producer("bench", "1"))
        values = {"count": count, "producer": producer, "days": count / PER_DAY}
        conn.execute(
            """
            insert into libraries (library, root) values ('photos', '/photos');
            insert into folders (folder, library, path, name)
            select 'photos/' || n, 'photos', n::text, n::text
              from generate_series(0, 4999) n
            """
        )
        conn.execute(
            """
            insert into thumbnails (content_id, producer_id, width, height, sizes,
                                    bytes, thumbhash, mean_color, decoder)
            select encode(sha256(n::text::bytea), 'hex'), %(producer)s, 4000, 3000,
                   '{256,512,1024,2048}', 500000,
                   substr(sha256(n::text::bytea), 1, 25), 8421504, 'bench'
              from generate_series(1, %(count)s) n
            """,
            values,
        )
        conn.execute(
            """
            insert into images (image_id, folder, content_id, kind, taken_at,
                                timeline_at, search, producer_id, ratio, thumbhash,
                                names, make, model, lens, latitude, longitude, rating)
            select md5(n::text)::uuid, 'photos/' || (n - 1) * 5000 / %(count)s,
                   encode(sha256(n::text::bytea), 'hex'),
                   case when n %% 20 = 0 then 'video' else 'picture' end, at, at,
                   to_tsvector('simple', 'dsc ' || n %% 1000), %(producer)s,
                   (array[1.5, 1.3333, 0.75])[n %% 3 + 1],
                   substr(sha256(n::text::bytea), 1, 25), array['DSC.JPG'],
                   'Maker ' || camera %% 4, 'Model ' || camera,
                   'Lens ' || camera %% 7, case when n %% 5 < 2 then 47 end,
                   case when n %% 5 < 2 then 8 end, n %% 10 - 4
              from (select n, timestamp '2014-01-01'
                              + %(days)s::float8 * n / %(count)s * interval '1 day'
                              as at,
                           floor(12 * power(n * 7919 %% 9973 / 9973.0, 2)) as camera
                      from generate_series(1::bigint, %(count)s) n) numbered
            """,
            values,
        )
        conn.commit()
        conn.autocommit = True
        conn.execute("vacuum analyze")


@dataclass(frozen=True, slots=True)
class Side:
    """A library with its API, and the milliseconds that answers of it took."""

    get: Callable[[str], bytes]
    pool: ConnectionPool
    keys: Sequence[str]
    http: list[float] = field(default_factory=list[float])
    sql: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])

    def ask(self, place: int, *, note: bool) -> None:
        """One bucket over HTTP, then by SQL."""
        key = self.keys[place % len(self.keys)]
        bucket = buckets.parse(key)

        def select() -> None:
            with self.pool.connection() as conn:
                timeline.columns(conn, bucket, Question())

        http = _milliseconds(lambda: self.get(f"/api/timeline/{key}"))
        sql = _milliseconds(select)
        if note:
            self.http.append(http)
            self.sql.append(sql)

    def ask_whole(self) -> None:
        """The list of all buckets."""
        self.whole.append(_milliseconds(lambda: self.get("/api/timeline")))


@contextmanager
def _side(bench: Bench, url: str) -> Iterator[Side]:
    settings = Settings(
        database_url=ensure_api_role(url, "bench"),
        derived=bench.scratch,
        port=_free_port(),
        api_pool_size=2,
    )
    with _api(settings) as get, deps.open_pool(settings) as pool:
        cut = orjson.loads(get("/api/timeline"))["buckets"]
        keys = [it["bucket"] for it in cut if it["count"] > 400]
        yield Side(get, pool, keys[: bench.size(60, 3)])


@contextmanager
def _api(settings: Settings) -> Iterator[Callable[[str], bytes]]:
    """Lend a function that gets a path over one kept connection."""
    environment = {
        "HOME_MEDIA_API_DATABASE_URL": settings.database_url,
        "HOME_MEDIA_DERIVED": str(settings.derived),
        "HOME_MEDIA_PORT": str(settings.port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "home_media_api"], env={**os.environ, **environment}
    )
    client = HTTPConnection("127.0.0.1", settings.port, timeout=60)

    def get(path: str) -> bytes:
        try:
            client.request("GET", path)
            answer = client.getresponse()
        except RemoteDisconnected:  # nobody asked for a while
            client.close()
            client.request("GET", path)
            answer = client.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        return body

    try:
        for _ in range(600):
            try:
                get("/api/health")
                break
            except OSError:
                client.close()
                time.sleep(0.1)
        yield get
    finally:
        client.close()
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
