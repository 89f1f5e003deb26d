"""Reads of `gallery.integrity` and `gallery.damage`. One function, one statement."""

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from home_media_api.cursors import decode_texts, encode_texts
from home_media_api.schemas.integrity import DamagedFile, DamagePage, Integrity


def totals(conn: Connection) -> Integrity:
    """How all originals together stand."""
    query = """
        select coalesce(sum(files), 0)::bigint as files,
               coalesce(sum(unchanged), 0)::bigint as unchanged,
               coalesce(sum(damaged), 0)::bigint as damaged,
               min(unchanged_since) as unchanged_since, min(verified_at) as verified_at
          from gallery.integrity
    """
    with conn.cursor(row_factory=class_row(Integrity)) as cur:
        return cur.execute(query).fetchone() or Integrity.nothing()


def damage(conn: Connection, *, after: str | None, limit: int) -> DamagePage:
    """The `limit` damaged files that come after `after`, latest first."""
    query = """
        select d.file_id, d.library, d.folder, d.path, d.name, d.size, d.content_id,
               d.found, d.reason, d.damaged_at, d.intact_at, d.image_id, d.copy,
               (select count(*) from gallery.damage) as count
          from gallery.damage d
         where %(damaged_at)s::timestamptz is null
            or (d.damaged_at, d.file_id) < (%(damaged_at)s, %(file_id)s::uuid)
         order by d.damaged_at desc, d.file_id desc
         limit %(limit)s + 1
    """
    damaged_at, file_id = decode_texts(after, 2) if after else (None, None)
    values = {"damaged_at": damaged_at, "file_id": file_id, "limit": limit}
    with conn.cursor(row_factory=dict_row) as cur:
        rows = cur.execute(query, values).fetchall()
    found = [DamagedFile.model_validate(row) for row in rows[:limit]]
    more = len(rows) > limit
    return DamagePage(
        damage=found,
        next=_place(found[-1]) if more else None,
        count=rows[0]["count"] if rows else 0,
    )


def _place(last: DamagedFile) -> str:
    return encode_texts((last.damaged_at.isoformat(), str(last.file_id)))
