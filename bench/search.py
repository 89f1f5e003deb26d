"""Search among 200,000 vectors: how many of the nearest are found, and how fast.

Then the tree of taxa and its largest, with a million links: see `taxa`.

Vectors are drawn as pictures are taken: in bursts around themes. Exact is numpy over
the same half-precision vectors. The peer is hnswlib with its vectors in this process;
ours are counted at the client, through the API's own statement.
"""

import importlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench import taxa
from bench.rows import Bench, Row
from bench.server import database, postgres
from home_media_api import deps
from home_media_api.find import nearest
from home_media_api.find.question import Question
from home_media_api.settings import Settings
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.db.arrow import copy_table
from home_media_pipelines.db.tables.vision import producers, vector_indexes
from home_media_pipelines.db.tables.vision.embeddings import Embedding, embeddings_table

DIMENSION = 512
NEAREST = 20
FILTERED = {"hundredth": (100, 0), "sixth": (6, 1)}
"""Folders, and which images lie in them: every so manieth, from which one on."""

Vectors = NDArray[np.float32]


def measure(bench: Bench) -> list[Row]:
    """Recall at 20 and milliseconds: of everything, and of what passes a filter."""
    count = bench.size(200_000, 4_000)
    rng = np.random.default_rng(5)
    vectors = _drawn(rng, count)
    asked = _drawn_near(rng, vectors, bench.size(300, 10))
    truth = [_best(vectors, vector) for vector in asked]
    with postgres() as server:
        url = database(server, "search")
        producer_id, seconds = _fill(url, vectors, few=bench.size(50_000, 500))
        settings = Settings(
            database_url=ensure_api_role(url, "bench"), derived=bench.scratch
        )
        with deps.open_pool(settings) as pool, pool.connection() as conn:
            ask = _asking(conn, producer_id, count)
            recall, times = _asked(ask, asked, truth)
            rows = _rows("everything", recall, times, at_most=12)
            rows += _beside_hnswlib(bench, vectors, asked, truth, recall, times)
            for folder, (step, first) in FILTERED.items():
                among = np.arange(first, count, step)
                if folder == "sixth":
                    among = among[among % 100 != 0]
                inside = [_best(vectors, vector, among) for vector in asked]
                seen = _asked(ask, asked, inside, f"photos/{folder}")
                rows += _rows(f"a {folder} of everything", *seen, at_most=40)
        rows += taxa.measure(bench, server)
    what = f"building the index of {count:,} × {DIMENSION}"
    return [Row(what, f"{seconds:.0f} s", "", seconds, "s"), *rows]


Ask = Callable[[Vectors, str | None], list[int]]


