"""Images that show a taxon, the surest first, however many there are.

Few links, or few images that pass a filter, are all looked at. Of many links only the
surest, which an index gives: when those are not enough, more of them, then all.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row, scalar_row

from home_media_api.filters import Filters
from home_media_api.queries import taxon_search_sql
from home_media_api.schemas.hits import Hit

FEW = 5_000
"""Up to so many links are all looked at."""

MORE = 20_000
"""Up to so many images that pass a filter are all looked at; and so many of the surest
links, or of the newest images, before all are."""

_ALL = 2**31


def images(conn: Connection, filters: Filters, *, taxon: str, limit: int) -> list[Hit]:
    """Images that show a taxon or anything below it.

    What a keyword says is surer than what a network saw. Equally sure ones are newest
    first.
    """
    values = {**filters.values(), "below": _below(conn, taxon), "limit": limit}
    if not filters.any():
        return _surest(conn, values, at_most=_ALL) or []
    found = _among(conn, values, at_most=MORE)
    if found is None:
        found = _surest(conn, values, at_most=MORE)
    if found is None:
        found = _among(conn, values, at_most=_ALL)
    return found or []


def _below(conn: Connection, taxon: str) -> list[str]:
    query = "select taxon::text from gallery.taxa where taxon <@ %(taxon)s::ltree"
    with conn.cursor(row_factory=scalar_row) as cur:
        return cur.execute(query, {"taxon": taxon}).fetchall()


def _among(
    conn: Connection, values: Mapping[str, Any], *, at_most: int
) -> list[Hit] | None:
    """Of the images that pass the filters; None if more than `at_most` do."""
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(
            taxon_search_sql.AMONG, {**values, "few": at_most}
        ).fetchall()
    if rows[0]["passed"] > at_most:
        return None
    return [Hit(**row) for row in rows if row["image_id"] is not None]


def _surest(
    conn: Connection, values: Mapping[str, Any], *, at_most: int
) -> list[Hit] | None:
    """Of `at_most` links of either sort; None if that is too few to tell."""
    with conn.cursor(row_factory=dict_row) as cur:
        row = cur.execute(taxon_search_sql.COUNT, {**values, "few": FEW}).fetchone()
    said, seen = (row["said"], row["seen"]) if row else (0, 0)
    first = _said(conn, values, said, at_most=at_most)
    if first is None or len(first) == values["limit"]:
        return first
    values = {**values, "said": said, "limit": values["limit"] - len(first)}
    rest = _seen(conn, values, seen, at_most=at_most)
    return None if rest is None else first + rest


def _said(
    conn: Connection, values: Mapping[str, Any], links: int, *, at_most: int
) -> list[Hit] | None:
    with conn.cursor(row_factory=dict_row) as cur:
        if links > FEW:
            newest = {**values, "newest": MORE}
            rows = cur.execute(taxon_search_sql.NEWEST_SAID, newest).fetchall()
            if len(rows) == values["limit"]:
                return [Hit(**row) for row in rows]
            if at_most < _ALL:
                return None
        rows = cur.execute(taxon_search_sql.SAID, values) if links else []
        return [Hit(**row) for row in rows]


def _seen(
    conn: Connection, values: Mapping[str, Any], links: int, *, at_most: int
) -> list[Hit] | None:
    """First of a few times as many links as images are active: some have several."""
    steps = (5 * values["limit"], MORE, _ALL) if links > FEW else (_ALL,)
    with conn.cursor(row_factory=dict_row) as cur:
        for most in steps if links else ():
            if links > FEW and most > at_most:
                return None
            rows = cur.execute(
                taxon_search_sql.SEEN, {**values, "most": most}
            ).fetchall()
            if len(rows) == values["limit"] or most == _ALL:
                return [Hit(**row) for row in rows]
    return []
