-- What a facet lists is counted as images are written, as days are.

create table facet_sums (
    kind   text not null,
    camera text,
    lens   text,
    images bigint not null
);
comment on table facet_sums is
    'Differences that add up, by kind, camera and lens, to the present images. Triggers add rows; settling makes one of many.';
comment on column facet_sums.kind is 'picture or video';
comment on column facet_sums.camera is 'make and model; null while unknown';
comment on column facet_sums.lens is 'as the file names it; null while unknown';
comment on column facet_sums.images is 'images more, or fewer if negative';

create function sum_facets() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into facet_sums (kind, camera, lens, images)
    select kind, gallery.camera(make, model), nullif(lens, ''), sign * count(*)
      from changed where missing_since is null group by 1, 2, 3;
    return null;
end $$;
create trigger sum_facets_added after insert on images referencing new table as changed
    for each statement execute function sum_facets();
create trigger sum_facets_removed after delete on images referencing old table as changed
    for each statement execute function sum_facets();

create function sum_changed_facets() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into facet_sums (kind, camera, lens, images)
    select kind, gallery.camera(make, model), nullif(lens, ''), sum(sign)
      from (select kind, make, model, lens, 1 as sign from after where missing_since is null
            union all
            select kind, make, model, lens, -1 from before where missing_since is null) changed
     group by 1, 2, 3
    having sum(sign) <> 0;
    return null;
end $$;
create trigger sum_facets_changed after update on images referencing old table as before new table as after
    for each statement execute function sum_changed_facets();

insert into facet_sums (kind, camera, lens, images)
select kind, gallery.camera(make, model), nullif(lens, ''), count(*)
  from images where missing_since is null group by 1, 2, 3;

create view gallery.facets as
select kind, camera, lens, sum(images)::bigint as images
  from facet_sums group by kind, camera, lens having sum(images) > 0;
comment on view gallery.facets is 'How many present images there are of each kind, camera and lens.';

-- Days of a taxon, by folder and of all folders, as taxon_totals and taxon_sums are.

create table taxon_day_totals (
    folder      text collate "C" not null references folders on delete cascade,
    producer_id text not null references producers on delete cascade,
    taxon       ltree not null,
    day         date not null,
    kind        text not null,
    images      integer not null,
    ratios      numeric not null,
    primary key (folder, producer_id, taxon, day, kind)
);
create index on taxon_day_totals (producer_id);
comment on table taxon_day_totals is
    'How many present images of a folder and a day show a taxon or anything below; not of folders in uncounted_folders.';
comment on column taxon_day_totals.folder is 'key of the folder that keeps the images';
comment on column taxon_day_totals.producer_id is 'whose links';
comment on column taxon_day_totals.taxon is 'what they show';
comment on column taxon_day_totals.day is 'that of timeline_at';
comment on column taxon_day_totals.kind is 'picture or video';
comment on column taxon_day_totals.images is 'images linked to it or to anything below';
comment on column taxon_day_totals.ratios is 'sum of their ratios';

create table taxon_day_sums (
    producer_id text not null,
    taxon       ltree not null,
    day         date not null,
    kind        text not null,
    images      bigint not null,
    ratios      numeric not null
);
create index on taxon_day_sums (producer_id, taxon);
comment on table taxon_day_sums is
    'Differences that add up, by producer, taxon, day and kind, to all of taxon_day_totals. Triggers add rows; settling makes one of many.';
comment on column taxon_day_sums.producer_id is 'whose links';
comment on column taxon_day_sums.taxon is 'what images show';
comment on column taxon_day_sums.day is 'that of timeline_at';
comment on column taxon_day_sums.kind is 'picture or video';
comment on column taxon_day_sums.images is 'images more that are linked to it or to anything below, or fewer if negative';
comment on column taxon_day_sums.ratios is 'sum of their ratios; exact, so that what was added can be taken away';

create view folder_taxon_days as
select i.folder, l.producer_id, l.taxon, i.timeline_at::date as day, i.kind,
       count(*)::integer as images, sum(coalesce(i.ratio, 1.5)::numeric) as ratios
  from images i
  cross join lateral (
       select distinct n.producer_id, subpath(n.taxon, 0, depth) as taxon
         from taxonomy_links n cross join lateral generate_series(1, nlevel(n.taxon)) depth
        where n.image_id = i.image_id) l
 where i.missing_since is null
 group by i.folder, l.producer_id, l.taxon, i.timeline_at::date, i.kind;
comment on view folder_taxon_days is 'What taxon_day_totals should say.';

create function sum_taxon_days() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into taxon_day_sums (producer_id, taxon, day, kind, images, ratios)
    select producer_id, taxon, day, kind, sign * sum(images), sign * sum(ratios)
      from changed group by producer_id, taxon, day, kind;
    return null;
end $$;
create trigger sum_added after insert on taxon_day_totals referencing new table as changed
    for each statement execute function sum_taxon_days();
create trigger sum_removed after delete on taxon_day_totals referencing old table as changed
    for each statement execute function sum_taxon_days();
create trigger never_changed before update on taxon_day_totals
    for each statement execute function refuse_changed_totals();

-- A folder is counted again when an image of it gets another day, kind or ratio too.

create trigger uncount_redated after update of timeline_at, kind, ratio on images
    for each row when ((old.timeline_at::date, old.kind, old.ratio)
                       is distinct from (new.timeline_at::date, new.kind, new.ratio))
    execute function uncount_moved_image();

insert into taxon_day_totals (folder, producer_id, taxon, day, kind, images, ratios)
select folder, producer_id, taxon, day, kind, images, ratios from folder_taxon_days
 where folder <> all(array(select distinct u.folder from uncounted_folders u));

create view gallery.taxon_days as
select c.taxon, c.day, c.kind, sum(c.images)::bigint as images, sum(c.ratios)::double precision as ratios
  from (select s.producer_id, s.taxon, s.day, s.kind, s.images, s.ratios from taxon_day_sums s
        union all
        select n.producer_id, n.taxon, n.day, n.kind, -n.images, -n.ratios from taxon_day_totals n
         where n.folder = any(array(select distinct u.folder from uncounted_folders u))) c
 where c.producer_id = (select a.producer_id from active_producers a where a.asset = 'taxonomy_links')
 group by c.taxon, c.day, c.kind
having sum(c.images) > 0;
comment on view gallery.taxon_days is
    'How many present images of a local day show a taxon or anything below, as pictures and as videos, and the sum of their ratios; not those of uncounted_folders.';

create view gallery.uncounted_folders as select distinct folder from uncounted_folders;
comment on view gallery.uncounted_folders is 'Folders whose images taxon_days leaves out: they changed since they were counted.';
