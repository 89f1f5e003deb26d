-- The library: files, their metadata, images and thumbnails. Everything a machine
-- derives hangs on content_id, the BLAKE3 of a file's bytes; paths are attributes.
-- A path is always stored in its quoted form (core/paths.py), so every legal file
-- name fits into text; `name` beside it is for people.

create extension if not exists vector;
create extension if not exists ltree;

create domain content_id as text check (value ~ '^[0-9a-f]{64}$');
create domain quoted_path as text collate "C" check (value !~ '[\x01-\x1f]' and value !~ '\.\.\.');

create table producers (
    producer_id  text primary key check (producer_id ~ '^[0-9a-f]{16}$'),
    asset        text not null,
    code_version text not null,
    model        text,
    weights_hash text,
    parameters   jsonb not null default '{}',
    created_at   timestamptz not null default now()
);
comment on table producers is
    'Who made a derived row: asset, code version, model, weights and parameters. The id is a hash of the rest.';

create table active_producers (
    asset       text primary key,
    producer_id text not null references producers
);
comment on table active_producers is
    'The producer whose rows count as fresh. A model switch is one UPDATE here, and so is the way back.';

create table libraries (
    library    text primary key check (library ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    root       text not null unique,
    depth      smallint not null default 3 check (depth between 1 and 16),
    include    text[] not null default '{}',
    exclude    text[] not null default '{}',
    device     bigint,
    mounted    boolean,
    state      text not null default 'new' check (state in ('new', 'reachable', 'unreachable')),
    reason     text,
    checked_at timestamptz,
    added_at   timestamptz not null default now()
);
comment on table libraries is 'Named roots on the NAS. root is a quoted absolute path; device and mounted are what the root was when it was last reachable.';

create table folders (
    folder            text collate "C" primary key,
    library           text not null references libraries on update cascade on delete cascade,
    path              quoted_path not null,
    name              text not null,
    signature         text,
    scanned_signature text,
    file_count        integer not null default 0,
    state             text not null default 'reachable' check (state in ('reachable', 'unreachable', 'vanished')),
    reason            text,
    attempts          integer not null default 0,
    retry_at          timestamptz,
    batch             text,
    seen_at           timestamptz not null default now(),
    scanned_at        timestamptz
);
create index on folders (library);
comment on table folders is
    'One Dagster partition each. signature is a hash of what the last walk saw by stat; scanned_signature is the one the inventory was made from. They differ while work is due; attempts and retry_at slow down a folder that keeps failing. batch is the run that was last asked to bring it up to date.';

create table directories (
    library  text not null references libraries on update cascade on delete cascade,
    path     quoted_path not null,
    mtime_ns bigint not null
);
create index on directories (library);
comment on table directories is 'Every directory the last walk saw, with media or not, so that a change shows by one stat each.';

create table files (
    file_id          uuid primary key,
    folder           text collate "C" not null references folders on delete cascade,
    library          text not null,
    path             quoted_path not null,
    name             text not null,
    size             bigint not null,
    mtime_ns         bigint not null,
    content_id       content_id,
    format           text,
    claimed_format   text,
    role             text not null check (role in ('picture', 'raw', 'video', 'sidecar', 'other')),
    first_seen_at    timestamptz not null default now(),
    missing_since    timestamptz
);
create index on files (folder);
create index on files (content_id);
comment on table files is
    'The file inventory. file_id is derived from library and path; a move changes file_id and path in one UPDATE and everything that points here follows. role other: looked at once, not media.';
comment on column files.claimed_format is 'What the extension says, when it lies; null otherwise.';

create table exif (
    content_id         content_id primary key,
    producer_id        text not null references producers,
    taken_at           timestamp,
    utc_offset         smallint,
    taken_at_source    text,
    make               text,
    model              text,
    lens               text,
    exposure_time      double precision,
    f_number           double precision,
    iso                integer,
    focal_length       double precision,
    focal_length_35mm  double precision,
    latitude           double precision check (latitude between -90 and 90),
    longitude          double precision check (longitude between -180 and 180),
    altitude           double precision,
    orientation        smallint check (orientation between 1 and 8),
    width              integer,
    height             integer,
    duration           double precision,
    rating             smallint check (rating between -1 and 5),
    title              text,
    description        text,
    keywords           text[] not null default '{}',
    keyword_paths      text[] not null default '{}',
    people             jsonb not null default '[]',
    content_identifier text,
    refused            jsonb not null default '{}',
    tags               jsonb not null default '{}'
);
comment on table exif is
    'What is written in a content (pictures, videos and sidecars alike). taken_at is local wall time, utc_offset minutes east; width and height are upright pixels; exposure_time and duration seconds; focal lengths millimetres; altitude metres. refused: field to why its value was not believed. tags: everything else.';

create table images (
    image_id           uuid primary key,
    folder             text collate "C" not null references folders on delete cascade,
    content_id         content_id not null,
    kind               text not null check (kind in ('picture', 'video')),
    taken_at           timestamp not null,
    utc_offset         smallint,
    make               text,
    model              text,
    lens               text,
    exposure_time      double precision,
    f_number           double precision,
    iso                integer,
    focal_length       double precision,
    focal_length_35mm  double precision,
    latitude           double precision,
    longitude          double precision,
    altitude           double precision,
    width              integer,
    height             integer,
    duration           double precision,
    rating             smallint,
    title              text,
    description        text,
    keywords           text[] not null default '{}',
    keyword_paths      text[] not null default '{}',
    people             jsonb not null default '[]',
    sources            jsonb not null default '{}',
    names              text[] not null default '{}',
    stack_size         smallint not null default 1,
    ratio              real,
    thumbhash          bytea,
    timeline_at        timestamp not null,
    search             tsvector not null,
    producer_id        text not null references producers,
    first_seen_at      timestamptz not null default now(),
    missing_since      timestamptz
);
create index on images (folder);
create index on images (content_id);
create index images_timeline on images (timeline_at desc, image_id desc)
    include (ratio, kind, content_id, duration, stack_size, thumbhash)
    where missing_since is null;
create index on images using gin (search);
comment on table images is
    'One exposure each. content_id is its primary content, folder the one that keeps the row. sources: field to where its value came from, such as exif, sidecar:a.xmp, file name, mtime. stack_size: its files in that folder, without sidecars and copies. ratio and thumbhash: of the thumbnails once they exist; they stand here so that an index alone serves the timeline. timeline_at and search hold the settled values, what a person said included, so that an index serves them.';

create table image_files (
    file_id  uuid primary key references files on update cascade on delete cascade,
    image_id uuid not null references images on delete cascade,
    part     text not null check (part in ('primary', 'raw', 'motion', 'edited', 'sidecar', 'copy'))
);
create index on image_files (image_id);
comment on table image_files is 'Which file plays which part in which image. A copy has the same bytes as the primary.';

create table thumbnails (
    content_id  content_id primary key,
    producer_id text not null references producers,
    width       integer not null,
    height      integer not null,
    sizes       smallint[] not null,
    bytes       bigint not null,
    thumbhash   bytea not null,
    mean_color  integer not null check (mean_color between 0 and 16777215),
    decoder     text not null,
    warning     text
);
comment on table thumbnails is
    'The thumbnails of a content on disk. width and height: upright pixels of the decoded source. sizes: the long-edge classes that exist (a picture is never enlarged). mean_color is 0xRRGGBB. warning: what was wrong with a file that could be shown in part.';

create table problems (
    asset       text not null,
    subject     text not null,
    content_id  content_id,
    file_id     uuid references files on update cascade on delete cascade,
    producer_id text references producers,
    reason      text not null,
    permanent   boolean not null,
    attempts    integer not null default 1,
    first_at    timestamptz not null default now(),
    last_at     timestamptz not null default now(),
    primary key (asset, subject)
);
create index on problems (content_id);
comment on table problems is
    'Why an asset has no row for a content, or for a file that could not be read. subject is the content_id or the file_id. permanent: another try gives the same answer under the same producer.';

-- What each column holds, for people who meet the tables in Dagster's UI.

comment on column files.file_id is 'derived from library and path';
comment on column files.folder is 'key of the folder, a Dagster partition';
comment on column files.library is 'name of the library';
comment on column files.path is 'quoted, relative to the library root';
comment on column files.name is 'the last component, for people';
comment on column files.size is 'bytes';
comment on column files.mtime_ns is 'nanoseconds since 1970';
comment on column files.content_id is 'BLAKE3 of the bytes; null for what is not media';
comment on column files.format is 'by content; null when the bytes are nothing we know';
comment on column files.role is 'what kind of thing it is';
comment on column files.first_seen_at is 'when a scan first saw it';
comment on column files.missing_since is 'when a scan first missed it';
comment on column exif.content_id is 'BLAKE3 of the bytes';
comment on column exif.producer_id is 'who read it';
comment on column exif.taken_at is 'local wall time';
comment on column exif.utc_offset is 'minutes east of UTC';
comment on column exif.taken_at_source is 'which kind of tag said so';
comment on column exif.exposure_time is 'seconds';
comment on column exif.focal_length is 'millimetres';
comment on column exif.focal_length_35mm is 'millimetres';
comment on column exif.latitude is 'degrees north';
comment on column exif.longitude is 'degrees east';
comment on column exif.altitude is 'metres above the sea';
comment on column exif.orientation is 'Exif value 1 to 8, as written';
comment on column exif.width is 'upright pixels';
comment on column exif.height is 'upright pixels';
comment on column exif.duration is 'seconds';
comment on column exif.rating is '-1 rejected, 0 none, 1 to 5 stars';
comment on column exif.keywords is 'plain words';
comment on column exif.keyword_paths is 'from the root down, levels separated by |';
comment on column exif.people is 'regions: name, and x, y, width, height as fractions from the top left';
comment on column exif.content_identifier is 'what pairs a Live Photo with its film';
comment on column exif.refused is 'field to why its value was not believed';
comment on column exif.tags is 'everything else, by group and tag';
comment on column images.image_id is 'derived from the first primary content, then kept';
comment on column images.folder is 'the folder that keeps the row';
comment on column images.content_id is 'the primary content';
comment on column images.kind is 'picture or video';
comment on column images.taken_at is 'local wall time';
comment on column images.utc_offset is 'minutes east of UTC';
comment on column images.sources is 'field to where its value came from';
comment on column images.names is 'of its files';
comment on column images.stack_size is 'its files in the folder, without sidecars and copies';
comment on column images.ratio is 'width over height';
comment on column images.thumbhash is 'of its thumbnails';
comment on column images.timeline_at is 'taken_at, or what a person said instead';
comment on column images.missing_since is 'when its last file went missing';
comment on column thumbnails.content_id is 'BLAKE3 of the bytes';
comment on column thumbnails.producer_id is 'who made them';
comment on column thumbnails.width is 'upright pixels of the source';
comment on column thumbnails.height is 'upright pixels of the source';
comment on column thumbnails.sizes is 'long edges that exist, in pixels';
comment on column thumbnails.bytes is 'on disk, all sizes together';
comment on column thumbnails.thumbhash is 'a blurred picture in about 25 bytes';
comment on column thumbnails.mean_color is '0xRRGGBB';
comment on column thumbnails.decoder is 'what decoded the source';
comment on column thumbnails.warning is 'what was wrong with a file that could be shown in part';

-- Curation: what a person said. Append-only; models and runs never write here.

create schema curation;

create table curation.events (
    event_id bigint generated always as identity primary key,
    image_id uuid not null,
    field    text not null check (field in ('taken_at', 'utc_offset', 'rating', 'title', 'description', 'keywords')),
    value    jsonb,
    said_by  text not null,
    said_at  timestamptz not null default now(),
    undoes   bigint references curation.events
);
create index on curation.events (image_id, field, event_id);
comment on table curation.events is
    'What a person said of an image, in order. value null means: I take back what I said. undoes names the event this one is the inverse of.';

create table curation.image_values (
    image_id    uuid primary key,
    taken_at    timestamp,
    utc_offset  smallint,
    rating      smallint check (rating between -1 and 5),
    title       text,
    description text,
    keywords    text[]
);
comment on table curation.image_values is 'The latest word on each field, kept by the trigger on curation.events.';

create function curation.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'curation.events is append-only: say the inverse instead';
end $$;
create trigger append_only before update or delete or truncate on curation.events
    for each statement execute function curation.refuse_change();

-- Gallery: what the API may see. person > sidecar > embedded > guess is settled here
-- and in images.sources.

create schema gallery;

create function gallery.words(value text) returns text language sql immutable parallel safe as $$
    select regexp_replace(lower(value), '[^[:alnum:]]+', ' ', 'g')
$$;
create function gallery.prefix_query(value text) returns tsquery language sql immutable parallel safe as $$
    select coalesce(string_agg(quote_literal(left(word, 500)) || ':*', ' & '), '')::tsquery
    from regexp_split_to_table(btrim(gallery.words(value)), ' +') word where word <> ''
$$;
comment on function gallery.prefix_query is 'Every word of the text as a prefix: what a search box means while typing.';

create function gallery.search_text(names text[], title text, description text, keywords text[], keyword_paths text[])
    returns tsvector language sql immutable parallel safe as $$
    select to_tsvector('simple'::regconfig, gallery.words(left(concat_ws(' ', array_to_string(names, ' '), title,
        array_to_string(keywords, ' '), array_to_string(keyword_paths, ' '), description), 100000)))
$$;
comment on function gallery.search_text is 'What a text search looks into; cut where a tsvector would grow too large.';

-- Curation outranks, so what it says of a date or a word must reach the indexes on
-- images too. db/images.py calls this for the images it writes, the trigger for one.

create function settle_images(ids uuid[]) returns void language sql as $$
    update public.images i
       set timeline_at = settled.timeline_at, search = settled.search
      from (select n.image_id, coalesce(p.taken_at, n.taken_at) as timeline_at,
                   gallery.search_text(n.names, coalesce(p.title, n.title), coalesce(p.description, n.description),
                                       coalesce(p.keywords, n.keywords), n.keyword_paths) as search
              from public.images n join curation.image_values p using (image_id)
             where n.image_id = any(ids)) settled
     where i.image_id = settled.image_id
       and (i.timeline_at, i.search) is distinct from (settled.timeline_at, settled.search)
$$;
comment on function settle_images is 'Bring timeline_at and search of these images in line with what a person said.';
revoke execute on function settle_images from public;

create function curation.apply_event() returns trigger
    language plpgsql security definer set search_path = curation, pg_temp as $$
begin
    if new.value = 'null' then
        new.value := null;
    end if;
    perform from public.images where image_id = new.image_id for update;
    insert into curation.image_values (image_id) values (new.image_id) on conflict do nothing;
    update curation.image_values set
        taken_at    = case when new.field = 'taken_at' then (new.value #>> '{}')::timestamp else taken_at end,
        utc_offset  = case when new.field = 'utc_offset' then (new.value #>> '{}')::smallint else utc_offset end,
        rating      = case when new.field = 'rating' then (new.value #>> '{}')::smallint else rating end,
        title       = case when new.field = 'title' then new.value #>> '{}' else title end,
        description = case when new.field = 'description' then new.value #>> '{}' else description end,
        keywords    = case when new.field <> 'keywords' then keywords
                           when new.value is null then null
                           else coalesce((select array_agg(word) from jsonb_array_elements_text(new.value) word), '{}')
                      end
    where image_id = new.image_id;
    if new.field in ('taken_at', 'title', 'description', 'keywords') then
        perform public.settle_images(array[new.image_id]);
    end if;
    return null;
end $$;
create trigger apply_event after insert on curation.events
    for each row execute function curation.apply_event();

create view gallery.images as
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
  join folders f using (folder)
  left join thumbnails t using (content_id)
  left join curation.image_values p using (image_id)
 where i.missing_since is null;

create function gallery.matching(
    folder text default null, library text default null, camera text default null,
    lens text default null, has_gps boolean default null, rating integer default null,
    words text default null
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
$$;
comment on function gallery.matching is
    'Images that pass every filter that is not null. folder means everything below it too (the key of a library''s root ends in /.); rating means at least; words are beginnings of words. Inlined where it is called, so null filters cost nothing.';

create view gallery.timeline as
select i.image_id, i.timeline_at as taken_at, i.content_id, i.kind, i.duration, i.ratio, i.stack_size,
       i.thumbhash
  from images i
 where i.missing_since is null;
comment on view gallery.timeline is
    'Images by the time a person or a file says they were taken. ratio is width over height, null while nothing is known.';

create view gallery.files as
select f.file_id, f.folder, f.library, l.root, f.path, f.name, f.size, f.mtime_ns, f.content_id,
       f.format, f.claimed_format, f.role, f.first_seen_at, f.missing_since, m.image_id, m.part
  from files f join libraries l using (library) left join image_files m using (file_id);

create view gallery.thumbnails as
select content_id, producer_id, width, height, sizes, bytes, thumbhash, mean_color, decoder, warning from thumbnails;

create view gallery.exif as select * from exif;

create view gallery.producers as
select p.*, a.producer_id is not null as active
  from producers p left join active_producers a using (asset, producer_id);

create view gallery.problems as
select p.asset, p.subject, p.content_id, p.reason, p.permanent, p.attempts, p.first_at, p.last_at,
       f.file_id, f.folder, f.library, f.path, f.name, f.missing_since, m.image_id
  from problems p
  join lateral (select * from files f
                 where f.file_id = p.file_id or f.content_id = p.content_id
                 order by f.missing_since nulls first, f.library, f.path limit 1) f on true
  left join image_files m on m.file_id = f.file_id;

create view gallery.libraries as
select l.library, l.root, l.depth, l.state, l.reason, l.checked_at, l.added_at,
       coalesce(o.folders, 0) as folders, coalesce(f.files, 0) as files, coalesce(i.images, 0) as images
  from libraries l
  left join (select library, count(*) as folders from folders where state <> 'vanished' group by library) o
       using (library)
  left join (select library, count(*) as files from files where missing_since is null and role <> 'other'
              group by library) f using (library)
  left join (select o.library, sum(n)::bigint as images
               from (select folder, count(*) as n from images where missing_since is null group by folder) i
               join folders o using (folder) group by o.library) i using (library);

create view gallery.freshness as
with present as (
    select distinct folder, content_id, role <> 'sidecar' as shown
      from files where missing_since is null and content_id is not null
), derived as (
    select p.folder, 'exif' as asset, p.content_id, e.producer_id
      from present p left join exif e using (content_id)
    union all
    select p.folder, 'thumbnails', p.content_id, t.producer_id
      from present p left join thumbnails t using (content_id) where p.shown
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
comment on view gallery.freshness is
    'Contents per folder and asset: fresh under the active producer, stale under another, failed with a problem, or waiting. For files: the folder itself.';

create view gallery.folders as
select f.folder, f.library, f.path, f.name, f.state, f.reason, f.file_count, f.seen_at, f.scanned_at,
       f.attempts, f.retry_at, coalesce(i.images, 0) as images
  from folders f
  left join (select x.folder, count(distinct m.image_id) as images
               from files x join image_files m using (file_id) where x.missing_since is null
              group by x.folder) i using (folder);
