-- Vision: what networks see in a content, and the taxonomy that gives it names. Rows of
-- several producers of one asset live side by side; active_producers says which are
-- read, so that a model is filled beside the old one and then switched by one UPDATE.

alter table active_producers
    add column filling  text references producers,
    add column previous text references producers,
    add column held     boolean not null default false,
    add check (filling <> producer_id),
    add check (previous <> producer_id);
comment on table active_producers is
    'The producer whose rows are read, the one that is being filled beside it, and the one that was read before. A model switch is one UPDATE here, and so is the way back.';
comment on column active_producers.asset is 'name of the asset';
comment on column active_producers.producer_id is 'whose rows are read and count as fresh';
comment on column active_producers.filling is 'who will be read once it has covered everything';
comment on column active_producers.previous is 'who was read before the last switch; kept for the way back';
comment on column active_producers.held is 'a person went back: what is being filled is not switched to by itself';

create table model_choices (
    role      text primary key check (role in ('detector', 'segmenter', 'embedder')),
    model     text not null,
    chosen_at timestamptz not null default now()
);
comment on table model_choices is 'Models that a person chose; they win over the profile of the settings.';
comment on column model_choices.role is 'what the model is for';
comment on column model_choices.model is 'its name in the registry; none for no segmenter';
comment on column model_choices.chosen_at is 'when the person said so';

create table analyses (
    asset       text not null,
    producer_id text not null references producers on delete cascade,
    content_id  content_id not null,
    count       integer not null check (count >= 0),
    mean_score  real,
    made_at     timestamptz not null default now(),
    primary key (producer_id, content_id)
);
comment on table analyses is
    'The contents that a producer has done, one row each, however many rows it gave. A content without one is looked at in the next run.';
comment on column analyses.asset is 'the asset of the producer';
comment on column analyses.producer_id is 'who looked';
comment on column analyses.content_id is 'BLAKE3 of the bytes';
comment on column analyses.count is 'rows it gave';
comment on column analyses.mean_score is 'of those rows, 0 to 1; null where nothing has a score';
comment on column analyses.made_at is 'when they were stored';

create table key_frames (
    content_id  content_id not null,
    frame       smallint not null check (frame >= 0),
    producer_id text not null references producers,
    time_offset real not null check (time_offset >= 0),
    width       integer not null check (width > 0),
    height      integer not null check (height > 0),
    primary key (content_id, frame)
);
comment on table key_frames is 'Pictures out of videos, on disk beside the thumbnails: what networks look at.';
comment on column key_frames.content_id is 'BLAKE3 of the video''s bytes';
comment on column key_frames.frame is 'number of the picture, from 0, in order of time';
comment on column key_frames.producer_id is 'who cut it out';
comment on column key_frames.time_offset is 'seconds from the beginning';
comment on column key_frames.width is 'pixels, upright';
comment on column key_frames.height is 'pixels, upright';

create table detections (
    detection_id uuid primary key,
    content_id   content_id not null,
    producer_id  text not null references producers on delete cascade,
    frame        smallint not null default 0 check (frame >= 0),
    time_offset  real check (time_offset >= 0),
    label        text not null,
    score        real not null check (score between 0 and 1),
    x            real not null,
    y            real not null,
    width        real not null,
    height       real not null,
    constraint box_inside check (x >= 0 and y >= 0 and width > 0 and height > 0
                                 and x + width <= 1.00001 and y + height <= 1.00001)
);
create index on detections (content_id, producer_id);
create index on detections (producer_id, label, content_id);
comment on table detections is
    'Objects in a content: what, how sure, and where. The id is derived from content, producer, frame and number. Boxes are fractions of the upright picture, so they fit every thumbnail.';
