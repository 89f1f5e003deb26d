"""Counts of what there is to filter by. One function, one statement."""

from psycopg import Connection
from psycopg.rows import scalar_row

from home_media_api.schemas.facets import Facets


def count(conn: Connection) -> Facets:
    """Cameras, lenses and kinds, most frequent first, at most 500 of each."""
    query = """
        with counted as (
            select case when grouping(camera) = 0 then 'cameras'
                        when grouping(lens) = 0 then 'lenses' else 'kinds' end as facet,
                   coalesce(camera, lens, kind) as value, sum(images) as count
              from gallery.facets
             group by grouping sets (camera, lens, kind)
        ), ranked as (
            select facet, value, count, row_number() over (
                       partition by facet order by count desc, value) as rank
              from counted where value is not null
        )
        select json_build_object(
                   'cameras', coalesce(json_agg(r order by rank)
                       filter (where facet = 'cameras'), '[]'),
                   'lenses', coalesce(json_agg(r order by rank)
                       filter (where facet = 'lenses'), '[]'),
                   'kinds', coalesce(json_agg(r order by rank)
                       filter (where facet = 'kinds'), '[]'))
          from ranked r where rank <= 500
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        return Facets.model_validate(cur.execute(query).fetchone())
