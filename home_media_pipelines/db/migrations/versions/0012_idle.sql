-- What is asked again and again, by every open page and every half minute by Dagster, costs
-- nothing while nothing changes: counts of folders are kept as differences, and what waits for
-- networks is read again only where something changed.

create table folder_sums (
    folder text not null collate "C",
    images bigint not null,
    files  bigint not null
);
create index on folder_sums (folder);
comment on table folder_sums is
    'Differences that add up, by folder, to its present images and media files. Triggers add rows; settling makes one of many.';
comment on column folder_sums.folder is 'key of the folder';
comment on column folder_sums.images is 'images more, or fewer if negative';
comment on column folder_sums.files is 'files more that are media, or fewer if negative';

create function sum_folders() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    if tg_table_name = 'images' then
        insert into folder_sums (folder, images, files)
        select folder, sign * count(*), 0 from changed where missing_since is null group by folder;
    else
        insert into folder_sums (folder, images, files)
        select folder, 0, sign * count(*) from changed
         where missing_since is null and role <> 'other' group by folder;
    end if;
    return null;
end $$;
create function sum_changed_folders() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_table_name = 'images' then
        insert into folder_sums (folder, images, files)
        select folder, sum(sign), 0
          from (select folder, 1 as sign from after where missing_since is null
                 union all
                select folder, -1 from before where missing_since is null) changed
         group by folder having sum(sign) <> 0;
    else
        insert into folder_sums (folder, images, files)
        select folder, 0, sum(sign)
          from (select folder, 1 as sign from after where missing_since is null and role <> 'other'
                 union all
                select folder, -1 from before where missing_since is null and role <> 'other') changed
         group by folder having sum(sign) <> 0;
    end if;
    return null;
end $$;
create trigger sum_folders_added after insert on images referencing new table as changed
    for each statement execute function sum_folders();
create trigger sum_folders_removed after delete on images referencing old table as changed
    for each statement execute function sum_folders();
create trigger sum_folders_changed after update on images referencing old table as before new table as after
    for each statement execute function sum_changed_folders();
create trigger sum_folders_added after insert on files referencing new table as changed
    for each statement execute function sum_folders();
create trigger sum_folders_removed after delete on files referencing old table as changed
    for each statement execute function sum_folders();
create trigger sum_folders_changed after update on files referencing old table as before new table as after
    for each statement execute function sum_changed_folders();

insert into folder_sums (folder, images, files)
select folder, sum(images), sum(files)
  from (select folder, count(*) as images, 0 as files
          from images where missing_since is null group by folder
         union all
        select folder, 0, count(*)
          from files where missing_since is null and role <> 'other' group by folder) counted
 group by folder;

-- An image belongs to one folder, that of its primary file, where a filter by folder finds it.

create or replace view gallery.folders as
select f.folder, f.library, f.path, f.name, f.state, f.reason, f.file_count, f.seen_at, f.scanned_at,
       f.attempts, f.retry_at, coalesce(s.images, 0)::bigint as images
  from folders f
  left join (select folder, sum(images) as images from folder_sums group by folder) s using (folder);

create or replace view gallery.libraries as
select l.library, l.root, l.depth, l.state, l.reason, l.checked_at, l.added_at,
       coalesce(o.folders, 0) as folders, coalesce(o.files, 0)::bigint as files,
       coalesce(o.images, 0)::bigint as images
  from libraries l
  left join (select f.library, count(*) filter (where f.state <> 'vanished') as folders,
                    sum(s.files) as files, sum(s.images) as images
               from folders f
               left join (select folder, sum(files) as files, sum(images) as images
                            from folder_sums group by folder) s using (folder)
              group by f.library) o using (library);

-- What waits for a network, by folder.

create table unchecked_folders (
    folder text not null collate "C"
);
comment on table unchecked_folders is
    'Folders where images, thumbnails, analyses or problems changed since the backlog was brought up to date, as often as they did: rows are only added, so that no writer waits for another.';
comment on column unchecked_folders.folder is 'key of the folder';

create table backlog_producers (
    producer_id text primary key references producers on delete cascade
);
comment on table backlog_producers is 'Whose backlog is kept.';
comment on column backlog_producers.producer_id is 'who has not looked at it yet';

create table backlog (
    producer_id text not null references backlog_producers on delete cascade,
    folder      text not null collate "C",
    contents    bigint not null check (contents > 0),
    newest      timestamp not null,
    primary key (producer_id, folder)
);
comment on table backlog is
    'Folders with contents that a producer could look at now and has not, as of the last time that the backlog was brought up to date. See waiting_contents and unchecked_folders.';