comment on column detections.detection_id is 'derived from content, producer, frame and number';
comment on column detections.content_id is 'BLAKE3 of the bytes';
comment on column detections.producer_id is 'who saw it';
comment on column detections.frame is 'key frame of a video; 0 in a picture';
comment on column detections.time_offset is 'seconds from the beginning of a video; null in a picture';
comment on column detections.label is 'the model''s raw word';
comment on column detections.score is 'what the model says, 0 to 1';
comment on column detections.x is 'left edge, fraction of the width';
comment on column detections.y is 'top edge, fraction of the height';
comment on column detections.width is 'fraction of the width';
comment on column detections.height is 'fraction of the height';

create table masks (
    detection_id   uuid not null references detections on delete cascade,
    producer_id    text not null references producers on delete cascade,
    picture_width  integer not null check (picture_width > 0),
    picture_height integer not null check (picture_height > 0),
    x              integer not null,
    y              integer not null,
    width          integer not null,
    height         integer not null,
    rle            text not null,
    area           real not null check (area between 0 and 1),
    score          real check (score between 0 and 1),
    stability      real check (stability between 0 and 1),
    primary key (detection_id, producer_id),
    constraint window_inside check (x >= 0 and y >= 0 and width > 0 and height > 0
                                    and x + width <= picture_width and y + height <= picture_height)
);
create index on masks (producer_id);
comment on table masks is
    'The pixels of a detection, cut out of the picture that was looked at by a window around them.';
comment on column masks.detection_id is 'whose pixels';
comment on column masks.producer_id is 'who drew the mask';
comment on column masks.picture_width is 'pixels of the whole picture that was looked at';
comment on column masks.picture_height is 'pixels of the whole picture that was looked at';
comment on column masks.x is 'left edge of the window, pixels';
comment on column masks.y is 'top edge of the window, pixels';
comment on column masks.width is 'of the window, pixels';
comment on column masks.height is 'of the window, pixels';
comment on column masks.rle is 'COCO compressed run lengths of the window, column by column';
comment on column masks.area is 'share of the whole picture, 0 to 1';
comment on column masks.score is 'the overlap that the model predicts, 0 to 1';
comment on column masks.stability is 'how little the mask changes with the threshold, 0 to 1';

create table embeddings (
    producer_id text not null references producers on delete cascade,
    content_id  content_id not null,
    frame       smallint not null default 0 check (frame >= 0),
    time_offset real check (time_offset >= 0),
    embedding   halfvec not null,
    primary key (producer_id, content_id, frame),
    constraint vector_norm check (abs(l2_norm(embedding) - 1) < 0.01)
) with (toast_tuple_target = 8160);
comment on table embeddings is
    'What a content means, as a unit vector. Only vectors of one producer can be compared. Many of them get an HNSW index of their own; few are searched exactly.';
comment on column embeddings.producer_id is 'who embedded it';
comment on column embeddings.content_id is 'BLAKE3 of the bytes';
comment on column embeddings.frame is 'key frame of a video; 0 in a picture';
comment on column embeddings.time_offset is 'seconds from the beginning of a video; null in a picture';
comment on column embeddings.embedding is 'unit vector, half precision, as long as the model says';

create table crop_embeddings (
    producer_id  text not null references producers on delete cascade,
    detection_id uuid not null references detections on delete cascade,
    embedding    halfvec not null,
    primary key (producer_id, detection_id),
    constraint vector_norm check (abs(l2_norm(embedding) - 1) < 0.01)
) with (toast_tuple_target = 8160);
create index on crop_embeddings (detection_id);
comment on table crop_embeddings is
    'What a detection looks like, as a unit vector: its pixels, without what is around them.';
comment on column crop_embeddings.producer_id is 'who embedded it';
comment on column crop_embeddings.detection_id is 'whose pixels';
comment on column crop_embeddings.embedding is 'unit vector, half precision, as long as the model says';

create table calibrations (
    producer_id text primary key references producers on delete cascade,
    possible    real not null check (possible between -1 and 1),
    likely      real not null check (likely between -1 and 1),
    sampled     integer not null check (sampled >= 0),
    made_at     timestamptz not null default now(),
    check (possible <= likely)
);
comment on table calibrations is
    'Where the results of a text search end, per producer of embeddings: below possible nothing is shown.';
