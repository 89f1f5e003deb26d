"""Whether the database has what we read."""

from psycopg import Connection
from psycopg.rows import scalar_row


def is_migrated(conn: Connection) -> bool:
    """Whether the views of schema `gallery` are there and ours to read."""
    query = """
        select coalesce(bool_and(has_table_privilege(view, 'select')), false)
               and count(*) = 23
          from unnest(array['images', 'timeline', 'files', 'thumbnails', 'producers',
                            'problems', 'libraries', 'folders', 'active_producers',
                            'coverage', 'detections', 'label_counts', 'label_taxa',
                            'masks', 'embeddings', 'crop_embeddings', 'calibrations',
                            'taxa', 'taxon_counts', 'taxon_words', 'taxonomy_links',
                            'content_labels', 'days']) name,
               to_regclass('gallery.' || name) view
         where view is not null
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        return bool(cur.execute(query).fetchone())
