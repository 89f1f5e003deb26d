"""Reads of `gallery.measurements`. One function, one statement."""

from datetime import datetime

from psycopg import Connection


def list_all(conn: Connection) -> list[tuple[str, dict[str, str], float, datetime]]:
    """Every number that the pipelines measured: metric, labels, value, when."""
    query = """
        select metric, labels, value, measured_at
          from gallery.measurements
         order by metric, labels
    """
    return conn.execute(query).fetchall()