comment on column backlog.producer_id is 'who has not looked at them yet';
comment on column backlog.folder is 'key of the folder';
comment on column backlog.contents is 'how many contents wait';
comment on column backlog.newest is 'local time of the latest image of them';

create table folder_coverage (
    producer_id text not null references backlog_producers on delete cascade,
    folder      text not null collate "C",
    contents    bigint not null,
    done        bigint not null,
    failed      bigint not null,
    primary key (producer_id, folder)
);
comment on table folder_coverage is
    'How far a producer is in each folder, as of the last time that the backlog was brought up to date.';
comment on column folder_coverage.producer_id is 'who looks';
comment on column folder_coverage.folder is 'key of the folder';
comment on column folder_coverage.contents is 'how many there are to look at';
comment on column folder_coverage.done is 'how many of them were looked at';
comment on column folder_coverage.failed is 'how many of the others have a problem';

create view looking_producers as
select asset, producer_id
  from (select asset, producer_id from active_producers
         union all
        select asset, filling from active_producers where filling is not null) active
 where asset in ('key_frames', 'detections', 'masks', 'embeddings', 'crop_embeddings', 'taxonomy_links');
comment on view looking_producers is 'Of the assets that look at pictures: the producers that are read or being filled.';

create function coverage_of(asset text, producer_id text, folders text[] default null)
    returns table (folder text, contents bigint, done bigint, failed bigint)
    language sql stable security definer set search_path = public, pg_temp set random_page_cost = 1.1 as $$
    select i.folder, count(*), count(d.content_id), count(b.subject) filter (where d.content_id is null)
      from looked_at i
      left join analyses d on d.producer_id = $2 and d.content_id = i.content_id
      left join problems b on b.asset = $1 and b.subject = i.content_id and b.producer_id = $2
     where ($1 <> 'key_frames' or i.kind = 'video') and ($3 is null or i.folder = any($3))
     group by i.folder
$$;
comment on function coverage_of is 'How far a producer is in these folders, or in all, by looking at every image of them.';

create or replace view gallery.coverage as
select w.asset, w.producer_id, coalesce(sum(c.contents), 0)::bigint as contents,
       coalesce(sum(c.done), 0)::bigint as done, coalesce(sum(c.failed), 0)::bigint as failed
  from (select asset, producer_id, producer_id in (select b.producer_id from backlog_producers b) as kept
          from looking_producers) w
  left join lateral (
       select k.contents, k.done, k.failed from folder_coverage k
        where k.producer_id = w.producer_id
          and k.folder <> all(array(select distinct u.folder from unchecked_folders u))
        union all
       select f.contents, f.done, f.failed
         from coverage_of(w.asset, w.producer_id,
                          case when w.kept then array(select distinct u.folder from unchecked_folders u) end) f
  ) c on true
 group by w.asset, w.producer_id;

create function uncheck_images() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into unchecked_folders select distinct folder from changed;
    return null;
end $$;
create function uncheck_changed_images() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into unchecked_folders select folder from before union select folder from after;
    return null;
end $$;
create function uncheck_contents() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into unchecked_folders
    select distinct i.folder
      from (select distinct content_id from changed) c join images i using (content_id);
    return null;
end $$;

create trigger uncheck_added after insert on images referencing new table as changed
    for each statement execute function uncheck_images();
create trigger uncheck_removed after delete on images referencing old table as changed
    for each statement execute function uncheck_images();
create trigger uncheck_changed after update on images referencing old table as before new table as after
    for each statement execute function uncheck_changed_images();
create trigger uncheck_added after insert on thumbnails referencing new table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_removed after delete on thumbnails referencing old table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_added after insert on analyses referencing new table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_removed after delete on analyses referencing old table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_added after insert on problems referencing new table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_removed after delete on problems referencing old table as changed
    for each statement execute function uncheck_contents();
create trigger uncheck_changed after update on problems referencing new table as changed
    for each statement execute function uncheck_contents();

-- Problems: of a file by an index, the latest without all others, of an image by two reads.

create index on problems (file_id) where file_id is not null;
create index problems_latest on problems (last_at desc, asset desc, subject desc);

