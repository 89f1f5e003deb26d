-- How exactly a date is known, and which way up an image is shown.

create domain date_precision as text
    check (value in ('year', 'month', 'day', 'minute', 'second', 'subsecond'));
comment on domain date_precision is
    'What of a date was said. Below it stand the first of the year or month, and midday.';

alter table exif add taken_at_precision date_precision;
alter table images
    add taken_at_precision date_precision not null default 'second',
    add orientation smallint check (orientation between 1 and 8);
comment on column exif.taken_at_precision is 'what of taken_at the file says';
comment on column exif.refused is
    'column to why something was there but not believed, cut or assumed';
comment on column images.taken_at_precision is 'what of taken_at is known';
comment on column images.orientation is
    'Exif orientation: the file''s, or a sidecar''s that corrects it; null when nobody says';

create or replace view gallery.exif as select * from exif;

create or replace view gallery.images as
select i.image_id, i.folder, f.library, i.content_id, i.kind,
       i.timeline_at as taken_at,
       coalesce(p.utc_offset, i.utc_offset) as utc_offset,
       i.make, i.model, i.lens, i.exposure_time, i.f_number, i.iso, i.focal_length, i.focal_length_35mm,
       i.latitude, i.longitude, i.altitude,
       coalesce(t.width, i.width) as width, coalesce(t.height, i.height) as height, i.ratio, i.duration,
       coalesce(p.rating, i.rating) as rating,
       coalesce(p.title, i.title) as title,
       coalesce(p.description, i.description) as description,
       coalesce(p.keywords, i.keywords) as keywords,
       i.keyword_paths, i.people,
       i.sources || jsonb_strip_nulls(jsonb_build_object(
           'taken_at', case when p.taken_at is not null then 'person' end,
           'utc_offset', case when p.utc_offset is not null then 'person' end,
           'rating', case when p.rating is not null then 'person' end,
           'title', case when p.title is not null then 'person' end,
           'description', case when p.description is not null then 'person' end,
           'keywords', case when p.keywords is not null then 'person' end)) as sources,
       i.search, i.names[1] as name, i.stack_size, i.producer_id, i.first_seen_at,
       i.thumbhash, t.mean_color, t.sizes, t.warning,
       gallery.camera(i.make, i.model) as camera,
       i.latitude is not null and i.longitude is not null as has_gps,
       case when p.taken_at is not null then 'second' else i.taken_at_precision::text end as taken_at_precision
  from images i
  left join folders f using (folder)
  left join thumbnails t using (content_id)
  left join curation.image_values p using (image_id)
 where i.missing_since is null;