comment on column calibrations.producer_id is 'whose cosines these are';
comment on column calibrations.possible is 'cosine from which a content may fit the words';
comment on column calibrations.likely is 'cosine from which it probably does';
comment on column calibrations.sampled is 'embeddings that were looked at to tell';
comment on column calibrations.made_at is 'when';

-- The taxonomy: a tree of names, the words that mean them, and what a model's labels mean.

create table taxa (
    taxon     ltree primary key,
    names     jsonb not null default '{}',
    threshold real check (threshold between 0 and 1),
    version   text not null,
    source    text not null default 'shipped'
);
create index on taxa using gist (taxon);
comment on table taxa is 'The tree of names. The path is the identity: everything below animal.dog is a dog.';
comment on column taxa.taxon is 'path from the root';
comment on column taxa.names is 'language to name';
comment on column taxa.threshold is 'score from which a detection is linked; null for the usual one';
comment on column taxa.version is 'of the file that it comes from';
comment on column taxa.source is 'shipped, or who made it';

create table taxon_words (
    word  text not null,
    taxon ltree not null references taxa on update cascade on delete cascade,
    primary key (word, taxon)
);
create index on taxon_words (taxon);
comment on table taxon_words is 'Words that mean a taxon, in any language.';
comment on column taxon_words.word is 'lower case, letters and digits, single spaces';
comment on column taxon_words.taxon is 'what it means';

create table label_taxa (
    vocabulary text not null,
    label      text not null,
    taxon      ltree not null references taxa on update cascade on delete cascade,
    primary key (vocabulary, label)
);
create index on label_taxa (taxon);
comment on table label_taxa is 'What the labels of a vocabulary mean. A label without a row is listed as unmapped, never lost.';
comment on column label_taxa.vocabulary is 'the set of labels that a model was trained on';
comment on column label_taxa.label is 'the model''s raw word';
comment on column label_taxa.taxon is 'what it means';

create table taxonomy_links (
    image_id     uuid not null references images on delete cascade,
    taxon        ltree not null references taxa on update cascade on delete cascade,
    source       text not null check (source in ('detection', 'keyword')),
    detection_id uuid references detections on delete cascade,
    keyword      text,
    score        real check (score between 0 and 1),
    producer_id  text not null references producers on delete cascade,
    check ((source = 'detection') = (detection_id is not null)),
    check ((source = 'keyword') = (keyword is not null))
);
create index on taxonomy_links (image_id, producer_id);
create index on taxonomy_links (producer_id, taxon, image_id);
create index on taxonomy_links (detection_id) where detection_id is not null;
create index on taxonomy_links (taxon);
comment on table taxonomy_links is 'What is in an image, by the tree, and how we know.';
comment on column taxonomy_links.image_id is 'which image';
comment on column taxonomy_links.taxon is 'what is in it';
comment on column taxonomy_links.source is 'a detection, or a keyword of the metadata';
comment on column taxonomy_links.detection_id is 'the detection, if that is the source';
comment on column taxonomy_links.keyword is 'the keyword, if that is the source';
comment on column taxonomy_links.score is 'of the detection, 0 to 1; null for a keyword';
comment on column taxonomy_links.producer_id is 'who linked it';

create index images_looked_at on images (content_id) include (folder, kind, timeline_at)
    where missing_since is null and thumbhash is not null;

create view looked_at as
select image_id, folder, content_id, kind, timeline_at from images
 where missing_since is null and thumbhash is not null;
comment on view looked_at is 'What networks look at: the contents that present images show, once they have thumbnails.';

create view producer_inputs as
select p.producer_id, i.producer_id as input_id, i.asset as input_asset
  from producers p
  cross join lateral jsonb_each_text(p.parameters) named
  join producers i on i.producer_id = named.value;
comment on view producer_inputs is 'Which producers a producer builds on: those that its parameters name.';