def _drawn(rng: np.random.Generator, count: int) -> Vectors:
    """Unit vectors in bursts of about ten around a few hundred themes."""
    themes = _unit(rng.standard_normal((max(8, count // 500), DIMENSION)))
    bursts = themes[rng.integers(len(themes), size=max(1, count // 10))]
    bursts = _unit(bursts + 0.05 * rng.standard_normal(bursts.shape))
    chosen = bursts[rng.integers(len(bursts), size=count)]
    return _unit(chosen + 0.02 * rng.standard_normal(chosen.shape))


def _drawn_near(rng: np.random.Generator, vectors: Vectors, count: int) -> Vectors:
    chosen = vectors[rng.integers(len(vectors), size=count)]
    return _unit(chosen + 0.03 * rng.standard_normal(chosen.shape))


def _unit(vectors: NDArray[Any]) -> Vectors:
    made = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made.astype(np.float16).astype(np.float32)


def _fill(url: str, vectors: Vectors, *, few: int) -> tuple[str, float]:
    """Store images and their vectors; return the producer and the index's seconds."""
    producer = Producer("embeddings", "1", model="bench")
    with psycopg.connect(url) as conn:
        producer_id = producers.register(conn, producer)
        values = {"count": len(vectors), "producer": producer_id}
        conn.execute(
            """
            insert into libraries (library, root) values ('photos', '/photos');
            insert into folders (folder, library, path, name)
            select 'photos/' || name, 'photos', name, name
              from unnest(array['hundredth', 'sixth', 'rest']) name
            """
        )
        conn.execute(
            """
            insert into images (image_id, folder, content_id, kind, taken_at,
                                timeline_at, search, producer_id, ratio, names)
            select md5(n::text)::uuid,
                   case when n %% 100 = 0 then 'photos/hundredth'
                        when n %% 6 = 1 then 'photos/sixth' else 'photos/rest' end,
                   encode(sha256(n::text::bytea), 'hex'), 'picture', at, at, '',
                   %(producer)s, 1.5, array['DSC.JPG']
              from (select n, timestamp '2014-01-01' + n * interval '9 min' as at
                      from generate_series(0, %(count)s - 1) n) numbered
            """,
            values,
        )
        for start in range(0, len(vectors), 20_000):
            part = vectors[start : start + 20_000]
            rows = embeddings_table(
                Embedding(_content(start + n), vector) for n, vector in enumerate(part)
            )
            rows = rows.append_column("producer_id", [[producer_id] * len(part)])
            copy_table(
                conn,
                """
                copy embeddings (content_id, frame, time_offset, embedding, producer_id)
                from stdin (format binary)
                """,
                ["text", "int2", "float4", "halfvec", "text"],
                rows,
            )
        conn.commit()
        conn.autocommit = True
        started = time.perf_counter()
        vector_indexes.ensure(conn, "embeddings", producer_id, few=few)
        seconds = time.perf_counter() - started
        conn.execute("vacuum analyze")
    return producer_id, seconds


def _content(number: int) -> str:
    """Return the content of an image: a hash, as it is of files."""
    return sha256(str(number).encode()).hexdigest()


def _asking(conn: psycopg.Connection, producer_id: str, count: int) -> Ask:
    """Return a function from a vector and a folder to numbers of images."""
    numbers = {_content(number): number for number in range(count)}

    def ask(vector: Vectors, folder: str | None) -> list[int]:
        text = "[" + ",".join(f"{x:.5f}" for x in vector) + "]"
        found = nearest.images(
            conn,
            nearest.Query(producer_id, text, DIMENSION),
            Question(folder=folder),
            limit=NEAREST,
        )
        return [numbers[hit.content_id] for hit in found]

    return ask


def _rows(
    what: str, recall: float, times: Sequence[float], *, at_most: float
) -> list[Row]:
    late, middle = _late(times), statistics.median(times)
    return [
        Row(f"{what}: recall at 20", f"{recall:.3f}", "1", recall, "", at_least=0.98),
        Row(
            f"{what}: p95",
            f"{late:.1f} ms",
            "",
            late,
            "ms",
            at_most=at_most,
            note=f"p50 {middle:.1f} ms",
        ),
    ]


def _beside_hnswlib(
    bench: Bench,
    vectors: Vectors,
    asked: Vectors,
    truth: Sequence[set[int]],
    recall: float,
    times: Sequence[float],
) -> list[Row]:
    """Questions a second of one thread, at the least effort that finds as many."""
    sys.path.append(str(bench.peers / "python"))
    try:
        hnswlib: Any = importlib.import_module("hnswlib")
    except ImportError:
        return []
    finally:
        sys.path.pop()
    index = hnswlib.Index(space="ip", dim=DIMENSION)
    index.init_index(
        len(vectors),
        ef_construction=vector_indexes.CANDIDATES,
        M=vector_indexes.NEIGHBOURS,
    )
    index.add_items(vectors)
    index.set_num_threads(1)

    def ask(vector: Vectors, _: str | None) -> list[int]:
        return index.knn_query(vector, k=NEAREST)[0][0].tolist()

    for effort in (20, 30, 45, 70, 100, 150, 220, 330, 500):
        index.set_ef(effort)
        found, its_times = _asked(ask, asked, truth)
        if found >= recall:
            break
    ours, peer = 1000 / statistics.mean(times), 1000 / statistics.mean(its_times)
    return [
        Row(
            "questions a second, of hnswlib at equal recall",
            f"{ours:,.0f}/s",
            f"{peer:,.0f}/s",
            ours / peer,
            at_least=0.8,
            note=f"hnswlib at ef {effort}, inside the process; ours over SQL, with "
            "the images' rows",
        )
    ]


def _asked(
    ask: Ask, asked: Vectors, truth: Sequence[set[int]], folder: str | None = None
) -> tuple[float, list[float]]:
    """Return the recall, and the milliseconds of each question; the first warms up."""
    ask(asked[0], folder)
    found, times = 0, list[float]()
    for vector, nearest_ones in zip(asked, truth, strict=True):
        started = time.perf_counter()
        answer = ask(vector, folder)
        times.append(1000 * (time.perf_counter() - started))
        found += len(nearest_ones & set(answer))
    return found / sum(map(len, truth)), times


def _best(
    vectors: Vectors, vector: Vectors, among: NDArray[np.int64] | None = None
) -> set[int]:
    scores = (vectors if among is None else vectors[among]) @ vector
    best = np.argpartition(-scores, NEAREST)[:NEAREST]
    return set((best if among is None else among[best]).tolist())


def _late(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
