"""Whether the database has what we read."""

from psycopg import Connection
from psycopg.rows import scalar_row

VIEWS = (
    "active_producers",
    "agents",
    "alerts",
    "analyses",
    "backups",
    "calibrations",
    "content_labels",
    "coverage",
    "crop_embeddings",
    "damage",
    "days",
    "detections",
    "embeddings",
    "exif",
    "facets",
    "files",
    "folders",
    "freshness",
    "gpu_queue",
    "image_problems",
    "images",
    "integrity",
    "key_frames",
    "label_counts",
    "label_taxa",
    "libraries",
    "masks",
    "measurements",
    "motions",
    "problem_count",
    "problems",
    "producers",
    "taxa",
    "taxon_counts",
    "taxon_days",
    "taxon_words",
    "taxonomy_links",
    "thumbnails",
    "timeline",
    "uncounted_folders",
)
"""All of schema `gallery`, as this version's migrations make it; a test compares."""


def is_migrated(conn: Connection) -> bool:
    """Whether the VIEWS are there and ours to read."""
    query = """
        select bool_and(coalesce(
                   has_table_privilege(to_regclass('gallery.' || view), 'select'),
                   false))
          from unnest(%(views)s::text[]) view
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        return bool(cur.execute(query, {"views": list(VIEWS)}).fetchone())