create function waiting_contents(asset text, producer_id text, attempts integer, folders text[] default null)
    returns table (content_id text, folder text, kind text, timeline_at timestamp)
    language plpgsql stable set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
#variable_conflict use_column
declare
    inputs text[] := array(select n.input_id from producer_inputs n
                            where n.producer_id = $2 and n.input_asset <> 'key_frames');
begin
    return query
    with undone as materialized (
        select i.content_id::text, i.folder, i.kind, i.timeline_at, n.content_id is not null as first_done
          from images i
          left join analyses n on n.producer_id = inputs[1] and n.content_id = i.content_id
         where i.missing_since is null and i.thumbhash is not null
           and ($4 is null or i.folder = any($4))
           and ($1 <> 'key_frames' or i.kind = 'video')
           and not exists (select from analyses d where d.producer_id = $2 and d.content_id = i.content_id)
    ), given_up as materialized (
        select b.asset, b.subject, b.producer_id from problems b where b.permanent or b.attempts >= $3
    )
    select u.content_id, u.folder, u.kind, u.timeline_at
      from undone u
     where exists (select from thumbnails t where t.content_id = u.content_id)
       and not exists (select from given_up g
                        where g.asset = $1 and g.subject = u.content_id and g.producer_id = $2)
       and (cardinality(inputs) = 0
            or cardinality(inputs) = 1 and (u.first_done or exists (
               select from given_up g where g.subject = u.content_id and g.producer_id = inputs[1]))
            or cardinality(inputs) > 1 and cardinality(inputs) = (
               select count(*)
                 from (select d.producer_id from analyses d
                        where d.producer_id = any(inputs) and d.content_id = u.content_id
                       union
                       select g.producer_id from given_up g
                        where g.producer_id = any(inputs) and g.subject = u.content_id) done))
       and (u.kind <> 'video' or $1 not in ('detections', 'embeddings')
            or exists (select from producers p join analyses d using (producer_id)
                        where p.asset = 'key_frames' and d.content_id = u.content_id)
            or exists (select from given_up g where g.asset = 'key_frames' and g.subject = u.content_id));
end $$;
comment on function waiting_contents is
    'Contents that a producer has not done and could do now: what it builds on has done them or given up, and a video has its key frames. Not those that failed for good, or so often.';

-- New keywords are linked again: the content counts as not looked at by taxonomy_links.

create function relink_keywords() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from analyses a
     using images i, producers p
     where i.image_id = new.image_id and p.asset = 'taxonomy_links'
       and a.producer_id = p.producer_id and a.content_id = i.content_id;
    return null;
end $$;
create trigger relink_keywords after update of keywords, keyword_paths on images
    for each row when ((old.keywords, old.keyword_paths) is distinct from (new.keywords, new.keyword_paths))
    execute function relink_keywords();
create trigger relink_keywords after update of keywords on curation.image_values
    for each row when (old.keywords is distinct from new.keywords)
    execute function relink_keywords();

-- Counts by label and by taxon. They are kept per folder; a folder where something changed
-- since is counted as it is read, until the next run counts it again.

create table label_totals (
    producer_id text not null references producers on delete cascade,
    folder      text collate "C" not null references folders on delete cascade,
    label       text not null,
    images      integer not null,
    detections  integer not null,
    primary key (producer_id, folder, label)
);
create index on label_totals (folder);
comment on table label_totals is 'How many present images of a folder have a label; not of folders in uncounted_folders.';
comment on column label_totals.producer_id is 'whose detections';
comment on column label_totals.folder is 'key of the folder that keeps the images';
comment on column label_totals.label is 'the model''s raw word';
comment on column label_totals.images is 'images with it';
comment on column label_totals.detections is 'objects with it';

