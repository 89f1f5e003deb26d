-- Counts of the whole library: by label and by taxon from those of its folders, by day
-- from its images. Each is a list of differences, to be added up: triggers only append,
-- so no writer waits for another, and counts.settle makes one row of many.

create table label_sums (
    producer_id text not null,
    label       text not null,
    images      bigint not null,
    detections  bigint not null
);
comment on table label_sums is
    'Differences that add up, by producer and label, to all of label_totals. Triggers add rows; settling makes one of many.';
comment on column label_sums.producer_id is 'whose detections';
comment on column label_sums.label is 'the model''s raw word';
comment on column label_sums.images is 'images more, or fewer if negative';
comment on column label_sums.detections is 'objects more, or fewer if negative';

create table taxon_sums (
    producer_id text not null,
    taxon       ltree not null,
    own         bigint not null,
    total       bigint not null
);
comment on table taxon_sums is
    'Differences that add up, by producer and taxon, to all of taxon_totals. Triggers add rows; settling makes one of many.';
comment on column taxon_sums.producer_id is 'whose links';
comment on column taxon_sums.taxon is 'what images show';
comment on column taxon_sums.own is 'images more that are linked to it, or fewer if negative';
comment on column taxon_sums.total is 'the same, to it or to anything below';

create table day_sums (
    day    date not null,
    kind   text not null,
    images bigint not null,
    ratios numeric not null
);
comment on table day_sums is
    'Differences that add up, by day and kind, to the present images. Triggers add rows; settling makes one of many.';
comment on column day_sums.day is 'that of timeline_at';
comment on column day_sums.kind is 'picture or video';
comment on column day_sums.images is 'images more, or fewer if negative';
comment on column day_sums.ratios is 'sum of their ratios; exact, so that what was added can be taken away';

create function sum_labels() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into label_sums (producer_id, label, images, detections)
    select producer_id, label, sign * sum(images), sign * sum(detections) from changed group by producer_id, label;
    return null;
end $$;
create trigger sum_added after insert on label_totals referencing new table as changed
    for each statement execute function sum_labels();
create trigger sum_removed after delete on label_totals referencing old table as changed
    for each statement execute function sum_labels();

create function sum_taxa() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into taxon_sums (producer_id, taxon, own, total)
    select producer_id, taxon, sign * sum(own), sign * sum(total) from changed group by producer_id, taxon;
    return null;
end $$;
create trigger sum_added after insert on taxon_totals referencing new table as changed
    for each statement execute function sum_taxa();
create trigger sum_removed after delete on taxon_totals referencing old table as changed
    for each statement execute function sum_taxa();

create function refuse_changed_totals() returns trigger language plpgsql as $$
begin
    raise exception '% has rows added and deleted, never changed', tg_table_name;
end $$;
create trigger never_changed before update on label_totals
    for each statement execute function refuse_changed_totals();
create trigger never_changed before update on taxon_totals
    for each statement execute function refuse_changed_totals();

create function sum_days() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into day_sums (day, kind, images, ratios)
    select timeline_at::date, kind, sign * count(*), sign * sum(coalesce(ratio, 1.5)::numeric)
      from changed where missing_since is null
     group by timeline_at::date, kind;
    return null;
end $$;
create trigger sum_added after insert on images referencing new table as changed
    for each statement execute function sum_days();
create trigger sum_removed after delete on images referencing old table as changed
    for each statement execute function sum_days();

create function sum_changed_days() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into day_sums (day, kind, images, ratios)
    select day, kind, sum(sign), sum(sign * ratio)
      from (select timeline_at::date as day, kind, coalesce(ratio, 1.5)::numeric as ratio, 1 as sign
              from after where missing_since is null
             union all
            select timeline_at::date, kind, coalesce(ratio, 1.5)::numeric, -1
              from before where missing_since is null) changed
     group by day, kind
    having sum(sign) <> 0 or sum(sign * ratio) <> 0;
    return null;
end $$;
create trigger sum_changed after update on images referencing old table as before new table as after
    for each statement execute function sum_changed_days();

insert into label_sums (producer_id, label, images, detections)
select producer_id, label, sum(images), sum(detections) from label_totals group by producer_id, label;
insert into taxon_sums (producer_id, taxon, own, total)
select producer_id, taxon, sum(own), sum(total) from taxon_totals group by producer_id, taxon;
insert into day_sums (day, kind, images, ratios)
select timeline_at::date, kind, count(*), sum(coalesce(ratio, 1.5)::numeric)
  from images where missing_since is null group by timeline_at::date, kind;

