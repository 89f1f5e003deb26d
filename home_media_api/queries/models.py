"""Reads of `gallery.active_producers`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import scalar_row

from home_media_api.schemas.models import ModelState


def states(conn: Connection, *, nobody: str, unread: str | None) -> list[ModelState]:
    """The four assets that models make, in their order in the graph.

    `nobody` is the reason of one that nobody has made yet, `unread` why words cannot
    be compared with embeddings now, if so.
    """
    query = """
        with covered as (
            select c.asset, c.producer_id, json_build_object(
                       'model', p.model, 'producer_id', c.producer_id,
                       'contents', c.contents, 'done', c.done, 'failed', c.failed
                   ) as coverage
              from gallery.coverage c join gallery.producers p using (producer_id)
        )
        select coalesce(json_agg(json_build_object(
                   'asset', known.asset, 'role', known.role,
                   'active', active.coverage, 'filling', filling.coverage,
                   'previous', case when a.previous is not null then json_build_object(
                       'model', a.previous_model, 'producer_id', a.previous) end,
                   'reason', case when a.asset is null then %(nobody)s::text
                                  when a.asset = 'embeddings' then %(unread)s::text
                             end) order by known.place), '[]')
          from (values (1, 'detections', 'detector'), (2, 'masks', 'segmenter'),
                       (3, 'embeddings', 'embedder'),
                       (4, 'crop_embeddings', 'embedder')) known (place, asset, role)
          left join gallery.active_producers a using (asset)
          left join covered active
            on active.asset = a.asset and active.producer_id = a.producer_id
          left join covered filling
            on filling.asset = a.asset and filling.producer_id = a.filling
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        found = cur.execute(query, {"nobody": nobody, "unread": unread}).fetchone()
    return [ModelState.model_validate(one) for one in found or []]