create table taxon_totals (
    producer_id text not null references producers on delete cascade,
    folder      text collate "C" not null references folders on delete cascade,
    taxon       ltree not null,
    own         integer not null,
    total       integer not null,
    primary key (producer_id, folder, taxon)
);
create index on taxon_totals (folder);
comment on table taxon_totals is 'How many present images of a folder show a taxon; not of folders in uncounted_folders.';
comment on column taxon_totals.producer_id is 'whose links';
comment on column taxon_totals.folder is 'key of the folder that keeps the images';
comment on column taxon_totals.taxon is 'what they show';
comment on column taxon_totals.own is 'images linked to it';
comment on column taxon_totals.total is 'images linked to it or to anything below';

create table uncounted_folders (folder text collate "C" not null);
comment on table uncounted_folders is
    'Folders where images, detections or links changed since they were counted, as often as they did: rows are only added, so that no writer waits for another.';
comment on column uncounted_folders.folder is 'key of the folder';

create view folder_labels as
select d.producer_id, i.folder, d.label, count(distinct i.image_id)::integer as images, count(*)::integer as detections
  from images i join detections d using (content_id)
 where i.missing_since is null
 group by d.producer_id, i.folder, d.label;
comment on view folder_labels is 'What label_totals should say.';

create view folder_taxa as
select l.producer_id, i.folder, up.taxon,
       (count(distinct i.image_id) filter (where l.taxon = up.taxon))::integer as own,
       count(distinct i.image_id)::integer as total
  from images i join taxonomy_links l using (image_id)
  cross join lateral (
       select subpath(l.taxon, 0, n) as taxon from generate_series(1, nlevel(l.taxon)) n) up
 where i.missing_since is null
 group by l.producer_id, i.folder, up.taxon;
comment on view folder_taxa is 'What taxon_totals should say.';

create function uncount_changed_images() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into uncounted_folders select distinct folder from changed;
    return null;
end $$;
create trigger uncount_added after insert on images referencing new table as changed
    for each statement execute function uncount_changed_images();
create trigger uncount_removed after delete on images referencing old table as changed
    for each statement execute function uncount_changed_images();

create function uncount_moved_image() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into uncounted_folders select distinct unnest(array[old.folder, new.folder]);
    return null;
end $$;
create trigger uncount_moved after update of folder, content_id, missing_since on images
    for each row when ((old.folder, old.content_id, old.missing_since is null)
                       is distinct from (new.folder, new.content_id, new.missing_since is null))
    execute function uncount_moved_image();

create function uncount_changed_detections() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into uncounted_folders
    select distinct i.folder
      from (select distinct content_id from changed) c join images i using (content_id);
    return null;
end $$;
create trigger uncount_added after insert on detections referencing new table as changed
    for each statement execute function uncount_changed_detections();
create trigger uncount_removed after delete on detections referencing old table as changed
    for each statement execute function uncount_changed_detections();

create function uncount_changed_links() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into uncounted_folders
    select distinct i.folder
      from (select distinct image_id from changed) c join images i using (image_id);
    return null;
end $$;
create trigger uncount_added after insert on taxonomy_links referencing new table as changed
    for each statement execute function uncount_changed_links();
create trigger uncount_changed after update on taxonomy_links referencing new table as changed
    for each statement execute function uncount_changed_links();
create trigger uncount_removed after delete on taxonomy_links referencing old table as changed
    for each statement execute function uncount_changed_links();

-- Freshness: that of the library decides which folders are brought up to date; that of
-- vision is added to it for people.

alter view gallery.freshness rename to library_freshness;
alter view gallery.library_freshness set schema public;

