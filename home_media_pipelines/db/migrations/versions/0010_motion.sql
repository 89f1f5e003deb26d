-- Where in a picture the film of a motion photo lies.

alter table exif
    add column motion_offset bigint,
    add column motion_length bigint,
    add check (motion_offset > 0 and motion_length > 0),
    add check ((motion_offset is null) = (motion_length is null));
comment on column exif.motion_offset is
    'where in the content the film of a motion photo begins, bytes';
comment on column exif.motion_length is 'how long that film is, bytes';

create or replace view gallery.exif as select * from exif;

create view gallery.motions as
select m.image_id, m.file_id, m.part,
       case when m.part <> 'motion' then e.motion_offset end as motion_offset,
       case when m.part <> 'motion' then e.motion_length end as motion_length
  from image_files m
  join files f using (file_id)
  left join exif e using (content_id)
 where f.missing_since is null
   and (m.part = 'motion' or (m.part in ('primary', 'copy') and e.motion_offset is not null));
comment on view gallery.motions is
    'The films that images have: files of their own, or parts of a picture''s file, which then have an offset and a length.';
