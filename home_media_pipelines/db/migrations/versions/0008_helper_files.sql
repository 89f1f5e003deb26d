-- Files that their names tell to be no pictures or videos of their own: as the inventory
-- sees them from now on, without reading them again.

-- A small picture or video that a camera wrote beside its video describes it.
update files
   set role = 'sidecar', format = 'thm', claimed_format = null
 where format = 'jpeg' and name ~* '\.thm$';
update files
   set role = 'sidecar', format = 'lrv', claimed_format = null
 where format in ('mp4', 'mov') and name ~* '\.lr[vf]$';

-- Half a download, or a program's safety copy, is no medium.
update files
   set role = 'other', content_id = null, format = null, claimed_format = null
 where role <> 'other'
   and name ~* '(~|\.(part|partial|filepart|crdownload|opdownload|download)|\.[a-z0-9]+_original)$';

comment on table image_files is
    'Which file plays which part in which image. A copy is the same picture again: the bytes of another part, the camera''s HEIC beside its JPEG and RAW, or its picture without the effect.';
