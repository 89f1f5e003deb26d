"""Reads of `gallery.detections` and `gallery.masks`. One function, one statement."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb

from home_media_api.schemas.detections import ImageDetections, Label
from home_media_pipelines.core.vision.rle import CroppedMask
from home_media_pipelines.models.registry import MODELS

_VOCABULARIES = {model.name: model.vocabulary for model in MODELS.values()}


@dataclass(frozen=True, slots=True)
class FoundMask:
    """A mask with who drew it, which is its version: another will draw it anew."""

    producer_id: str
    mask: CroppedMask


def of_image(conn: Connection, image_id: UUID) -> ImageDetections | None:
    """The objects in an image with their masks, by frame, the surest first.

    What a label means is told by the vocabulary of the model that says it, also where
    the model is not sure enough for the image to be linked to the taxon.
    """
    query = """
        select json_build_object(
                   'producer', case when a.producer_id is not null then
                       json_build_object(
                           'model', a.model, 'producer_id', a.producer_id) end,
                   'detections', coalesce((
                       select json_agg(json_build_object(
                                  'detection_id', d.detection_id, 'label', d.label,
                                  'taxon', x.taxon::text,
                                  'name', coalesce(
                                      x.names ->> 'en',
                                      (select min(value)
                                         from jsonb_each_text(x.names)), d.label),
                                  'score', d.score,
                                  'box', json_build_array(
                                      d.x, d.y, d.width, d.height),
                                  'frame', d.frame, 'time_offset', d.time_offset,
                                  'mask', case when m.rle is not null then
                                      json_build_object(
                                          'size', json_build_array(m.height, m.width),
                                          'counts', m.rle, 'score', m.score,
                                          'box', json_build_array(
                                              m.x::float8 / m.picture_width,
                                              m.y::float8 / m.picture_height,
                                              m.width::float8 / m.picture_width,
                                              m.height::float8 / m.picture_height))
                                      end)
                                  order by d.frame, d.score desc, d.detection_id)
                         from gallery.detections d
                         left join gallery.masks m using (detection_id)
                         left join gallery.label_taxa w
                           on w.vocabulary = %(vocabularies)s::jsonb ->> a.model
                          and w.label = d.label
                         left join gallery.taxa x on x.taxon = w.taxon
                        where d.image_id = i.image_id), '[]'))
          from gallery.timeline i
          left join gallery.active_producers a on a.asset = 'detections'
         where i.image_id = %(image_id)s
    """
    with conn.cursor(row_factory=scalar_row) as cur:
        values = {"image_id": image_id, "vocabularies": Jsonb(_VOCABULARIES)}
        found = cur.execute(query, values).fetchone()
    return None if found is None else ImageDetections.model_validate(found)


def mask(conn: Connection, detection_id: UUID) -> FoundMask | None:
    """The mask of a detection that is shown, if it has one."""
    query = """
        select m.producer_id, m.picture_width, m.picture_height, m.x, m.y, m.width,
               m.height, m.rle as counts, m.area
          from gallery.masks m
         where m.detection_id = %(detection_id)s
           and m.detection_id in (select d.detection_id from gallery.detections d)
    """
    with conn.cursor(row_factory=dict_row) as cur:
        row = cur.execute(query, {"detection_id": detection_id}).fetchone()
    if row is None:
        return None
    return FoundMask(row.pop("producer_id"), CroppedMask(**row))


def labels(conn: Connection) -> list[Label]:
    """Every label with how many images have it, most frequent first."""
    query = """
        select label, images as count
          from gallery.label_counts
         order by images desc, label
    """
    with conn.cursor(row_factory=class_row(Label)) as cur:
        return cur.execute(query).fetchall()