create or replace view gallery.problems as
select p.asset, p.subject, p.content_id, p.reason, p.permanent, p.attempts, p.first_at, p.last_at,
       f.file_id, f.folder, f.library, f.path, f.name, f.missing_since, m.image_id
  from problems p
  cross join lateral (
       select * from (select * from files x where x.file_id = p.file_id
                       union all
                      select * from files x where x.content_id = p.content_id) f
        order by f.missing_since nulls first, f.library, f.path limit 1) f
  left join image_files m on m.file_id = f.file_id;

create view gallery.problem_count as
select count(*) as count from problems p
 where p.file_id is not null or exists (select from files f where f.content_id = p.content_id);
comment on view gallery.problem_count is 'How many problems there are whose bytes a file still holds.';

create view gallery.image_problems as
select m.image_id, p.asset, p.reason, p.permanent, p.attempts, p.last_at
  from image_files m
  join files f using (file_id)
  join problems p on p.content_id = f.content_id
 union all
select m.image_id, p.asset, p.reason, p.permanent, p.attempts, p.last_at
  from image_files m
  join problems p on p.file_id = m.file_id;
comment on view gallery.image_problems is
    'What could not be done with the files of an image: as often as it has files with the same bytes.';

-- How far each asset is, so that a few folders can be asked for without looking at all others:
-- a condition on the folder reaches every table below.

create or replace view library_freshness as
with present as (
    select distinct folder, content_id, role <> 'sidecar' as shown
      from files where missing_since is null and content_id is not null
), derived as (
    select p.folder, made.asset, p.content_id, made.producer_id
      from present p
      left join exif e using (content_id)
      left join thumbnails t using (content_id)
      cross join lateral (values ('exif', e.producer_id), ('thumbnails', t.producer_id)) made (asset, producer_id)
     where made.asset = 'exif' or p.shown
    union all
    select f.folder, 'images', f.content_id, min(i.producer_id)
      from files f left join image_files m using (file_id) left join images i using (image_id)
     where f.missing_since is null and f.content_id is not null and f.role <> 'sidecar'
     group by f.folder, f.content_id
)
select d.folder, d.asset,
       count(*) filter (where d.producer_id = a.producer_id) as fresh,
       count(*) filter (where d.producer_id <> a.producer_id and b.subject is null) as stale,
       count(*) filter (where d.producer_id is distinct from a.producer_id and b.subject is not null) as failed,
       count(*) filter (where d.producer_id is null and b.subject is null) as waiting
  from derived d
  left join active_producers a using (asset)
  left join problems b on b.asset = d.asset and b.subject = d.content_id
        and b.producer_id is not distinct from a.producer_id
 group by d.folder, d.asset
union all
select f.folder, 'files',
       (f.state <> 'unreachable' and f.scanned_signature is not distinct from f.signature)::int,
       (f.state <> 'unreachable' and f.scanned_signature <> f.signature)::int,
       (f.state = 'unreachable')::int,
       (f.state <> 'unreachable' and f.scanned_signature is null and f.signature is not null)::int
  from folders f where f.state <> 'vanished';

create or replace view vision_freshness as
select folder, asset,
       (sum(contents) - sum(undone))::bigint as fresh, sum(stale)::bigint as stale,
       sum(failed)::bigint as failed, sum(waiting)::bigint as waiting
  from (select l.folder, a.asset, l.contents, 0 as undone, 0 as stale, 0 as failed, 0 as waiting
          from active_producers a
          cross join lateral (
               select folder, count(*) as contents from looked_at
                where a.asset <> 'key_frames' or kind = 'video' group by folder) l
         union all
        select u.folder, a.asset, 0, u.contents, u.stale, u.failed, u.waiting
          from active_producers a
          cross join lateral (
               select i.folder, count(*) as contents,
                      count(*) filter (where b.subject is null and seen.before) as stale,
                      count(*) filter (where b.subject is not null) as failed,
                      count(*) filter (where b.subject is null and not seen.before) as waiting
                 from looked_at i
                 left join problems b
                      on b.asset = a.asset and b.subject = i.content_id and b.producer_id = a.producer_id
                 cross join lateral (
                      select exists (select from producers p join analyses o using (producer_id)
                                      where p.asset = a.asset and o.content_id = i.content_id) as before) seen
                where (a.asset <> 'key_frames' or i.kind = 'video')
                  and not exists (select from analyses d
                                   where d.producer_id = a.producer_id and d.content_id = i.content_id)
                group by i.folder) u) counted
 where asset in ('key_frames', 'detections', 'masks', 'embeddings', 'crop_embeddings', 'taxonomy_links')
 group by folder, asset;
