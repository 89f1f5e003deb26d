"""The tree of taxa with its counts, and the surest images of a taxon, among a million.

A part of the topic `search`: half of all links are to people, the others to 200 taxa,
few of which are frequent.
"""

import statistics
import time
from collections.abc import Callable

import psycopg

from bench import timeline
from bench.rows import Bench, Row
from bench.server import database
from home_media_api import deps
from home_media_api.find import pages, taxon_search
from home_media_api.find import timeline as find_timeline
from home_media_api.find.question import Question
from home_media_api.queries import facets, taxa
from home_media_api.settings import Settings
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.db.tables.taxonomy import counts
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.local.server.postgres import EmbeddedPostgres

WANTED = 60
AT_MOST = 100


def measure(bench: Bench, server: EmbeddedPostgres) -> list[Row]:
    """Milliseconds at the client, through the API's own statements."""
    count = bench.size(1_000_000, 2_000)
    url = database(server, "taxa")
    timeline.fill(url, count)
    _link(url, count)
    settings = Settings(
        database_url=ensure_api_role(url, "bench"), derived=bench.scratch
    )
    with deps.open_pool(settings) as pool, pool.connection() as conn:
        tree = taxa.tree(conn)
        leaves = [it for it in tree if it.own == it.total > WANTED]
        largest = max(tree, key=lambda it: it.total)
        smallest = min(leaves or tree, key=lambda it: it.total)

        def find(taxon: str, question: Question) -> Callable[[], object]:
            return lambda: taxon_search.images(
                conn, question, taxon=taxon, limit=WANTED
            )

        folder = Question(folder="photos/7")
        rows = [
            _row(bench, f"the tree of taxa, {count:,} links", lambda: taxa.tree(conn))
        ]
        rows += [
            _row(bench, f"a taxon with {it.total:,} images", find(it.taxon, Question()))
            for it in (largest, smallest)
        ]
        what = f"a taxon with {largest.total:,} images, in one folder"
        rows.append(_row(bench, what, find(largest.taxon, folder)))
        asked = Question(taxon=largest.taxon)
        return [
            *rows,
            _row(bench, "its days", lambda: find_timeline.days(conn, asked)),
            _row(
                bench,
                "a page of its images",
                lambda: pages.page(conn, asked, after=None, limit=100),
            ),
            _row(bench, f"facets of {count:,} images", lambda: facets.count(conn)),
        ]


def _row(bench: Bench, what: str, ask: Callable[[], object]) -> Row:
    times: list[float] = []
    for _ in range(5 * bench.rounds + 1):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    middle, late = statistics.median(times[1:]), max(times[1:])
    note = f"the slowest of {5 * bench.rounds} {late:.1f} ms"
    return Row(what, f"{middle:.1f} ms", "", middle, "ms", at_most=AT_MOST, note=note)


def _link(url: str, count: int) -> None:
    """A detection and a link for each image, under taxa of very different sizes."""
    with psycopg.connect(url) as conn:
        values = {
            "count": count,
            "detector": producers.activate(conn, Producer("detections", "1")),
            "linker": producers.activate(conn, Producer("taxonomy_links", "1")),
        }
        conn.execute(
            """
            insert into detections (detection_id, content_id, producer_id, label, score,
                                    x, y, width, height)
            select md5('d' || n)::uuid,
                   encode(sha256((1 + n * 611953 %% %(count)s)::text::bytea), 'hex'),
                   %(detector)s,
                   case when n %% 2 = 0 then 0
                        else floor(power(200, n * 104729 %% 99991 / 99991.0)) end,
                   0.35 + 0.65 * (n * 7919 %% 65521) / 65521, 0.1, 0.1, 0.2, 0.2
              from generate_series(1::bigint, %(count)s) n
            """,
            values,
        )
        conn.execute(
            """
            insert into taxonomy_links (image_id, taxon, source, detection_id, score,
                                        producer_id)
            select i.image_id, t.taxon, 'detection', d.detection_id, d.score,
                   %(linker)s
              from detections d
              join images i using (content_id)
              join (select taxon, (row_number() over (
                               order by taxon <> 'person', md5(taxon::text)) - 1)::text
                      from taxa) t (taxon, label) using (label)
            """,
            values,
        )
        counts.compact(conn)
        conn.commit()
        conn.autocommit = True
        conn.execute("vacuum analyze")
