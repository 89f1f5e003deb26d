-- Whoever asks composes the conditions, so one view has all that can be asked of an image.
-- Of it joins that a question does not need are left out: what a grid shows stands in
-- images itself.

create function gallery.camera(make text, model text) returns text language sql immutable parallel safe as $$
    select nullif(case when make is null then model when model is null then make else make || ' ' || model end, '')
$$;
comment on function gallery.camera is 'Make and model as people choose a camera; null while nothing is known.';

drop function gallery.matching;

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
       i.latitude is not null and i.longitude is not null as has_gps
  from images i
  left join folders f using (folder)
  left join thumbnails t using (content_id)
  left join curation.image_values p using (image_id)
 where i.missing_since is null;

create index images_by_camera on images (gallery.camera(make, model), timeline_at desc, image_id desc)
    where missing_since is null;
create index images_by_lens on images (lens, timeline_at desc, image_id desc)
    where missing_since is null;

-- Without it the planner takes every camera for a rare one.

create statistics images_camera on (gallery.camera(make, model)) from images;