create or replace view gallery.label_counts as
select label, sum(images)::bigint as images, sum(detections)::bigint as detections
  from (select s.producer_id, s.label, s.images, s.detections from label_sums s
        union all
        select t.producer_id, t.label, -t.images, -t.detections from label_totals t
         where t.folder = any(array(select distinct u.folder from uncounted_folders u))
        union all
        select f.producer_id, f.label, f.images, f.detections from folder_labels f
         where f.folder = any(array(select distinct u.folder from uncounted_folders u))) counted
 where producer_id = (select a.producer_id from active_producers a where a.asset = 'detections')
 group by label
having sum(detections) > 0;

create or replace view gallery.taxon_counts as
select t.taxon, coalesce(sum(c.own), 0)::bigint as own, coalesce(sum(c.total), 0)::bigint as total
  from taxa t
  left join (
       select s.producer_id, s.taxon, s.own, s.total from taxon_sums s
       union all
       select n.producer_id, n.taxon, -n.own, -n.total from taxon_totals n
        where n.folder = any(array(select distinct u.folder from uncounted_folders u))
       union all
       select f.producer_id, f.taxon, f.own, f.total from folder_taxa f
        where f.folder = any(array(select distinct u.folder from uncounted_folders u))) c
    on c.taxon = t.taxon
   and c.producer_id = (select a.producer_id from active_producers a where a.asset = 'taxonomy_links')
 group by t.taxon;

create view gallery.days as
select day, kind, sum(images)::bigint as images, sum(ratios)::double precision as ratios
  from day_sums group by day, kind having sum(images) > 0;
comment on view gallery.days is
    'How many present images a local day has, by kind, and the sum of their ratios, 1.5 where nothing is known.';

-- The surest links of the largest taxa, from an index; those of others with their scores.

drop index taxonomy_links_producer_id_taxon_image_id_idx;
create index on taxonomy_links (producer_id, taxon, image_id) include (score);
create index taxonomy_links_surest on taxonomy_links (producer_id, score desc) include (taxon, image_id)
    where score is not null;
create index taxonomy_links_said on taxonomy_links (producer_id, taxon, image_id) where score is null;

create or replace view gallery.taxonomy_links as
select l.image_id, l.taxon, l.source, l.detection_id, l.keyword, l.score, l.producer_id
  from taxonomy_links l
 where l.producer_id = (select a.producer_id from active_producers a where a.asset = 'taxonomy_links');

-- Filters, so that each can lead to the images. A folder and everything below it is a
-- stretch of the index: 0 comes after the slash. A taxon is joined: behind an "or" the
-- planner would look at every image. Joins that a question does not need are left out, that
-- of folders too, which are always there: then an index alone may answer it.

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
       t.thumbhash, t.mean_color, t.sizes, t.warning
  from images i
  left join folders f using (folder)
  left join thumbnails t using (content_id)
  left join curation.image_values p using (image_id)
 where i.missing_since is null;

create or replace function gallery.matching(
    folder text default null, library text default null, camera text default null,
    lens text default null, has_gps boolean default null, rating integer default null,
    words text default null, taxon text default null, label text default null
) returns setof uuid language sql stable parallel safe as $$
    select i.image_id
      from gallery.images i
      left join (select distinct l.image_id from gallery.taxonomy_links l
                  where l.taxon in (select t.taxon from gallery.taxa t where t.taxon <@ $8::ltree)) shown
           on shown.image_id = i.image_id
     where ($1 is null or i.folder = regexp_replace($1, '/\.$', '')
            or (i.folder >= regexp_replace($1, '/\.$', '') || '/' and i.folder < regexp_replace($1, '/\.$', '') || '0'))
       and ($2 is null or i.library = $2)
       and ($3 is null or concat_ws(' ', i.make, i.model) = $3)
       and ($4 is null or i.lens = $4)
       and ($5 is null or (i.latitude is not null and i.longitude is not null) = $5)
       and ($6 is null or i.rating >= $6)
       and ($7 is null or numnode(gallery.prefix_query($7)) = 0
            or i.search @@ gallery.prefix_query($7))
       and ($8 is null or shown.image_id is not null)
       and ($9 is null or exists (
            select from gallery.content_labels d where d.content_id = i.content_id and d.label = $9))
$$;
