"""Reads of `gallery.images`. One function, one statement."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from home_media_api.schemas.image_detail import ImageDetail


def detail(conn: Connection, image_id: UUID) -> ImageDetail | None:
    """Everything about one image, in one statement and so at one moment."""
    query = """
        select i.image_id, i.kind, i.content_id, i.folder, i.library,
               coalesce(i.ratio, 1.5) as ratio,
               encode(i.thumbhash, 'base64') as thumbhash,
               '#' || lpad(to_hex(i.mean_color), 6, '0') as mean_color, i.warning,
               (select coalesce(json_object_agg(field, json_build_object(
                           'value', value,
                           'source', coalesce(i.sources ->> field, 'exif'))), '{}')
                  from jsonb_each(jsonb_build_object(
                       'taken_at', to_char(i.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS'),
                       'taken_at_precision', i.taken_at_precision,
                       'utc_offset', i.utc_offset, 'make', i.make, 'model', i.model,
                       'lens', i.lens, 'exposure_time', i.exposure_time,
                       'f_number', i.f_number, 'iso', i.iso,
                       'focal_length', i.focal_length,
                       'focal_length_35mm', i.focal_length_35mm,
                       'latitude', i.latitude, 'longitude', i.longitude,
                       'altitude', i.altitude, 'width', i.width, 'height', i.height,
                       'duration', i.duration, 'rating', i.rating, 'title', i.title,
                       'description', i.description, 'keywords', i.keywords,
                       'keyword_paths', i.keyword_paths, 'people', i.people))
                       known (field, value)
                 where value not in ('null', '[]')) as values,
               (select coalesce(json_agg(file), '[]')
                  from (select file_id, name, path, folder, library, size,
                               to_timestamp(mtime_ns / 1e9) as mtime, content_id,
                               format, claimed_format, role, part, missing_since,
                               (select json_build_object(
                                       'found', d.found, 'reason', d.reason,
                                       'damaged_at', d.damaged_at,
                                       'intact_at', d.intact_at, 'copy', d.copy)
                                  from gallery.damage d
                                 where d.file_id = f.file_id) as damage
                          from gallery.files f
                         where f.image_id = i.image_id
                         order by part <> 'primary', part, path) file) as files,
               (select coalesce(json_agg(json_build_object(
                           'size', size,
                           'url', '/api/thumbnails/' || i.content_id || '/' || size)
                           order by size), '[]')
                  from unnest(i.sizes) size) as thumbnails,
               (select json_build_object(
                           'url', '/api/images/' || i.image_id || '/motion',
                           'embedded', m.motion_offset is not null,
                           'file_id', m.file_id,
                           'size', coalesce(m.motion_length, f.size))
                  from gallery.motions m join gallery.files f using (file_id)
                 where m.image_id = i.image_id
                 order by m.part desc, f.path
                 limit 1) as motion,
               (select coalesce(json_agg(producer), '[]')
                  from (select asset, producer_id, code_version, model, parameters,
                               active
                          from gallery.producers p
                         where producer_id = i.producer_id
                            or producer_id in (
                               select t.producer_id from gallery.thumbnails t
                                where t.content_id = i.content_id)
                            or producer_id in (
                               select e.producer_id from gallery.files f
                                 join gallery.exif e using (content_id)
                                where f.image_id = i.image_id)
                            or (active and producer_id in (
                               select l.producer_id from gallery.analyses l
                                where l.content_id = i.content_id))
                         order by asset, producer_id) producer) as producers,
               (select coalesce(json_agg(problem), '[]')
                  from (select distinct p.asset, p.reason, p.permanent, p.attempts,
                               p.last_at
                          from gallery.image_problems p
                         where p.image_id = i.image_id
                         order by asset, last_at) problem) as problems,
               (select coalesce(json_agg(shown), '[]')
                  from (select l.taxon::text as taxon, x.names, max(l.score) as score,
                               case when bool_or(l.source = 'keyword')
                                    then 'keyword' else 'detection' end as source
                          from gallery.taxonomy_links l
                          join gallery.taxa x using (taxon)
                         where l.image_id = i.image_id
                         group by l.taxon, x.names
                         order by 4 desc, 3 desc, 1) shown) as taxa
          from gallery.images i
         where i.image_id = %(image_id)s
    """
    with conn.cursor(row_factory=class_row(ImageDetail)) as cur:
        return cur.execute(query, {"image_id": image_id}).fetchone()
