"""What a search finds, in two bands that end."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PIL import Image
from psycopg import Connection
from psycopg_pool import ConnectionPool

from home_media_api.encoder.network import Vector, for_people
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.find import nearest, taxon_search, text_search
from home_media_api.find.question import Question
from home_media_api.queries import embedders, taxa
from home_media_api.queries.embedders import Cuts, Embedder
from home_media_api.schemas.hits import Hit
from home_media_api.schemas.search import ModelProducer, SearchResult
from home_media_pipelines.core.taxonomy.terms import candidates
from home_media_pipelines.models.errors import ModelError

POSSIBLE, LIKELY = 3.0, 4.5
"""Without calibration: how far, in deviations, a cosine must stand out from chance."""

_ENOUGH = 100
_ALL_MAY_FIT = Cuts(-1.0, 2.0)


def by_text(
    pool: ConnectionPool[Connection],
    encoder: QueryEncoder,
    question: Question,
    text: str,
    *,
    limit: int,
) -> SearchResult:
    """What some words mean: a taxon, plain words, then what pictures show."""
    with pool.connection() as conn:
        active = embedders.active(conn)
    network = encoder.network(active)
    vector = network.words(text) if network else None
    with pool.connection() as conn:
        taxon = taxa.meant(conn, candidates(text))
        by_name = text_search.images(conn, replace(question, q=text), limit=limit)
        if taxon is not None:
            by_taxon = taxon_search.images(
                conn, question, taxon=taxon.taxon, limit=limit
            )
            by_name = [*by_taxon, *by_name]
        near, cuts = [], _ALL_MAY_FIT
        if network is not None and vector is not None:
            query = _query(network.embedder, vector)
            cuts = embedders.cuts(conn, query.producer_id) or _by_chance(conn, query)
            near = nearest.images(conn, query, question, limit=2 * limit)
    return SearchResult(
        query=text,
        taxon=taxon,
        producer=_producer(network.embedder) if network else None,
        reason=None if network else encoder.reason(active),
        likely=_likely(by_name, near, cuts)[:limit],
        possible=_possible(by_name, near, cuts)[:limit],
    )


def by_picture(
    pool: ConnectionPool[Connection],
    encoder: QueryEncoder,
    question: Question,
    picture: Image.Image,
    *,
    limit: int,
) -> SearchResult:
    """What looks like a picture."""
    with pool.connection() as conn:
        active = embedders.active(conn)
    network = encoder.network(active)
    if network is None:
        return _nothing(encoder.reason(active))
    try:
        vector = network.picture(picture)
    except ModelError as error:
        return _nothing(for_people(network.embedder.model, error))
    query = _query(network.embedder, vector)
    with pool.connection() as conn:
        cuts = _by_chance(conn, query)
        near = nearest.images(conn, query, question, limit=2 * limit)
    return SearchResult(
        query=None,
        taxon=None,
        producer=_producer(network.embedder),
        reason=None,
        likely=_likely([], near, cuts)[:limit],
        possible=_possible([], near, cuts)[:limit],
    )


def _nothing(reason: str | None) -> SearchResult:
    return SearchResult(
        query=None, taxon=None, producer=None, reason=reason, likely=[], possible=[]
    )


def _likely(by_name: Sequence[Hit], near: Iterable[Hit], cuts: Cuts) -> list[Hit]:
    """What is known by name, then what is near enough; no image twice."""
    fits = (hit for hit in near if hit.score is not None and hit.score >= cuts.likely)
    once: dict[object, Hit] = {}
    for hit in (*by_name, *fits):
        once.setdefault(hit.image_id, hit)
    return list(once.values())


def _possible(by_name: Iterable[Hit], near: Iterable[Hit], cuts: Cuts) -> list[Hit]:
    """What lies between the cuts and was not found by name."""
    known = {hit.image_id for hit in by_name}
    return [
        hit
        for hit in near
        if hit.score is not None
        and cuts.possible <= hit.score < cuts.likely
        and hit.image_id not in known
    ]


def _by_chance(conn: Connection, query: nearest.Query) -> Cuts:
    """Cuts for a producer, or a question, that nobody has calibrated.

    What stands out from any picture may fit. In a small library nothing can stand
    out, so all of it is ranked.
    """
    chance = nearest.by_chance(conn, query)
    if chance.sampled < _ENOUGH:
        return _ALL_MAY_FIT
    return Cuts(
        chance.mean + POSSIBLE * chance.deviation,
        chance.mean + LIKELY * chance.deviation,
    )


def _query(embedder: Embedder, vector: Vector) -> nearest.Query:
    text = "[" + ",".join(f"{value:.6g}" for value in vector.tolist()) + "]"
    return nearest.Query(embedder.producer_id, text, len(vector))


def _producer(embedder: Embedder) -> ModelProducer:
    return ModelProducer(model=embedder.model, producer_id=embedder.producer_id)
