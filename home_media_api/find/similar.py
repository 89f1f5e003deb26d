"""What looks like an image or like an object, by vectors that are there already."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from home_media_api.find import nearest
from home_media_api.find.question import Question
from home_media_api.schemas.hits import DetectionHit, Hit


def images(conn: Connection, image_id: UUID, *, limit: int) -> list[Hit] | None:
    """The images most like this one, None if there is no such image.

    Of a video its middle frame is compared. Before it is embedded nothing is like it.
    """
    query = """
        select t.image_id as found, e.producer_id, e.embedding::text as vector,
               vector_dims(e.embedding) as dimension
          from gallery.timeline t
          left join gallery.active_producers a on a.asset = 'embeddings'
          left join lateral (
               select b.producer_id, b.embedding
                 from gallery.embeddings b
                where b.producer_id = a.producer_id and b.content_id = t.content_id
                order by abs(2 * b.frame - max(b.frame) over ()), b.frame
                limit 1) e on true
         where t.image_id = %(image_id)s
    """
    with conn.cursor(row_factory=dict_row) as cur:
        row = cur.execute(query, {"image_id": image_id}).fetchone()
    if row is None or row["vector"] is None:
        return None if row is None else []
    asked = nearest.Query(row["producer_id"], row["vector"], row["dimension"])
    found = nearest.images(conn, asked, Question(), limit=limit + 1)
    return [hit for hit in found if hit.image_id != image_id][:limit]


def detections(
    conn: Connection, detection_id: UUID, *, limit: int
) -> list[DetectionHit] | None:
    """The objects most like this one, one per other image.

    None if there is no such object.
    """
    query = """
        select d.image_id, e.producer_id, e.embedding::text as vector,
               vector_dims(e.embedding) as dimension
          from gallery.detections d
          left join gallery.active_producers a on a.asset = 'crop_embeddings'
          left join gallery.crop_embeddings e
            on e.producer_id = a.producer_id and e.detection_id = d.detection_id
         where d.detection_id = %(detection_id)s
         limit 1
    """
    with conn.cursor(row_factory=dict_row) as cur:
        row = cur.execute(query, {"detection_id": detection_id}).fetchone()
    if row is None or row["vector"] is None:
        return None if row is None else []
    asked = nearest.Query(row["producer_id"], row["vector"], row["dimension"])
    found = nearest.objects(conn, asked, limit=limit + 1)
    return [hit for hit in found if hit.image_id != row["image_id"]][:limit]