create view vision_freshness as
select l.folder, a.asset,
       (l.contents - coalesce(u.contents, 0))::bigint as fresh,
       coalesce(u.stale, 0) as stale, coalesce(u.failed, 0) as failed, coalesce(u.waiting, 0) as waiting
  from active_producers a
  cross join lateral (
       select folder, count(*) as contents from looked_at
        where a.asset <> 'key_frames' or kind = 'video' group by folder) l
  left join lateral (
       select i.folder, count(*) as contents,
              count(*) filter (where b.subject is null and seen.before) as stale,
              count(*) filter (where b.subject is not null) as failed,
              count(*) filter (where b.subject is null and not seen.before) as waiting
         from looked_at i
         left join problems b on b.asset = a.asset and b.subject = i.content_id and b.producer_id = a.producer_id
         cross join lateral (
              select exists (select from producers p join analyses o using (producer_id)
                              where p.asset = a.asset and o.content_id = i.content_id) as before) seen
        where (a.asset <> 'key_frames' or i.kind = 'video')
          and not exists (select from analyses d
                           where d.producer_id = a.producer_id and d.content_id = i.content_id)
        group by i.folder) u using (folder)
 where a.asset in ('key_frames', 'detections', 'masks', 'embeddings', 'crop_embeddings', 'taxonomy_links');
comment on view vision_freshness is
    'As library_freshness, for the assets that look at pictures: fresh under the producer that is read.';

create view gallery.freshness as
select folder, asset, fresh, stale, failed, waiting from library_freshness
union all
select folder, asset, fresh, stale, failed, waiting from vision_freshness;
comment on view gallery.freshness is
    'Contents per folder and asset: fresh under the active producer, stale under another, failed with a problem, or waiting. For files: the folder itself.';

-- Gallery: what the API may see. Detections, masks and links are those of the producers
-- that are read; vectors are all there, as only those of one producer can be compared.

create view gallery.active_producers as
select a.asset, a.producer_id, p.model, p.weights_hash, p.parameters,
       coalesce((select vector_dims(e.embedding) from embeddings e
                  where a.asset = 'embeddings' and e.producer_id = a.producer_id limit 1),
                (select vector_dims(e.embedding) from crop_embeddings e
                  where a.asset = 'crop_embeddings' and e.producer_id = a.producer_id limit 1)) as dimension,
       a.filling, f.model as filling_model, a.previous, b.model as previous_model, a.held
  from active_producers a
  join producers p on p.producer_id = a.producer_id
  left join producers f on f.producer_id = a.filling
  left join producers b on b.producer_id = a.previous;
comment on view gallery.active_producers is
    'Per asset: who is read, who is being filled, who was read before. dimension is that of the vectors, null while there are none.';

create view gallery.coverage as
select w.asset, w.producer_id, l.contents, l.contents - u.contents as done, u.failed
  from (select asset, producer_id from active_producers
        union all
        select asset, filling from active_producers where filling is not null) w
  cross join lateral (
       select count(*) as contents from looked_at where w.asset <> 'key_frames' or kind = 'video') l
  cross join lateral (
       select count(*) as contents, count(b.subject) as failed
         from looked_at i
         left join problems b on b.asset = w.asset and b.subject = i.content_id and b.producer_id = w.producer_id
        where (w.asset <> 'key_frames' or i.kind = 'video')
          and not exists (select from analyses d
                           where d.producer_id = w.producer_id and d.content_id = i.content_id)) u
 where w.asset in ('key_frames', 'detections', 'masks', 'embeddings', 'crop_embeddings', 'taxonomy_links');
comment on view gallery.coverage is
    'Of the producers that are read or being filled: how many contents there are to look at, how many are done, and how many failed.';

create view gallery.key_frames as
select content_id, frame, producer_id, time_offset, width, height from key_frames;

create view gallery.detections as
select d.detection_id, i.image_id, d.content_id, d.producer_id, d.frame, d.time_offset, d.label, d.score,
       d.x, d.y, d.width, d.height
  from active_producers a
  join detections d using (producer_id)
  join images i using (content_id)
 where a.asset = 'detections' and i.missing_since is null;
comment on view gallery.detections is 'The objects in present images, by the detector that is read.';

create view gallery.content_labels as
select d.content_id, d.label
  from active_producers a join detections d using (producer_id) where a.asset = 'detections';
comment on view gallery.content_labels is 'Which labels a content has, by the detector that is read; as often as it has them.';

create view gallery.label_counts as
select label, sum(images)::bigint as images, sum(detections)::bigint as detections
  from (select t.producer_id, t.label, t.images, t.detections from label_totals t
         where t.folder <> all(array(select distinct u.folder from uncounted_folders u))
        union all
        select f.producer_id, f.label, f.images, f.detections from folder_labels f
         where f.folder = any(array(select distinct u.folder from uncounted_folders u))) counted
 where producer_id = (select a.producer_id from active_producers a where a.asset = 'detections')
 group by label;
comment on view gallery.label_counts is 'How many present images have a label, by the detector that is read.';

create view gallery.masks as
select m.detection_id, m.producer_id, m.picture_width, m.picture_height, m.x, m.y, m.width, m.height, m.rle,
       m.area, m.score, m.stability
  from active_producers a join masks m using (producer_id) where a.asset = 'masks';
comment on view gallery.masks is 'The pixels of detections, by the segmenter that is read.';

create view gallery.embeddings as
select producer_id, content_id, frame, time_offset, embedding from embeddings;

create view gallery.crop_embeddings as
select producer_id, detection_id, embedding from crop_embeddings;

create view gallery.calibrations as
select producer_id, possible, likely, sampled, made_at from calibrations;

create view gallery.taxa as
select taxon, nullif(subpath(taxon, 0, -1), '') as parent, names, threshold, version, source from taxa;

create view gallery.taxon_words as
select word, taxon from taxon_words;

create view gallery.label_taxa as
select vocabulary, label, taxon from label_taxa;

create view gallery.taxonomy_links as
select l.image_id, l.taxon, l.source, l.detection_id, l.keyword, l.score, l.producer_id
  from active_producers a join taxonomy_links l using (producer_id) where a.asset = 'taxonomy_links';
comment on view gallery.taxonomy_links is 'What is in an image, by the tree, as the pass that is read found it.';

create view gallery.taxon_counts as
select t.taxon, coalesce(sum(c.own), 0)::bigint as own, coalesce(sum(c.total), 0)::bigint as total
  from taxa t
  left join (
       select n.producer_id, n.taxon, n.own, n.total from taxon_totals n
        where n.folder <> all(array(select distinct u.folder from uncounted_folders u))
       union all
       select f.producer_id, f.taxon, f.own, f.total from folder_taxa f
        where f.folder = any(array(select distinct u.folder from uncounted_folders u))) c
    on c.taxon = t.taxon
   and c.producer_id = (select a.producer_id from active_producers a where a.asset = 'taxonomy_links')
 group by t.taxon;
comment on view gallery.taxon_counts is 'How many present images show a taxon itself, and it or anything below.';

drop function gallery.matching;
create function gallery.matching(
    folder text default null, library text default null, camera text default null,
    lens text default null, has_gps boolean default null, rating integer default null,
    words text default null, taxon text default null, label text default null
) returns setof uuid language sql stable parallel safe as $$
    select i.image_id from gallery.images i
     where ($1 is null or starts_with(i.folder || '/', regexp_replace($1, '/\.$', '') || '/'))
       and ($2 is null or i.library = $2)
       and ($3 is null or concat_ws(' ', i.make, i.model) = $3)
       and ($4 is null or i.lens = $4)
       and ($5 is null or (i.latitude is not null and i.longitude is not null) = $5)
       and ($6 is null or i.rating >= $6)
       and ($7 is null or numnode(gallery.prefix_query($7)) = 0
            or i.search @@ gallery.prefix_query($7))
       and ($8 is null or i.image_id in (
            select l.image_id from gallery.taxonomy_links l
             where l.taxon in (select t.taxon from gallery.taxa t where t.taxon <@ $8::ltree)))
       and ($9 is null or i.content_id in (
            select d.content_id from gallery.content_labels d where d.label = $9))
$$;
comment on function gallery.matching is
    'Images that pass every filter that is not null. folder means everything below it too (the key of a library''s root ends in /.); rating means at least; words are beginnings of words; taxon means it or anything below; label is a detector''s word. Inlined where it is called, so null filters cost nothing.';
