-- The schema after all migrations. Written by `script/docs`.
CREATE SCHEMA curation;

CREATE SCHEMA gallery;

CREATE EXTENSION IF NOT EXISTS ltree WITH SCHEMA public;

COMMENT ON EXTENSION ltree IS 'data type for hierarchical tree-like structures';

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

COMMENT ON EXTENSION vector IS 'vector data type and ivfflat and hnsw access methods';

CREATE DOMAIN public.content_id AS text
	CONSTRAINT content_id_check CHECK ((VALUE ~ '^[0-9a-f]{64}$'::text));

CREATE DOMAIN public.date_precision AS text
	CONSTRAINT date_precision_check CHECK ((VALUE = ANY (ARRAY['year'::text, 'month'::text, 'day'::text, 'minute'::text, 'second'::text, 'subsecond'::text])));

COMMENT ON DOMAIN public.date_precision IS 'What of a date was said. Below it stand the first of the year or month, and midday.';

CREATE DOMAIN public.quoted_path AS text COLLATE pg_catalog."C"
	CONSTRAINT quoted_path_check CHECK (((VALUE !~ '[\x01-\x1f]'::text) AND (VALUE !~ '\.\.\.'::text)));

CREATE FUNCTION curation.apply_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'curation', 'pg_temp'
    AS $$
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

CREATE FUNCTION curation.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'curation.events is append-only: say the inverse instead';
end $$;

CREATE FUNCTION curation.take_turn() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform pg_advisory_xact_lock(26733, 4);
    return null;
end $$;

CREATE FUNCTION gallery.camera(make text, model text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select nullif(case when make is null then model when model is null then make else make || ' ' || model end, '')
$$;

COMMENT ON FUNCTION gallery.camera(make text, model text) IS 'Make and model as people choose a camera; null while nothing is known.';

CREATE FUNCTION gallery.prefix_query(value text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce(string_agg(quote_literal(left(word, 500)) || ':*', ' & '), '')::tsquery
    from regexp_split_to_table(btrim(gallery.words(value)), ' +') word where word <> ''
$$;

COMMENT ON FUNCTION gallery.prefix_query(value text) IS 'Every word of the text as a prefix: what a search box means while typing.';

CREATE FUNCTION gallery.search_text(names text[], title text, description text, keywords text[], keyword_paths text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select to_tsvector('simple'::regconfig, gallery.words(left(concat_ws(' ', array_to_string(names, ' '), title,
        array_to_string(keywords, ' '), array_to_string(keyword_paths, ' '), description), 100000)))
$$;

COMMENT ON FUNCTION gallery.search_text(names text[], title text, description text, keywords text[], keyword_paths text[]) IS 'What a text search looks into; cut where a tsvector would grow too large.';

CREATE FUNCTION gallery.words(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select regexp_replace(lower(value), '[^[:alnum:]]+', ' ', 'g')
$$;

CREATE FUNCTION public.coverage_of(asset text, producer_id text, folders text[] DEFAULT NULL::text[]) RETURNS TABLE(folder text, contents bigint, done bigint, failed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET random_page_cost TO '1.1'
    AS $_$
    select i.folder, count(*), count(d.content_id), count(b.subject) filter (where d.content_id is null)
      from looked_at i
      left join analyses d on d.producer_id = $2 and d.content_id = i.content_id
      left join problems b on b.asset = $1 and b.subject = i.content_id and b.producer_id = $2
     where ($1 <> 'key_frames' or i.kind = 'video') and ($3 is null or i.folder = any($3))
     group by i.folder
$_$;

COMMENT ON FUNCTION public.coverage_of(asset text, producer_id text, folders text[]) IS 'How far a producer is in these folders, or in all, by looking at every image of them.';

CREATE FUNCTION public.refuse_changed_totals() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% has rows added and deleted, never changed', tg_table_name;
end $$;

CREATE FUNCTION public.relink_keywords() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    perform pg_advisory_xact_lock(26733, 4);
    delete from analyses a
     using images i, producers p
     where i.image_id = new.image_id and p.asset = 'taxonomy_links'
       and a.producer_id = p.producer_id and a.content_id = i.content_id;
    return null;
end $$;

CREATE FUNCTION public.settle_images(ids uuid[]) RETURNS void
    LANGUAGE sql
    AS $$
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

COMMENT ON FUNCTION public.settle_images(ids uuid[]) IS 'Bring timeline_at and search of these images in line with what a person said.';

CREATE FUNCTION public.sum_changed_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sum_changed_facets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sum_changed_folders() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sum_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into day_sums (day, kind, images, ratios)
    select timeline_at::date, kind, sign * count(*), sign * sum(coalesce(ratio, 1.5)::numeric)
      from changed where missing_since is null
     group by timeline_at::date, kind;
    return null;
end $$;

CREATE FUNCTION public.sum_facets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into facet_sums (kind, camera, lens, images)
    select kind, gallery.camera(make, model), nullif(lens, ''), sign * count(*)
      from changed where missing_since is null group by 1, 2, 3;
    return null;
end $$;

CREATE FUNCTION public.sum_folders() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sum_labels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into label_sums (producer_id, label, images, detections)
    select producer_id, label, sign * sum(images), sign * sum(detections) from changed group by producer_id, label;
    return null;
end $$;

CREATE FUNCTION public.sum_taxa() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into taxon_sums (producer_id, taxon, own, total)
    select producer_id, taxon, sign * sum(own), sign * sum(total) from changed group by producer_id, taxon;
    return null;
end $$;

CREATE FUNCTION public.sum_taxon_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    insert into taxon_day_sums (producer_id, taxon, day, kind, images, ratios)
    select producer_id, taxon, day, kind, sign * sum(images), sign * sum(ratios)
      from changed group by producer_id, taxon, day, kind;
    return null;
end $$;

CREATE FUNCTION public.uncheck_changed_images() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into unchecked_folders select folder from before union select folder from after;
    return null;
end $$;

CREATE FUNCTION public.uncheck_contents() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into unchecked_folders
    select distinct i.folder
      from (select distinct content_id from changed) c join images i using (content_id);
    return null;
end $$;

CREATE FUNCTION public.uncheck_images() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into unchecked_folders select distinct folder from changed;
    return null;
end $$;

CREATE FUNCTION public.uncount_changed_detections() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into uncounted_folders
    select distinct i.folder
      from (select distinct content_id from changed) c join images i using (content_id);
    return null;
end $$;

CREATE FUNCTION public.uncount_changed_images() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into uncounted_folders select distinct folder from changed;
    return null;
end $$;

CREATE FUNCTION public.uncount_changed_links() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into uncounted_folders
    select distinct i.folder
      from (select distinct image_id from changed) c join images i using (image_id);
    return null;
end $$;

CREATE FUNCTION public.uncount_moved_image() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into uncounted_folders select distinct unnest(array[old.folder, new.folder]);
    return null;
end $$;

CREATE FUNCTION public.waiting_contents(asset text, producer_id text, attempts integer, folders text[] DEFAULT NULL::text[]) RETURNS TABLE(content_id text, folder text, kind text, timeline_at timestamp without time zone)
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode TO 'force_custom_plan'
    SET random_page_cost TO '1.1'
    AS $_$
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
end $_$;

COMMENT ON FUNCTION public.waiting_contents(asset text, producer_id text, attempts integer, folders text[]) IS 'Contents that a producer has not done and could do now: what it builds on has done them or given up, and a video has its key frames. Not those that failed for good, or so often.';

CREATE TABLE curation.events (
    event_id bigint NOT NULL,
    image_id uuid NOT NULL,
    field text NOT NULL,
    value jsonb,
    said_by text NOT NULL,
    said_at timestamp with time zone DEFAULT now() NOT NULL,
    undoes bigint,
    CONSTRAINT events_field_check CHECK ((field = ANY (ARRAY['taken_at'::text, 'utc_offset'::text, 'rating'::text, 'title'::text, 'description'::text, 'keywords'::text])))
);

COMMENT ON TABLE curation.events IS 'What a person said of an image, in order. value null means: I take back what I said. undoes names the event this one is the inverse of.';

ALTER TABLE curation.events ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME curation.events_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE curation.image_values (
    image_id uuid NOT NULL,
    taken_at timestamp without time zone,
    utc_offset smallint,
    rating smallint,
    title text,
    description text,
    keywords text[],
    CONSTRAINT image_values_rating_check CHECK (((rating >= '-1'::integer) AND (rating <= 5)))
);

COMMENT ON TABLE curation.image_values IS 'The latest word on each field, kept by the trigger on curation.events.';

CREATE TABLE public.active_producers (
    asset text NOT NULL,
    producer_id text NOT NULL,
    filling text,
    previous text,
    held boolean DEFAULT false NOT NULL,
    CONSTRAINT active_producers_check CHECK ((filling <> producer_id)),
    CONSTRAINT active_producers_check1 CHECK ((previous <> producer_id))
);

COMMENT ON TABLE public.active_producers IS 'The producer whose rows are read, the one that is being filled beside it, and the one that was read before. A model switch is one UPDATE here, and so is the way back.';

COMMENT ON COLUMN public.active_producers.asset IS 'name of the asset';

COMMENT ON COLUMN public.active_producers.producer_id IS 'whose rows are read and count as fresh';

COMMENT ON COLUMN public.active_producers.filling IS 'who will be read once it has covered everything';

COMMENT ON COLUMN public.active_producers.previous IS 'who was read before the last switch; kept for the way back';

COMMENT ON COLUMN public.active_producers.held IS 'a person went back: what is being filled is not switched to by itself';

CREATE TABLE public.crop_embeddings (
    producer_id text NOT NULL,
    detection_id uuid NOT NULL,
    embedding public.halfvec NOT NULL,
    CONSTRAINT vector_norm CHECK ((abs((public.l2_norm(embedding) - (1)::double precision)) < (0.01)::double precision))
)
WITH (toast_tuple_target='8160');

COMMENT ON TABLE public.crop_embeddings IS 'What a detection looks like, as a unit vector: its pixels, without what is around them.';

COMMENT ON COLUMN public.crop_embeddings.producer_id IS 'who embedded it';

COMMENT ON COLUMN public.crop_embeddings.detection_id IS 'whose pixels';

COMMENT ON COLUMN public.crop_embeddings.embedding IS 'unit vector, half precision, as long as the model says';

CREATE TABLE public.embeddings (
    producer_id text NOT NULL,
    content_id public.content_id NOT NULL,
    frame smallint DEFAULT 0 NOT NULL,
    time_offset real,
    embedding public.halfvec NOT NULL,
    CONSTRAINT embeddings_frame_check CHECK ((frame >= 0)),
    CONSTRAINT embeddings_time_offset_check CHECK ((time_offset >= (0)::double precision)),
    CONSTRAINT vector_norm CHECK ((abs((public.l2_norm(embedding) - (1)::double precision)) < (0.01)::double precision))
)
WITH (toast_tuple_target='8160');

COMMENT ON TABLE public.embeddings IS 'What a content means, as a unit vector. Only vectors of one producer can be compared. Many of them get an HNSW index of their own; few are searched exactly.';

COMMENT ON COLUMN public.embeddings.producer_id IS 'who embedded it';

COMMENT ON COLUMN public.embeddings.content_id IS 'BLAKE3 of the bytes';

COMMENT ON COLUMN public.embeddings.frame IS 'key frame of a video; 0 in a picture';

COMMENT ON COLUMN public.embeddings.time_offset IS 'seconds from the beginning of a video; null in a picture';

COMMENT ON COLUMN public.embeddings.embedding IS 'unit vector, half precision, as long as the model says';

CREATE TABLE public.producers (
    producer_id text NOT NULL,
    asset text NOT NULL,
    code_version text NOT NULL,
    model text,
    weights_hash text,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT producers_producer_id_check CHECK ((producer_id ~ '^[0-9a-f]{16}$'::text))
);

COMMENT ON TABLE public.producers IS 'Who made a derived row: asset, code version, model, weights and parameters. The id is a hash of the rest.';

CREATE VIEW gallery.active_producers AS
 SELECT a.asset,
    a.producer_id,
    p.model,
    p.weights_hash,
    p.parameters,
    COALESCE(( SELECT public.vector_dims(e.embedding) AS vector_dims
           FROM public.embeddings e
          WHERE ((a.asset = 'embeddings'::text) AND (e.producer_id = a.producer_id))
         LIMIT 1), ( SELECT public.vector_dims(e.embedding) AS vector_dims
           FROM public.crop_embeddings e
          WHERE ((a.asset = 'crop_embeddings'::text) AND (e.producer_id = a.producer_id))
         LIMIT 1)) AS dimension,
    a.filling,
    f.model AS filling_model,
    a.previous,
    b.model AS previous_model,
    a.held
   FROM (((public.active_producers a
     JOIN public.producers p ON ((p.producer_id = a.producer_id)))
     LEFT JOIN public.producers f ON ((f.producer_id = a.filling)))
     LEFT JOIN public.producers b ON ((b.producer_id = a.previous)));

COMMENT ON VIEW gallery.active_producers IS 'Per asset: who is read, who is being filled, who was read before. dimension is that of the vectors, null while there are none.';

CREATE TABLE public.agent_sightings (
    agent text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    reachable boolean NOT NULL,
    reason text,
    detail text,
    engine text,
    gpu_name text,
    gpu_memory bigint,
    image text,
    image_version text,
    runs text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT agent_sightings_check CHECK ((since <= until))
);

COMMENT ON TABLE public.agent_sightings IS 'How agents stood, one row for each stretch of time in which nothing changed; the rest of a row is from the last look.';

COMMENT ON COLUMN public.agent_sightings.agent IS 'whom we looked at';

COMMENT ON COLUMN public.agent_sightings.since IS 'first look that showed this';

COMMENT ON COLUMN public.agent_sightings.until IS 'last look that showed this';

COMMENT ON COLUMN public.agent_sightings.reachable IS 'whether its engine answered';

COMMENT ON COLUMN public.agent_sightings.reason IS 'why no run can be sent there; null if one can';

COMMENT ON COLUMN public.agent_sightings.detail IS 'the same in the words of whoever refused';

COMMENT ON COLUMN public.agent_sightings.engine IS 'version of Docker';

COMMENT ON COLUMN public.agent_sightings.gpu_name IS 'of the first card';

COMMENT ON COLUMN public.agent_sightings.gpu_memory IS 'of the first card, bytes';

COMMENT ON COLUMN public.agent_sightings.image IS 'what runs there';

COMMENT ON COLUMN public.agent_sightings.image_version IS 'what the image says of itself';

COMMENT ON COLUMN public.agent_sightings.runs IS 'runs whose containers are at work there';

CREATE TABLE public.agents (
    agent text NOT NULL,
    place smallint NOT NULL,
    runs_at_once smallint NOT NULL,
    woken_at timestamp with time zone,
    wakes integer DEFAULT 0 NOT NULL,
    awake_for_us boolean DEFAULT false NOT NULL,
    CONSTRAINT agents_runs_at_once_check CHECK ((runs_at_once > 0)),
    CONSTRAINT agents_wakes_check CHECK ((wakes >= 0))
);

COMMENT ON TABLE public.agents IS 'The agents that are configured now, and what was done to wake them.';

COMMENT ON COLUMN public.agents.agent IS 'what people call the machine';

COMMENT ON COLUMN public.agents.place IS 'its place in the configuration';

COMMENT ON COLUMN public.agents.runs_at_once IS 'runs that it takes at a time';

COMMENT ON COLUMN public.agents.woken_at IS 'when the last packet was sent to wake it';

COMMENT ON COLUMN public.agents.wakes IS 'packets sent since it was last reachable';

COMMENT ON COLUMN public.agents.awake_for_us IS 'it came back after such a packet, so that it may be put to sleep again';

CREATE VIEW gallery.agents AS
 SELECT a.agent,
    a.place,
    a.runs_at_once,
        CASE
            WHEN ((s.until IS NULL) OR (s.until < (now() - '00:03:00'::interval))) THEN 'unknown'::text
            WHEN (NOT s.reachable) THEN 'unreachable'::text
            WHEN (s.reason IS NOT NULL) THEN 'unready'::text
            ELSE 'ready'::text
        END AS state,
    s.reason,
    s.detail,
    s.since,
    s.until AS seen_at,
    s.engine,
    COALESCE(s.gpu_name, before.gpu_name) AS gpu_name,
    COALESCE(s.gpu_memory, before.gpu_memory) AS gpu_memory,
    s.image,
    COALESCE(s.image_version, before.image_version) AS image_version,
    COALESCE(s.runs, '{}'::text[]) AS runs,
    a.woken_at
   FROM ((public.agents a
     LEFT JOIN LATERAL ( SELECT n.agent,
            n.since,
            n.until,
            n.reachable,
            n.reason,
            n.detail,
            n.engine,
            n.gpu_name,
            n.gpu_memory,
            n.image,
            n.image_version,
            n.runs
           FROM public.agent_sightings n
          WHERE (n.agent = a.agent)
          ORDER BY n.since DESC
         LIMIT 1) s ON (true))
     LEFT JOIN LATERAL ( SELECT n.gpu_name,
            n.gpu_memory,
            n.image_version
           FROM public.agent_sightings n
          WHERE ((n.agent = a.agent) AND (n.gpu_name IS NOT NULL))
          ORDER BY n.since DESC
         LIMIT 1) before ON (true));

COMMENT ON VIEW gallery.agents IS 'The agents as they were seen last. A sleeping one keeps its card; unknown: nobody has looked for three minutes.';

CREATE TABLE public.alerts (
    alert text NOT NULL,
    since timestamp with time zone NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    level bigint DEFAULT 1 NOT NULL,
    ended_at timestamp with time zone,
    told_at timestamp with time zone,
    told bigint,
    CONSTRAINT alerts_kind_check CHECK ((kind = ANY (ARRAY['failures'::text, 'library'::text, 'agent'::text, 'damage'::text, 'disk'::text, 'backup'::text])))
);

COMMENT ON TABLE public.alerts IS 'What a person should know of, from when it began until it ended. alert names it, such as library:photos. level: how many of it there are. told_at and told: when the webhook last took it, and at which level; told 0: that it has ended. No text names a picture.';

CREATE VIEW gallery.alerts AS
 SELECT alert,
    kind,
    text,
    level,
    since,
    told_at
   FROM public.alerts
  WHERE (ended_at IS NULL);

COMMENT ON VIEW gallery.alerts IS 'What goes on now that a person should know of.';

CREATE TABLE public.analyses (
    asset text NOT NULL,
    producer_id text NOT NULL,
    content_id public.content_id NOT NULL,
    count integer NOT NULL,
    mean_score real,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT analyses_count_check CHECK ((count >= 0))
);

COMMENT ON TABLE public.analyses IS 'The contents that a producer has done, one row each, however many rows it gave. A content without one is looked at in the next run.';

COMMENT ON COLUMN public.analyses.asset IS 'the asset of the producer';

COMMENT ON COLUMN public.analyses.producer_id IS 'who looked';

COMMENT ON COLUMN public.analyses.content_id IS 'BLAKE3 of the bytes';

COMMENT ON COLUMN public.analyses.count IS 'rows it gave';

COMMENT ON COLUMN public.analyses.mean_score IS 'of those rows, 0 to 1; null where nothing has a score';

COMMENT ON COLUMN public.analyses.made_at IS 'when they were stored';

CREATE VIEW gallery.analyses AS
 SELECT asset,
    producer_id,
    content_id,
    count,
    made_at
   FROM public.analyses;

COMMENT ON VIEW gallery.analyses IS 'The contents that a network has looked at, with how many rows that gave.';

CREATE TABLE public.backups (
    made_at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT backups_kind_check CHECK ((kind = ANY (ARRAY['irreplaceable'::text, 'full'::text])))
);

COMMENT ON TABLE public.backups IS 'Backups that were made and read again to the end. They may have been deleted since.';

COMMENT ON COLUMN public.backups.made_at IS 'what it holds is of this moment';

COMMENT ON COLUMN public.backups.kind IS 'what cannot be made again, or everything';

COMMENT ON COLUMN public.backups.place IS 'directory, on the machine that made it';

COMMENT ON COLUMN public.backups.rows IS 'of all tables';

COMMENT ON COLUMN public.backups.bytes IS 'on disk';

CREATE VIEW gallery.backups AS
 SELECT made_at,
    kind,
    place,
    rows,
    bytes
   FROM public.backups;

CREATE TABLE public.calibrations (
    producer_id text NOT NULL,
    possible real NOT NULL,
    likely real NOT NULL,
    sampled integer NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT calibrations_check CHECK ((possible <= likely)),
    CONSTRAINT calibrations_likely_check CHECK (((likely >= ('-1'::integer)::double precision) AND (likely <= (1)::double precision))),
    CONSTRAINT calibrations_possible_check CHECK (((possible >= ('-1'::integer)::double precision) AND (possible <= (1)::double precision))),
    CONSTRAINT calibrations_sampled_check CHECK ((sampled >= 0))
);

COMMENT ON TABLE public.calibrations IS 'Where the results of a text search end, per producer of embeddings: below possible nothing is shown.';

COMMENT ON COLUMN public.calibrations.producer_id IS 'whose cosines these are';

COMMENT ON COLUMN public.calibrations.possible IS 'cosine from which a content may fit the words';

COMMENT ON COLUMN public.calibrations.likely IS 'cosine from which it probably does';

COMMENT ON COLUMN public.calibrations.sampled IS 'embeddings that were looked at to tell';

COMMENT ON COLUMN public.calibrations.made_at IS 'when';

CREATE VIEW gallery.calibrations AS
 SELECT producer_id,
    possible,
    likely,
    sampled,
    made_at
   FROM public.calibrations;

CREATE TABLE public.detections (
    detection_id uuid NOT NULL,
    content_id public.content_id NOT NULL,
    producer_id text NOT NULL,
    frame smallint DEFAULT 0 NOT NULL,
    time_offset real,
    label text NOT NULL,
    score real NOT NULL,
    x real NOT NULL,
    y real NOT NULL,
    width real NOT NULL,
    height real NOT NULL,
    CONSTRAINT box_inside CHECK (((x >= (0)::double precision) AND (y >= (0)::double precision) AND (width > (0)::double precision) AND (height > (0)::double precision) AND ((x + width) <= (1.00001)::double precision) AND ((y + height) <= (1.00001)::double precision))),
    CONSTRAINT detections_frame_check CHECK ((frame >= 0)),
    CONSTRAINT detections_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT detections_time_offset_check CHECK ((time_offset >= (0)::double precision))
);

COMMENT ON TABLE public.detections IS 'Objects in a content: what, how sure, and where. The id is derived from content, producer, frame and number. Boxes are fractions of the upright picture, so they fit every thumbnail.';

COMMENT ON COLUMN public.detections.detection_id IS 'derived from content, producer, frame and number';

COMMENT ON COLUMN public.detections.content_id IS 'BLAKE3 of the bytes';

COMMENT ON COLUMN public.detections.producer_id IS 'who saw it';

COMMENT ON COLUMN public.detections.frame IS 'key frame of a video; 0 in a picture';

COMMENT ON COLUMN public.detections.time_offset IS 'seconds from the beginning of a video; null in a picture';

COMMENT ON COLUMN public.detections.label IS 'the model''s raw word';

COMMENT ON COLUMN public.detections.score IS 'what the model says, 0 to 1';

COMMENT ON COLUMN public.detections.x IS 'left edge, fraction of the width';

COMMENT ON COLUMN public.detections.y IS 'top edge, fraction of the height';

COMMENT ON COLUMN public.detections.width IS 'fraction of the width';

COMMENT ON COLUMN public.detections.height IS 'fraction of the height';

CREATE VIEW gallery.content_labels AS
 SELECT d.content_id,
    d.label
   FROM (public.active_producers a
     JOIN public.detections d USING (producer_id))
  WHERE (a.asset = 'detections'::text);

COMMENT ON VIEW gallery.content_labels IS 'Which labels a content has, by the detector that is read; as often as it has them.';

CREATE TABLE public.backlog_producers (
    producer_id text NOT NULL
);

COMMENT ON TABLE public.backlog_producers IS 'Whose backlog is kept.';

COMMENT ON COLUMN public.backlog_producers.producer_id IS 'who has not looked at it yet';

CREATE TABLE public.folder_coverage (
    producer_id text NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    contents bigint NOT NULL,
    done bigint NOT NULL,
    failed bigint NOT NULL
);

COMMENT ON TABLE public.folder_coverage IS 'How far a producer is in each folder, as of the last time that the backlog was brought up to date.';

COMMENT ON COLUMN public.folder_coverage.producer_id IS 'who looks';

COMMENT ON COLUMN public.folder_coverage.folder IS 'key of the folder';

COMMENT ON COLUMN public.folder_coverage.contents IS 'how many there are to look at';

COMMENT ON COLUMN public.folder_coverage.done IS 'how many of them were looked at';

COMMENT ON COLUMN public.folder_coverage.failed IS 'how many of the others have a problem';

CREATE VIEW public.looking_producers AS
 SELECT asset,
    producer_id
   FROM ( SELECT active_producers.asset,
            active_producers.producer_id
           FROM public.active_producers
        UNION ALL
         SELECT active_producers.asset,
            active_producers.filling
           FROM public.active_producers
          WHERE (active_producers.filling IS NOT NULL)) active
  WHERE (asset = ANY (ARRAY['key_frames'::text, 'detections'::text, 'masks'::text, 'embeddings'::text, 'crop_embeddings'::text, 'taxonomy_links'::text]));

COMMENT ON VIEW public.looking_producers IS 'Of the assets that look at pictures: the producers that are read or being filled.';

CREATE TABLE public.unchecked_folders (
    folder text NOT NULL COLLATE pg_catalog."C"
);

COMMENT ON TABLE public.unchecked_folders IS 'Folders where images, thumbnails, analyses or problems changed since the backlog was brought up to date, as often as they did: rows are only added, so that no writer waits for another.';

COMMENT ON COLUMN public.unchecked_folders.folder IS 'key of the folder';

CREATE VIEW gallery.coverage AS
 SELECT w.asset,
    w.producer_id,
    (COALESCE(sum(c.contents), (0)::numeric))::bigint AS contents,
    (COALESCE(sum(c.done), (0)::numeric))::bigint AS done,
    (COALESCE(sum(c.failed), (0)::numeric))::bigint AS failed
   FROM (( SELECT looking_producers.asset,
            looking_producers.producer_id,
            (looking_producers.producer_id IN ( SELECT b.producer_id
                   FROM public.backlog_producers b)) AS kept
           FROM public.looking_producers) w
     LEFT JOIN LATERAL ( SELECT k.contents,
            k.done,
            k.failed
           FROM public.folder_coverage k
          WHERE ((k.producer_id = w.producer_id) AND (k.folder <> ALL (ARRAY( SELECT DISTINCT u.folder
                   FROM public.unchecked_folders u))))
        UNION ALL
         SELECT f.contents,
            f.done,
            f.failed
           FROM public.coverage_of(w.asset, w.producer_id,
                CASE
                    WHEN w.kept THEN ARRAY( SELECT DISTINCT u.folder
                       FROM public.unchecked_folders u)
                    ELSE NULL::text[]
                END) f(folder, contents, done, failed)) c ON (true))
  GROUP BY w.asset, w.producer_id;

COMMENT ON VIEW gallery.coverage IS 'Of the producers that are read or being filled: how many contents there are to look at, how many are done, and how many failed.';

CREATE VIEW gallery.crop_embeddings AS
 SELECT producer_id,
    detection_id,
    embedding
   FROM public.crop_embeddings;

CREATE TABLE public.files (
    file_id uuid NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    library text NOT NULL,
    path public.quoted_path NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    mtime_ns bigint NOT NULL,
    content_id public.content_id,
    format text,
    claimed_format text,
    role text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    missing_since timestamp with time zone,
    read_at timestamp with time zone DEFAULT now(),
    CONSTRAINT files_role_check CHECK ((role = ANY (ARRAY['picture'::text, 'raw'::text, 'video'::text, 'sidecar'::text, 'other'::text])))
);

COMMENT ON TABLE public.files IS 'The file inventory. file_id is derived from library and path; a move changes file_id and path in one UPDATE and everything that points here follows. role other: looked at once, not media.';

COMMENT ON COLUMN public.files.file_id IS 'derived from library and path';

COMMENT ON COLUMN public.files.folder IS 'key of the folder, a Dagster partition';

COMMENT ON COLUMN public.files.library IS 'name of the library';

COMMENT ON COLUMN public.files.path IS 'quoted, relative to the library root';

COMMENT ON COLUMN public.files.name IS 'the last component, for people';

COMMENT ON COLUMN public.files.size IS 'bytes';

COMMENT ON COLUMN public.files.mtime_ns IS 'nanoseconds since 1970';

COMMENT ON COLUMN public.files.content_id IS 'BLAKE3 of the bytes; null for what is not media';

COMMENT ON COLUMN public.files.format IS 'by content; null when the bytes are nothing we know';

COMMENT ON COLUMN public.files.claimed_format IS 'What the extension says, when it lies; null otherwise.';

COMMENT ON COLUMN public.files.role IS 'what kind of thing it is';

COMMENT ON COLUMN public.files.first_seen_at IS 'when a scan first saw it';

COMMENT ON COLUMN public.files.missing_since IS 'when a scan first missed it';

COMMENT ON COLUMN public.files.read_at IS 'when its bytes were read for the inventory; null: before that was recorded';

CREATE TABLE public.integrity (
    file_id uuid NOT NULL,
    content_id public.content_id NOT NULL,
    size bigint NOT NULL,
    mtime_ns bigint NOT NULL,
    verified_at timestamp with time zone NOT NULL,
    unchanged_since timestamp with time zone,
    intact_at timestamp with time zone,
    damaged_at timestamp with time zone,
    found public.content_id,
    reason text,
    CONSTRAINT integrity_check CHECK (((found)::text <> (content_id)::text)),
    CONSTRAINT integrity_check1 CHECK ((((damaged_at IS NULL) = (found IS NULL)) AND ((damaged_at IS NULL) = (reason IS NULL))))
);

COMMENT ON TABLE public.integrity IS 'Originals that were read again after they came into the inventory. One whose bytes changed while its size and time did not is damaged; the inventory goes on naming the bytes it should have.';

COMMENT ON COLUMN public.integrity.file_id IS 'which file';

COMMENT ON COLUMN public.integrity.content_id IS 'BLAKE3 of the bytes it should have';

COMMENT ON COLUMN public.integrity.size IS 'bytes, when it was read again';

COMMENT ON COLUMN public.integrity.mtime_ns IS 'nanoseconds since 1970, when it was read again';

COMMENT ON COLUMN public.integrity.verified_at IS 'when it was last read again';

COMMENT ON COLUMN public.integrity.unchanged_since IS 'since when it is known to have these bytes; null: never seen intact again';

COMMENT ON COLUMN public.integrity.intact_at IS 'when it was last seen intact; null: not known';

COMMENT ON COLUMN public.integrity.damaged_at IS 'when other bytes were first read; null: intact';

COMMENT ON COLUMN public.integrity.found IS 'BLAKE3 of those other bytes';

COMMENT ON COLUMN public.integrity.reason IS 'what is wrong, and what may have done it';

CREATE VIEW public.damage AS
 SELECT i.file_id,
    f.folder,
    f.library,
    f.path,
    f.name,
    f.size,
    f.missing_since,
    i.content_id,
    i.found,
    i.reason,
    i.damaged_at,
    i.intact_at,
    i.verified_at
   FROM (public.integrity i
     JOIN public.files f USING (file_id))
  WHERE ((i.damaged_at IS NOT NULL) AND ((((f.content_id)::text = (i.content_id)::text) AND (f.size = i.size) AND (f.mtime_ns = i.mtime_ns)) OR ((f.content_id)::text = (i.found)::text)));

COMMENT ON VIEW public.damage IS 'Files that are damaged as they lie there now: not those that were replaced or written anew since. Bytes known as damaged stay damaged when only the time of the file changes.';

CREATE TABLE public.image_files (
    file_id uuid NOT NULL,
    image_id uuid NOT NULL,
    part text NOT NULL,
    CONSTRAINT image_files_part_check CHECK ((part = ANY (ARRAY['primary'::text, 'raw'::text, 'motion'::text, 'edited'::text, 'sidecar'::text, 'copy'::text])))
);

COMMENT ON TABLE public.image_files IS 'Which file plays which part in which image. A copy is the same picture again: the bytes of another part, the camera''s HEIC beside its JPEG and RAW, or its picture without the effect.';

CREATE VIEW gallery.damage AS
 SELECT d.file_id,
    d.folder,
    d.library,
    d.path,
    d.name,
    d.size,
    d.content_id,
    d.found,
    d.reason,
    d.damaged_at,
    d.intact_at,
    d.verified_at,
    m.image_id,
    c.copy
   FROM ((public.damage d
     LEFT JOIN public.image_files m USING (file_id))
     LEFT JOIN LATERAL ( SELECT ((o.library || '/'::text) || (o.path)::text) AS copy
           FROM public.files o
          WHERE (((o.content_id)::text = (d.content_id)::text) AND (o.file_id <> d.file_id) AND (o.missing_since IS NULL) AND (NOT (EXISTS ( SELECT
                   FROM public.damage x
                  WHERE (x.file_id = o.file_id)))))
          ORDER BY (o.library <> d.library), o.path
         LIMIT 1) c ON (true))
  WHERE (d.missing_since IS NULL);

COMMENT ON VIEW gallery.damage IS 'Damaged files that are there. copy: another file with the bytes it should have, library and quoted path, if there is one.';

CREATE TABLE public.day_sums (
    day date NOT NULL,
    kind text NOT NULL,
    images bigint NOT NULL,
    ratios numeric NOT NULL
);

COMMENT ON TABLE public.day_sums IS 'Differences that add up, by day and kind, to the present images. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.day_sums.day IS 'that of timeline_at';

COMMENT ON COLUMN public.day_sums.kind IS 'picture or video';

COMMENT ON COLUMN public.day_sums.images IS 'images more, or fewer if negative';

COMMENT ON COLUMN public.day_sums.ratios IS 'sum of their ratios; exact, so that what was added can be taken away';

CREATE VIEW gallery.days AS
 SELECT day,
    kind,
    (sum(images))::bigint AS images,
    (sum(ratios))::double precision AS ratios
   FROM public.day_sums
  GROUP BY day, kind
 HAVING (sum(images) > (0)::numeric);

COMMENT ON VIEW gallery.days IS 'How many present images a local day has, by kind, and the sum of their ratios, 1.5 where nothing is known.';

CREATE TABLE public.images (
    image_id uuid NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    content_id public.content_id NOT NULL,
    kind text NOT NULL,
    taken_at timestamp without time zone NOT NULL,
    utc_offset smallint,
    make text,
    model text,
    lens text,
    exposure_time double precision,
    f_number double precision,
    iso integer,
    focal_length double precision,
    focal_length_35mm double precision,
    latitude double precision,
    longitude double precision,
    altitude double precision,
    width integer,
    height integer,
    duration double precision,
    rating smallint,
    title text,
    description text,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    keyword_paths text[] DEFAULT '{}'::text[] NOT NULL,
    people jsonb DEFAULT '[]'::jsonb NOT NULL,
    sources jsonb DEFAULT '{}'::jsonb NOT NULL,
    names text[] DEFAULT '{}'::text[] NOT NULL,
    stack_size smallint DEFAULT 1 NOT NULL,
    ratio real,
    thumbhash bytea,
    timeline_at timestamp without time zone NOT NULL,
    search tsvector NOT NULL,
    producer_id text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    missing_since timestamp with time zone,
    taken_at_precision public.date_precision DEFAULT 'second'::text NOT NULL,
    orientation smallint,
    CONSTRAINT images_kind_check CHECK ((kind = ANY (ARRAY['picture'::text, 'video'::text]))),
    CONSTRAINT images_orientation_check CHECK (((orientation >= 1) AND (orientation <= 8)))
);

COMMENT ON TABLE public.images IS 'One exposure each. content_id is its primary content, folder the one that keeps the row. sources: field to where its value came from, such as exif, sidecar:a.xmp, file name, mtime. stack_size: its files in that folder, without sidecars and copies. ratio and thumbhash: of the thumbnails once they exist; they stand here so that an index alone serves the timeline. timeline_at and search hold the settled values, what a person said included, so that an index serves them.';

COMMENT ON COLUMN public.images.image_id IS 'derived from the first primary content, then kept';

COMMENT ON COLUMN public.images.folder IS 'the folder that keeps the row';

COMMENT ON COLUMN public.images.content_id IS 'the primary content';

COMMENT ON COLUMN public.images.kind IS 'picture or video';

COMMENT ON COLUMN public.images.taken_at IS 'local wall time';

COMMENT ON COLUMN public.images.utc_offset IS 'minutes east of UTC';

COMMENT ON COLUMN public.images.sources IS 'field to where its value came from';

COMMENT ON COLUMN public.images.names IS 'of its files';

COMMENT ON COLUMN public.images.stack_size IS 'its files in the folder, without sidecars and copies';

COMMENT ON COLUMN public.images.ratio IS 'width over height';

COMMENT ON COLUMN public.images.thumbhash IS 'of its thumbnails';

COMMENT ON COLUMN public.images.timeline_at IS 'taken_at, or what a person said instead';

COMMENT ON COLUMN public.images.missing_since IS 'when its last file went missing';

COMMENT ON COLUMN public.images.taken_at_precision IS 'what of taken_at is known';

COMMENT ON COLUMN public.images.orientation IS 'Exif orientation: the file''s, or a sidecar''s that corrects it; null when nobody says';

CREATE VIEW gallery.detections AS
 SELECT d.detection_id,
    i.image_id,
    d.content_id,
    d.producer_id,
    d.frame,
    d.time_offset,
    d.label,
    d.score,
    d.x,
    d.y,
    d.width,
    d.height
   FROM ((public.active_producers a
     JOIN public.detections d USING (producer_id))
     JOIN public.images i USING (content_id))
  WHERE ((a.asset = 'detections'::text) AND (i.missing_since IS NULL));

COMMENT ON VIEW gallery.detections IS 'The objects in present images, by the detector that is read.';

CREATE VIEW gallery.embeddings AS
 SELECT producer_id,
    content_id,
    frame,
    time_offset,
    embedding
   FROM public.embeddings;

CREATE TABLE public.exif (
    content_id public.content_id NOT NULL,
    producer_id text NOT NULL,
    taken_at timestamp without time zone,
    utc_offset smallint,
    taken_at_source text,
    make text,
    model text,
    lens text,
    exposure_time double precision,
    f_number double precision,
    iso integer,
    focal_length double precision,
    focal_length_35mm double precision,
    latitude double precision,
    longitude double precision,
    altitude double precision,
    orientation smallint,
    width integer,
    height integer,
    duration double precision,
    rating smallint,
    title text,
    description text,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    keyword_paths text[] DEFAULT '{}'::text[] NOT NULL,
    people jsonb DEFAULT '[]'::jsonb NOT NULL,
    content_identifier text,
    refused jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    motion_offset bigint,
    motion_length bigint,
    taken_at_precision public.date_precision,
    CONSTRAINT exif_check CHECK (((motion_offset > 0) AND (motion_length > 0))),
    CONSTRAINT exif_check1 CHECK (((motion_offset IS NULL) = (motion_length IS NULL))),
    CONSTRAINT exif_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT exif_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT exif_orientation_check CHECK (((orientation >= 1) AND (orientation <= 8))),
    CONSTRAINT exif_rating_check CHECK (((rating >= '-1'::integer) AND (rating <= 5)))
);

COMMENT ON TABLE public.exif IS 'What is written in a content (pictures, videos and sidecars alike). taken_at is local wall time, utc_offset minutes east; width and height are upright pixels; exposure_time and duration seconds; focal lengths millimetres; altitude metres. refused: field to why its value was not believed. tags: everything else.';

COMMENT ON COLUMN public.exif.content_id IS 'BLAKE3 of the bytes';

COMMENT ON COLUMN public.exif.producer_id IS 'who read it';

COMMENT ON COLUMN public.exif.taken_at IS 'local wall time';

COMMENT ON COLUMN public.exif.utc_offset IS 'minutes east of UTC';

COMMENT ON COLUMN public.exif.taken_at_source IS 'which kind of tag said so';

COMMENT ON COLUMN public.exif.exposure_time IS 'seconds';

COMMENT ON COLUMN public.exif.focal_length IS 'millimetres';

COMMENT ON COLUMN public.exif.focal_length_35mm IS 'millimetres';

COMMENT ON COLUMN public.exif.latitude IS 'degrees north';

COMMENT ON COLUMN public.exif.longitude IS 'degrees east';

COMMENT ON COLUMN public.exif.altitude IS 'metres above the sea';

COMMENT ON COLUMN public.exif.orientation IS 'Exif value 1 to 8, as written';

COMMENT ON COLUMN public.exif.width IS 'upright pixels';

COMMENT ON COLUMN public.exif.height IS 'upright pixels';

COMMENT ON COLUMN public.exif.duration IS 'seconds';

COMMENT ON COLUMN public.exif.rating IS '-1 rejected, 0 none, 1 to 5 stars';

COMMENT ON COLUMN public.exif.keywords IS 'plain words';

COMMENT ON COLUMN public.exif.keyword_paths IS 'from the root down, levels separated by |';

COMMENT ON COLUMN public.exif.people IS 'regions: name, and x, y, width, height as fractions from the top left';

COMMENT ON COLUMN public.exif.content_identifier IS 'what pairs a Live Photo with its film';

COMMENT ON COLUMN public.exif.refused IS 'column to why something was there but not believed, cut or assumed';

COMMENT ON COLUMN public.exif.tags IS 'everything else, by group and tag';

COMMENT ON COLUMN public.exif.motion_offset IS 'where in the content the film of a motion photo begins, bytes';

COMMENT ON COLUMN public.exif.motion_length IS 'how long that film is, bytes';

COMMENT ON COLUMN public.exif.taken_at_precision IS 'what of taken_at the file says';

CREATE VIEW gallery.exif AS
 SELECT content_id,
    producer_id,
    taken_at,
    utc_offset,
    taken_at_source,
    make,
    model,
    lens,
    exposure_time,
    f_number,
    iso,
    focal_length,
    focal_length_35mm,
    latitude,
    longitude,
    altitude,
    orientation,
    width,
    height,
    duration,
    rating,
    title,
    description,
    keywords,
    keyword_paths,
    people,
    content_identifier,
    refused,
    tags,
    motion_offset,
    motion_length,
    taken_at_precision
   FROM public.exif;

CREATE TABLE public.facet_sums (
    kind text NOT NULL,
    camera text,
    lens text,
    images bigint NOT NULL
);

COMMENT ON TABLE public.facet_sums IS 'Differences that add up, by kind, camera and lens, to the present images. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.facet_sums.kind IS 'picture or video';

COMMENT ON COLUMN public.facet_sums.camera IS 'make and model; null while unknown';

COMMENT ON COLUMN public.facet_sums.lens IS 'as the file names it; null while unknown';

COMMENT ON COLUMN public.facet_sums.images IS 'images more, or fewer if negative';

CREATE VIEW gallery.facets AS
 SELECT kind,
    camera,
    lens,
    (sum(images))::bigint AS images
   FROM public.facet_sums
  GROUP BY kind, camera, lens
 HAVING (sum(images) > (0)::numeric);

COMMENT ON VIEW gallery.facets IS 'How many present images there are of each kind, camera and lens.';

CREATE TABLE public.libraries (
    library text NOT NULL,
    root text NOT NULL,
    depth smallint DEFAULT 3 NOT NULL,
    include text[] DEFAULT '{}'::text[] NOT NULL,
    exclude text[] DEFAULT '{}'::text[] NOT NULL,
    device bigint,
    mounted boolean,
    state text DEFAULT 'new'::text NOT NULL,
    reason text,
    checked_at timestamp with time zone,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT libraries_depth_check CHECK (((depth >= 1) AND (depth <= 16))),
    CONSTRAINT libraries_library_check CHECK ((library ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT libraries_state_check CHECK ((state = ANY (ARRAY['new'::text, 'reachable'::text, 'unreachable'::text])))
);

COMMENT ON TABLE public.libraries IS 'Named roots on the NAS. root is a quoted absolute path; device and mounted are what the root was when it was last reachable.';

CREATE VIEW gallery.files AS
 SELECT f.file_id,
    f.folder,
    f.library,
    l.root,
    f.path,
    f.name,
    f.size,
    f.mtime_ns,
    f.content_id,
    f.format,
    f.claimed_format,
    f.role,
    f.first_seen_at,
    f.missing_since,
    m.image_id,
    m.part
   FROM ((public.files f
     JOIN public.libraries l USING (library))
     LEFT JOIN public.image_files m USING (file_id));

CREATE TABLE public.folder_sums (
    folder text NOT NULL COLLATE pg_catalog."C",
    images bigint NOT NULL,
    files bigint NOT NULL
);

COMMENT ON TABLE public.folder_sums IS 'Differences that add up, by folder, to its present images and media files. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.folder_sums.folder IS 'key of the folder';

COMMENT ON COLUMN public.folder_sums.images IS 'images more, or fewer if negative';

COMMENT ON COLUMN public.folder_sums.files IS 'files more that are media, or fewer if negative';

CREATE TABLE public.folders (
    folder text NOT NULL COLLATE pg_catalog."C",
    library text NOT NULL,
    path public.quoted_path NOT NULL,
    name text NOT NULL,
    signature text,
    scanned_signature text,
    file_count integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'reachable'::text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    batch text,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    scanned_at timestamp with time zone,
    CONSTRAINT folders_state_check CHECK ((state = ANY (ARRAY['reachable'::text, 'unreachable'::text, 'vanished'::text])))
);

COMMENT ON TABLE public.folders IS 'One Dagster partition each. signature is a hash of what the last walk saw by stat; scanned_signature is the one the inventory was made from. They differ while work is due; attempts and retry_at slow down a folder that keeps failing. batch is the run that was last asked to bring it up to date.';

CREATE VIEW gallery.folders AS
 SELECT f.folder,
    f.library,
    f.path,
    f.name,
    f.state,
    f.reason,
    f.file_count,
    f.seen_at,
    f.scanned_at,
    f.attempts,
    f.retry_at,
    (COALESCE(s.images, (0)::numeric))::bigint AS images
   FROM (public.folders f
     LEFT JOIN ( SELECT folder_sums.folder,
            sum(folder_sums.images) AS images
           FROM public.folder_sums
          GROUP BY folder_sums.folder) s USING (folder));

CREATE TABLE public.problems (
    asset text NOT NULL,
    subject text NOT NULL,
    content_id public.content_id,
    file_id uuid,
    producer_id text,
    reason text NOT NULL,
    permanent boolean NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.problems IS 'Why an asset has no row for a content, or for a file that could not be read. subject is the content_id or the file_id. permanent: another try gives the same answer under the same producer.';

CREATE TABLE public.thumbnails (
    content_id public.content_id NOT NULL,
    producer_id text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    sizes smallint[] NOT NULL,
    bytes bigint NOT NULL,
    thumbhash bytea NOT NULL,
    mean_color integer NOT NULL,
    decoder text NOT NULL,
    warning text,
    CONSTRAINT thumbnails_mean_color_check CHECK (((mean_color >= 0) AND (mean_color <= 16777215)))
);

COMMENT ON TABLE public.thumbnails IS 'The thumbnails of a content on disk. width and height: upright pixels of the decoded source. sizes: the long-edge classes that exist (a picture is never enlarged). mean_color is 0xRRGGBB. warning: what was wrong with a file that could be shown in part.';

COMMENT ON COLUMN public.thumbnails.content_id IS 'BLAKE3 of the bytes';

COMMENT ON COLUMN public.thumbnails.producer_id IS 'who made them';

COMMENT ON COLUMN public.thumbnails.width IS 'upright pixels of the source';

COMMENT ON COLUMN public.thumbnails.height IS 'upright pixels of the source';

COMMENT ON COLUMN public.thumbnails.sizes IS 'long edges that exist, in pixels';

COMMENT ON COLUMN public.thumbnails.bytes IS 'on disk, all sizes together';

COMMENT ON COLUMN public.thumbnails.thumbhash IS 'a blurred picture in about 25 bytes';

COMMENT ON COLUMN public.thumbnails.mean_color IS '0xRRGGBB';

COMMENT ON COLUMN public.thumbnails.decoder IS 'what decoded the source';

COMMENT ON COLUMN public.thumbnails.warning IS 'what was wrong with a file that could be shown in part';

CREATE VIEW public.library_freshness AS
 WITH present AS (
         SELECT DISTINCT files.folder,
            files.content_id,
            (files.role <> 'sidecar'::text) AS shown
           FROM public.files
          WHERE ((files.missing_since IS NULL) AND (files.content_id IS NOT NULL))
        ), derived AS (
         SELECT p.folder,
            made.asset,
            p.content_id,
            made.producer_id
           FROM (((present p
             LEFT JOIN public.exif e USING (content_id))
             LEFT JOIN public.thumbnails t USING (content_id))
             CROSS JOIN LATERAL ( VALUES ('exif'::text,e.producer_id), ('thumbnails'::text,t.producer_id)) made(asset, producer_id))
          WHERE ((made.asset = 'exif'::text) OR p.shown)
        UNION ALL
         SELECT f.folder,
            'images'::text,
            f.content_id,
            min(i.producer_id) AS min
           FROM ((public.files f
             LEFT JOIN public.image_files m USING (file_id))
             LEFT JOIN public.images i USING (image_id))
          WHERE ((f.missing_since IS NULL) AND (f.content_id IS NOT NULL) AND (f.role <> 'sidecar'::text))
          GROUP BY f.folder, f.content_id
        )
 SELECT d.folder,
    d.asset,
    count(*) FILTER (WHERE (d.producer_id = a.producer_id)) AS fresh,
    count(*) FILTER (WHERE ((d.producer_id <> a.producer_id) AND (b.subject IS NULL))) AS stale,
    count(*) FILTER (WHERE ((d.producer_id IS DISTINCT FROM a.producer_id) AND (b.subject IS NOT NULL))) AS failed,
    count(*) FILTER (WHERE ((d.producer_id IS NULL) AND (b.subject IS NULL))) AS waiting
   FROM ((derived d
     LEFT JOIN public.active_producers a USING (asset))
     LEFT JOIN public.problems b ON (((b.asset = d.asset) AND (b.subject = (d.content_id)::text) AND (NOT (b.producer_id IS DISTINCT FROM a.producer_id)))))
  GROUP BY d.folder, d.asset
UNION ALL
 SELECT f.folder,
    'files'::text AS asset,
    (((f.state <> 'unreachable'::text) AND (NOT (f.scanned_signature IS DISTINCT FROM f.signature))))::integer AS fresh,
    (((f.state <> 'unreachable'::text) AND (f.scanned_signature <> f.signature)))::integer AS stale,
    ((f.state = 'unreachable'::text))::integer AS failed,
    (((f.state <> 'unreachable'::text) AND (f.scanned_signature IS NULL) AND (f.signature IS NOT NULL)))::integer AS waiting
   FROM public.folders f
  WHERE (f.state <> 'vanished'::text);

COMMENT ON VIEW public.library_freshness IS 'Contents per folder and asset: fresh under the active producer, stale under another, failed with a problem, or waiting. For files: the folder itself.';

CREATE VIEW public.looked_at AS
 SELECT image_id,
    folder,
    content_id,
    kind,
    timeline_at
   FROM public.images
  WHERE ((missing_since IS NULL) AND (thumbhash IS NOT NULL));

COMMENT ON VIEW public.looked_at IS 'What networks look at: the contents that present images show, once they have thumbnails.';

CREATE VIEW public.vision_freshness AS
 SELECT folder,
    asset,
    ((sum(contents) - sum(undone)))::bigint AS fresh,
    (sum(stale))::bigint AS stale,
    (sum(failed))::bigint AS failed,
    (sum(waiting))::bigint AS waiting
   FROM ( SELECT l.folder,
            a.asset,
            l.contents,
            0 AS undone,
            0 AS stale,
            0 AS failed,
            0 AS waiting
           FROM (public.active_producers a
             CROSS JOIN LATERAL ( SELECT looked_at.folder,
                    count(*) AS contents
                   FROM public.looked_at
                  WHERE ((a.asset <> 'key_frames'::text) OR (looked_at.kind = 'video'::text))
                  GROUP BY looked_at.folder) l)
        UNION ALL
         SELECT u.folder,
            a.asset,
            0,
            u.contents,
            u.stale,
            u.failed,
            u.waiting
           FROM (public.active_producers a
             CROSS JOIN LATERAL ( SELECT i.folder,
                    count(*) AS contents,
                    count(*) FILTER (WHERE ((b.subject IS NULL) AND seen.before)) AS stale,
                    count(*) FILTER (WHERE (b.subject IS NOT NULL)) AS failed,
                    count(*) FILTER (WHERE ((b.subject IS NULL) AND (NOT seen.before))) AS waiting
                   FROM ((public.looked_at i
                     LEFT JOIN public.problems b ON (((b.asset = a.asset) AND (b.subject = (i.content_id)::text) AND (b.producer_id = a.producer_id))))
                     CROSS JOIN LATERAL ( SELECT (EXISTS ( SELECT
                                   FROM (public.producers p
                                     JOIN public.analyses o USING (producer_id))
                                  WHERE ((p.asset = a.asset) AND ((o.content_id)::text = (i.content_id)::text)))) AS before) seen)
                  WHERE (((a.asset <> 'key_frames'::text) OR (i.kind = 'video'::text)) AND (NOT (EXISTS ( SELECT
                           FROM public.analyses d
                          WHERE ((d.producer_id = a.producer_id) AND ((d.content_id)::text = (i.content_id)::text))))))
                  GROUP BY i.folder) u)) counted
  WHERE (asset = ANY (ARRAY['key_frames'::text, 'detections'::text, 'masks'::text, 'embeddings'::text, 'crop_embeddings'::text, 'taxonomy_links'::text]))
  GROUP BY folder, asset;

COMMENT ON VIEW public.vision_freshness IS 'As library_freshness, for the assets that look at pictures: fresh under the producer that is read.';

CREATE VIEW gallery.freshness AS
 SELECT library_freshness.folder,
    library_freshness.asset,
    library_freshness.fresh,
    library_freshness.stale,
    library_freshness.failed,
    library_freshness.waiting
   FROM public.library_freshness
UNION ALL
 SELECT vision_freshness.folder,
    vision_freshness.asset,
    vision_freshness.fresh,
    vision_freshness.stale,
    vision_freshness.failed,
    vision_freshness.waiting
   FROM public.vision_freshness;

COMMENT ON VIEW gallery.freshness IS 'Contents per folder and asset: fresh under the active producer, stale under another, failed with a problem, or waiting. For files: the folder itself.';

CREATE TABLE public.gpu_queue (
    id boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    queued integer NOT NULL,
    running integer NOT NULL,
    folders integer NOT NULL,
    contents bigint NOT NULL,
    seconds_left real,
    counted_at timestamp with time zone NOT NULL,
    reason text,
    idle_since timestamp with time zone,
    CONSTRAINT gpu_queue_contents_check CHECK ((contents >= 0)),
    CONSTRAINT gpu_queue_folders_check CHECK ((folders >= 0)),
    CONSTRAINT gpu_queue_id_check CHECK (id),
    CONSTRAINT gpu_queue_queued_check CHECK ((queued >= 0)),
    CONSTRAINT gpu_queue_running_check CHECK ((running >= 0)),
    CONSTRAINT gpu_queue_seconds_left_check CHECK ((seconds_left >= (0)::double precision))
);

COMMENT ON TABLE public.gpu_queue IS 'What waits for the agents, as of the last look: one row, or none without agents.';

COMMENT ON COLUMN public.gpu_queue.id IS 'true: there is one row';

COMMENT ON COLUMN public.gpu_queue.at IS 'when';

COMMENT ON COLUMN public.gpu_queue.queued IS 'runs that wait';

COMMENT ON COLUMN public.gpu_queue.running IS 'runs that work';

COMMENT ON COLUMN public.gpu_queue.folders IS 'folders with something that no network has seen';

COMMENT ON COLUMN public.gpu_queue.contents IS 'contents in them that no network has seen';

COMMENT ON COLUMN public.gpu_queue.seconds_left IS 'how long the agents take for them, by how fast they were lately; null while nobody knows';

COMMENT ON COLUMN public.gpu_queue.counted_at IS 'when folders, contents and seconds were counted';

COMMENT ON COLUMN public.gpu_queue.reason IS 'what runs wait for; null while they get on';

COMMENT ON COLUMN public.gpu_queue.idle_since IS 'when the last run ended; null while there is one';

CREATE VIEW gallery.gpu_queue AS
 SELECT at,
    queued,
    running,
    folders,
    contents,
    seconds_left,
    reason
   FROM public.gpu_queue;

CREATE VIEW gallery.image_problems AS
 SELECT m.image_id,
    p.asset,
    p.reason,
    p.permanent,
    p.attempts,
    p.last_at
   FROM ((public.image_files m
     JOIN public.files f USING (file_id))
     JOIN public.problems p ON (((p.content_id)::text = (f.content_id)::text)))
UNION ALL
 SELECT m.image_id,
    p.asset,
    p.reason,
    p.permanent,
    p.attempts,
    p.last_at
   FROM (public.image_files m
     JOIN public.problems p ON ((p.file_id = m.file_id)));

COMMENT ON VIEW gallery.image_problems IS 'What could not be done with the files of an image: as often as it has files with the same bytes.';

CREATE VIEW gallery.images AS
 SELECT i.image_id,
    i.folder,
    f.library,
    i.content_id,
    i.kind,
    i.timeline_at AS taken_at,
    COALESCE(p.utc_offset, i.utc_offset) AS utc_offset,
    i.make,
    i.model,
    i.lens,
    i.exposure_time,
    i.f_number,
    i.iso,
    i.focal_length,
    i.focal_length_35mm,
    i.latitude,
    i.longitude,
    i.altitude,
    COALESCE(t.width, i.width) AS width,
    COALESCE(t.height, i.height) AS height,
    i.ratio,
    i.duration,
    COALESCE(p.rating, i.rating) AS rating,
    COALESCE(p.title, i.title) AS title,
    COALESCE(p.description, i.description) AS description,
    COALESCE(p.keywords, i.keywords) AS keywords,
    i.keyword_paths,
    i.people,
    (i.sources || jsonb_strip_nulls(jsonb_build_object('taken_at',
        CASE
            WHEN (p.taken_at IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END, 'utc_offset',
        CASE
            WHEN (p.utc_offset IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END, 'rating',
        CASE
            WHEN (p.rating IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END, 'title',
        CASE
            WHEN (p.title IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END, 'description',
        CASE
            WHEN (p.description IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END, 'keywords',
        CASE
            WHEN (p.keywords IS NOT NULL) THEN 'person'::text
            ELSE NULL::text
        END))) AS sources,
    i.search,
    i.names[1] AS name,
    i.stack_size,
    i.producer_id,
    i.first_seen_at,
    i.thumbhash,
    t.mean_color,
    t.sizes,
    t.warning,
    gallery.camera(i.make, i.model) AS camera,
    ((i.latitude IS NOT NULL) AND (i.longitude IS NOT NULL)) AS has_gps,
        CASE
            WHEN (p.taken_at IS NOT NULL) THEN 'second'::text
            ELSE (i.taken_at_precision)::text
        END AS taken_at_precision
   FROM (((public.images i
     LEFT JOIN public.folders f USING (folder))
     LEFT JOIN public.thumbnails t USING (content_id))
     LEFT JOIN curation.image_values p USING (image_id))
  WHERE (i.missing_since IS NULL);

CREATE VIEW gallery.integrity AS
 SELECT f.folder,
    count(*) AS files,
    count(i.file_id) FILTER (WHERE (d.file_id IS NULL)) AS unchanged,
    count(d.file_id) AS damaged,
    min(i.unchanged_since) FILTER (WHERE (d.file_id IS NULL)) AS unchanged_since,
    min(i.verified_at) AS verified_at
   FROM ((public.files f
     LEFT JOIN public.integrity i ON (((i.file_id = f.file_id) AND ((i.content_id)::text = (f.content_id)::text))))
     LEFT JOIN public.damage d ON ((d.file_id = f.file_id)))
  WHERE ((f.missing_since IS NULL) AND (f.content_id IS NOT NULL))
  GROUP BY f.folder;

COMMENT ON VIEW gallery.integrity IS 'Per folder: its files, how many were read again and are unchanged, how many are damaged. unchanged_since: of the one known longest; the others since they came. verified_at: of the one whose reading is longest ago.';

CREATE TABLE public.key_frames (
    content_id public.content_id NOT NULL,
    frame smallint NOT NULL,
    producer_id text NOT NULL,
    time_offset real NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    CONSTRAINT key_frames_frame_check CHECK ((frame >= 0)),
    CONSTRAINT key_frames_height_check CHECK ((height > 0)),
    CONSTRAINT key_frames_time_offset_check CHECK ((time_offset >= (0)::double precision)),
    CONSTRAINT key_frames_width_check CHECK ((width > 0))
);

COMMENT ON TABLE public.key_frames IS 'Pictures out of videos, on disk beside the thumbnails: what networks look at.';

COMMENT ON COLUMN public.key_frames.content_id IS 'BLAKE3 of the video''s bytes';

COMMENT ON COLUMN public.key_frames.frame IS 'number of the picture, from 0, in order of time';

COMMENT ON COLUMN public.key_frames.producer_id IS 'who cut it out';

COMMENT ON COLUMN public.key_frames.time_offset IS 'seconds from the beginning';

COMMENT ON COLUMN public.key_frames.width IS 'pixels, upright';

COMMENT ON COLUMN public.key_frames.height IS 'pixels, upright';

CREATE VIEW gallery.key_frames AS
 SELECT content_id,
    frame,
    producer_id,
    time_offset,
    width,
    height
   FROM public.key_frames;

CREATE VIEW public.folder_labels AS
 SELECT d.producer_id,
    i.folder,
    d.label,
    (count(DISTINCT i.image_id))::integer AS images,
    (count(*))::integer AS detections
   FROM (public.images i
     JOIN public.detections d USING (content_id))
  WHERE (i.missing_since IS NULL)
  GROUP BY d.producer_id, i.folder, d.label;

COMMENT ON VIEW public.folder_labels IS 'What label_totals should say.';

CREATE TABLE public.label_sums (
    producer_id text NOT NULL,
    label text NOT NULL,
    images bigint NOT NULL,
    detections bigint NOT NULL
);

COMMENT ON TABLE public.label_sums IS 'Differences that add up, by producer and label, to all of label_totals. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.label_sums.producer_id IS 'whose detections';

COMMENT ON COLUMN public.label_sums.label IS 'the model''s raw word';

COMMENT ON COLUMN public.label_sums.images IS 'images more, or fewer if negative';

COMMENT ON COLUMN public.label_sums.detections IS 'objects more, or fewer if negative';

CREATE TABLE public.label_totals (
    producer_id text NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    images integer NOT NULL,
    detections integer NOT NULL
);

COMMENT ON TABLE public.label_totals IS 'How many present images of a folder have a label; not of folders in uncounted_folders.';

COMMENT ON COLUMN public.label_totals.producer_id IS 'whose detections';

COMMENT ON COLUMN public.label_totals.folder IS 'key of the folder that keeps the images';

COMMENT ON COLUMN public.label_totals.label IS 'the model''s raw word';

COMMENT ON COLUMN public.label_totals.images IS 'images with it';

COMMENT ON COLUMN public.label_totals.detections IS 'objects with it';

CREATE TABLE public.uncounted_folders (
    folder text NOT NULL COLLATE pg_catalog."C"
);

COMMENT ON TABLE public.uncounted_folders IS 'Folders where images, detections or links changed since they were counted, as often as they did: rows are only added, so that no writer waits for another.';

COMMENT ON COLUMN public.uncounted_folders.folder IS 'key of the folder';

CREATE VIEW gallery.label_counts AS
 SELECT label,
    (sum(images))::bigint AS images,
    (sum(detections))::bigint AS detections
   FROM ( SELECT s.producer_id,
            s.label,
            s.images,
            s.detections
           FROM public.label_sums s
        UNION ALL
         SELECT t.producer_id,
            t.label,
            (- t.images),
            (- t.detections)
           FROM public.label_totals t
          WHERE (t.folder = ANY (ARRAY( SELECT DISTINCT u.folder
                   FROM public.uncounted_folders u)))
        UNION ALL
         SELECT f.producer_id,
            f.label,
            f.images,
            f.detections
           FROM public.folder_labels f
          WHERE (f.folder = ANY (ARRAY( SELECT DISTINCT u.folder
                   FROM public.uncounted_folders u)))) counted
  WHERE (producer_id = ( SELECT a.producer_id
           FROM public.active_producers a
          WHERE (a.asset = 'detections'::text)))
  GROUP BY label
 HAVING (sum(detections) > (0)::numeric);

COMMENT ON VIEW gallery.label_counts IS 'How many present images have a label, by the detector that is read.';

CREATE TABLE public.label_taxa (
    vocabulary text NOT NULL,
    label text NOT NULL,
    taxon public.ltree NOT NULL
);

COMMENT ON TABLE public.label_taxa IS 'What the labels of a vocabulary mean. A label without a row is listed as unmapped, never lost.';

COMMENT ON COLUMN public.label_taxa.vocabulary IS 'the set of labels that a model was trained on';

COMMENT ON COLUMN public.label_taxa.label IS 'the model''s raw word';

COMMENT ON COLUMN public.label_taxa.taxon IS 'what it means';

CREATE VIEW gallery.label_taxa AS
 SELECT vocabulary,
    label,
    taxon
   FROM public.label_taxa;

CREATE VIEW gallery.libraries AS
 SELECT l.library,
    l.root,
    l.depth,
    l.state,
    l.reason,
    l.checked_at,
    l.added_at,
    COALESCE(o.folders, (0)::bigint) AS folders,
    (COALESCE(o.files, (0)::numeric))::bigint AS files,
    (COALESCE(o.images, (0)::numeric))::bigint AS images
   FROM (public.libraries l
     LEFT JOIN ( SELECT f.library,
            count(*) FILTER (WHERE (f.state <> 'vanished'::text)) AS folders,
            sum(s.files) AS files,
            sum(s.images) AS images
           FROM (public.folders f
             LEFT JOIN ( SELECT folder_sums.folder,
                    sum(folder_sums.files) AS files,
                    sum(folder_sums.images) AS images
                   FROM public.folder_sums
                  GROUP BY folder_sums.folder) s USING (folder))
          GROUP BY f.library) o USING (library));

CREATE TABLE public.masks (
    detection_id uuid NOT NULL,
    producer_id text NOT NULL,
    picture_width integer NOT NULL,
    picture_height integer NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    rle text NOT NULL,
    area real NOT NULL,
    score real,
    stability real,
    CONSTRAINT masks_area_check CHECK (((area >= (0)::double precision) AND (area <= (1)::double precision))),
    CONSTRAINT masks_picture_height_check CHECK ((picture_height > 0)),
    CONSTRAINT masks_picture_width_check CHECK ((picture_width > 0)),
    CONSTRAINT masks_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT masks_stability_check CHECK (((stability >= (0)::double precision) AND (stability <= (1)::double precision))),
    CONSTRAINT window_inside CHECK (((x >= 0) AND (y >= 0) AND (width > 0) AND (height > 0) AND ((x + width) <= picture_width) AND ((y + height) <= picture_height)))
);

COMMENT ON TABLE public.masks IS 'The pixels of a detection, cut out of the picture that was looked at by a window around them.';

COMMENT ON COLUMN public.masks.detection_id IS 'whose pixels';

COMMENT ON COLUMN public.masks.producer_id IS 'who drew the mask';

COMMENT ON COLUMN public.masks.picture_width IS 'pixels of the whole picture that was looked at';

COMMENT ON COLUMN public.masks.picture_height IS 'pixels of the whole picture that was looked at';

COMMENT ON COLUMN public.masks.x IS 'left edge of the window, pixels';

COMMENT ON COLUMN public.masks.y IS 'top edge of the window, pixels';

COMMENT ON COLUMN public.masks.width IS 'of the window, pixels';

COMMENT ON COLUMN public.masks.height IS 'of the window, pixels';

COMMENT ON COLUMN public.masks.rle IS 'COCO compressed run lengths of the window, column by column';

COMMENT ON COLUMN public.masks.area IS 'share of the whole picture, 0 to 1';

COMMENT ON COLUMN public.masks.score IS 'the overlap that the model predicts, 0 to 1';

COMMENT ON COLUMN public.masks.stability IS 'how little the mask changes with the threshold, 0 to 1';

CREATE VIEW gallery.masks AS
 SELECT m.detection_id,
    m.producer_id,
    m.picture_width,
    m.picture_height,
    m.x,
    m.y,
    m.width,
    m.height,
    m.rle,
    m.area,
    m.score,
    m.stability
   FROM (public.active_producers a
     JOIN public.masks m USING (producer_id))
  WHERE (a.asset = 'masks'::text);

COMMENT ON VIEW gallery.masks IS 'The pixels of detections, by the segmenter that is read.';

CREATE TABLE public.measurements (
    metric text NOT NULL,
    labels jsonb DEFAULT '{}'::jsonb NOT NULL,
    kind text NOT NULL,
    value double precision NOT NULL,
    measured_at timestamp with time zone NOT NULL,
    CONSTRAINT measurements_kind_check CHECK ((kind = ANY (ARRAY['gauge'::text, 'counter'::text])))
);

COMMENT ON TABLE public.measurements IS 'How the pipelines are doing, for Prometheus: a gauge is replaced by each look, a counter grows. The API shows them, so that a scrape costs one small query.';

CREATE VIEW gallery.measurements AS
 SELECT metric,
    labels,
    kind,
    value,
    measured_at
   FROM public.measurements;

COMMENT ON VIEW gallery.measurements IS 'How the pipelines are doing; see the table.';

CREATE VIEW gallery.motions AS
 SELECT m.image_id,
    m.file_id,
    m.part,
        CASE
            WHEN (m.part <> 'motion'::text) THEN e.motion_offset
            ELSE NULL::bigint
        END AS motion_offset,
        CASE
            WHEN (m.part <> 'motion'::text) THEN e.motion_length
            ELSE NULL::bigint
        END AS motion_length
   FROM ((public.image_files m
     JOIN public.files f USING (file_id))
     LEFT JOIN public.exif e USING (content_id))
  WHERE ((f.missing_since IS NULL) AND ((m.part = 'motion'::text) OR ((m.part = ANY (ARRAY['primary'::text, 'copy'::text])) AND (e.motion_offset IS NOT NULL))));

COMMENT ON VIEW gallery.motions IS 'The films that images have: files of their own, or parts of a picture''s file, which then have an offset and a length.';

CREATE VIEW gallery.problem_count AS
 SELECT count(*) AS count
   FROM public.problems p
  WHERE ((file_id IS NOT NULL) OR (EXISTS ( SELECT
           FROM public.files f
          WHERE ((f.content_id)::text = (p.content_id)::text))));

COMMENT ON VIEW gallery.problem_count IS 'How many problems there are whose bytes a file still holds.';

CREATE VIEW gallery.problems AS
 SELECT p.asset,
    p.subject,
    p.content_id,
    p.reason,
    p.permanent,
    p.attempts,
    p.first_at,
    p.last_at,
    f.file_id,
    f.folder,
    f.library,
    f.path,
    f.name,
    f.missing_since,
    m.image_id
   FROM ((public.problems p
     CROSS JOIN LATERAL ( SELECT f_1.file_id,
            f_1.folder,
            f_1.library,
            f_1.path,
            f_1.name,
            f_1.size,
            f_1.mtime_ns,
            f_1.content_id,
            f_1.format,
            f_1.claimed_format,
            f_1.role,
            f_1.first_seen_at,
            f_1.missing_since,
            f_1.read_at
           FROM ( SELECT x.file_id,
                    x.folder,
                    x.library,
                    x.path,
                    x.name,
                    x.size,
                    x.mtime_ns,
                    x.content_id,
                    x.format,
                    x.claimed_format,
                    x.role,
                    x.first_seen_at,
                    x.missing_since,
                    x.read_at
                   FROM public.files x
                  WHERE (x.file_id = p.file_id)
                UNION ALL
                 SELECT x.file_id,
                    x.folder,
                    x.library,
                    x.path,
                    x.name,
                    x.size,
                    x.mtime_ns,
                    x.content_id,
                    x.format,
                    x.claimed_format,
                    x.role,
                    x.first_seen_at,
                    x.missing_since,
                    x.read_at
                   FROM public.files x
                  WHERE ((x.content_id)::text = (p.content_id)::text)) f_1
          ORDER BY f_1.missing_since NULLS FIRST, f_1.library, f_1.path
         LIMIT 1) f)
     LEFT JOIN public.image_files m ON ((m.file_id = f.file_id)));

CREATE VIEW gallery.producers AS
 SELECT p.producer_id,
    p.asset,
    p.code_version,
    p.model,
    p.weights_hash,
    p.parameters,
    p.created_at,
    (a.producer_id IS NOT NULL) AS active
   FROM (public.producers p
     LEFT JOIN public.active_producers a USING (asset, producer_id));

CREATE TABLE public.taxa (
    taxon public.ltree NOT NULL,
    names jsonb DEFAULT '{}'::jsonb NOT NULL,
    threshold real,
    version text NOT NULL,
    source text DEFAULT 'shipped'::text NOT NULL,
    CONSTRAINT taxa_threshold_check CHECK (((threshold >= (0)::double precision) AND (threshold <= (1)::double precision)))
);

COMMENT ON TABLE public.taxa IS 'The tree of names. The path is the identity: everything below animal.dog is a dog.';

COMMENT ON COLUMN public.taxa.taxon IS 'path from the root';

COMMENT ON COLUMN public.taxa.names IS 'language to name';

COMMENT ON COLUMN public.taxa.threshold IS 'score from which a detection is linked; null for the usual one';

COMMENT ON COLUMN public.taxa.version IS 'of the file that it comes from';

COMMENT ON COLUMN public.taxa.source IS 'shipped, or who made it';

CREATE VIEW gallery.taxa AS
 SELECT taxon,
    NULLIF(public.subpath(taxon, 0, '-1'::integer), ''::public.ltree) AS parent,
    names,
    threshold,
    version,
    source
   FROM public.taxa;

CREATE TABLE public.taxonomy_links (
    image_id uuid NOT NULL,
    taxon public.ltree NOT NULL,
    source text NOT NULL,
    detection_id uuid,
    keyword text,
    score real,
    producer_id text NOT NULL,
    CONSTRAINT taxonomy_links_check CHECK (((source = 'detection'::text) = (detection_id IS NOT NULL))),
    CONSTRAINT taxonomy_links_check1 CHECK (((source = 'keyword'::text) = (keyword IS NOT NULL))),
    CONSTRAINT taxonomy_links_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT taxonomy_links_source_check CHECK ((source = ANY (ARRAY['detection'::text, 'keyword'::text])))
);

COMMENT ON TABLE public.taxonomy_links IS 'What is in an image, by the tree, and how we know.';

COMMENT ON COLUMN public.taxonomy_links.image_id IS 'which image';

COMMENT ON COLUMN public.taxonomy_links.taxon IS 'what is in it';

COMMENT ON COLUMN public.taxonomy_links.source IS 'a detection, or a keyword of the metadata';

COMMENT ON COLUMN public.taxonomy_links.detection_id IS 'the detection, if that is the source';

COMMENT ON COLUMN public.taxonomy_links.keyword IS 'the keyword, if that is the source';

COMMENT ON COLUMN public.taxonomy_links.score IS 'of the detection, 0 to 1; null for a keyword';

COMMENT ON COLUMN public.taxonomy_links.producer_id IS 'who linked it';

CREATE VIEW public.folder_taxa AS
 SELECT l.producer_id,
    i.folder,
    up.taxon,
    (count(DISTINCT i.image_id) FILTER (WHERE (l.taxon OPERATOR(public.=) up.taxon)))::integer AS own,
    (count(DISTINCT i.image_id))::integer AS total
   FROM ((public.images i
     JOIN public.taxonomy_links l USING (image_id))
     CROSS JOIN LATERAL ( SELECT public.subpath(l.taxon, 0, n.n) AS taxon
           FROM generate_series(1, public.nlevel(l.taxon)) n(n)) up)
  WHERE (i.missing_since IS NULL)
  GROUP BY l.producer_id, i.folder, up.taxon;

COMMENT ON VIEW public.folder_taxa IS 'What taxon_totals should say.';

CREATE TABLE public.taxon_sums (
    producer_id text NOT NULL,
    taxon public.ltree NOT NULL,
    own bigint NOT NULL,
    total bigint NOT NULL
);

COMMENT ON TABLE public.taxon_sums IS 'Differences that add up, by producer and taxon, to all of taxon_totals. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.taxon_sums.producer_id IS 'whose links';

COMMENT ON COLUMN public.taxon_sums.taxon IS 'what images show';

COMMENT ON COLUMN public.taxon_sums.own IS 'images more that are linked to it, or fewer if negative';

COMMENT ON COLUMN public.taxon_sums.total IS 'the same, to it or to anything below';

CREATE TABLE public.taxon_totals (
    producer_id text NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    taxon public.ltree NOT NULL,
    own integer NOT NULL,
    total integer NOT NULL
);

COMMENT ON TABLE public.taxon_totals IS 'How many present images of a folder show a taxon; not of folders in uncounted_folders.';

COMMENT ON COLUMN public.taxon_totals.producer_id IS 'whose links';

COMMENT ON COLUMN public.taxon_totals.folder IS 'key of the folder that keeps the images';

COMMENT ON COLUMN public.taxon_totals.taxon IS 'what they show';

COMMENT ON COLUMN public.taxon_totals.own IS 'images linked to it';

COMMENT ON COLUMN public.taxon_totals.total IS 'images linked to it or to anything below';

CREATE VIEW gallery.taxon_counts AS
 SELECT t.taxon,
    (COALESCE(sum(c.own), (0)::numeric))::bigint AS own,
    (COALESCE(sum(c.total), (0)::numeric))::bigint AS total
   FROM (public.taxa t
     LEFT JOIN ( SELECT s.producer_id,
            s.taxon,
            s.own,
            s.total
           FROM public.taxon_sums s
        UNION ALL
         SELECT n.producer_id,
            n.taxon,
            (- n.own),
            (- n.total)
           FROM public.taxon_totals n
          WHERE (n.folder = ANY (ARRAY( SELECT DISTINCT u.folder
                   FROM public.uncounted_folders u)))
        UNION ALL
         SELECT f.producer_id,
            f.taxon,
            f.own,
            f.total
           FROM public.folder_taxa f
          WHERE (f.folder = ANY (ARRAY( SELECT DISTINCT u.folder
                   FROM public.uncounted_folders u)))) c ON (((c.taxon OPERATOR(public.=) t.taxon) AND (c.producer_id = ( SELECT a.producer_id
           FROM public.active_producers a
          WHERE (a.asset = 'taxonomy_links'::text))))))
  GROUP BY t.taxon;

COMMENT ON VIEW gallery.taxon_counts IS 'How many present images show a taxon itself, and it or anything below.';

CREATE TABLE public.taxon_day_sums (
    producer_id text NOT NULL,
    taxon public.ltree NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    images bigint NOT NULL,
    ratios numeric NOT NULL
);

COMMENT ON TABLE public.taxon_day_sums IS 'Differences that add up, by producer, taxon, day and kind, to all of taxon_day_totals. Triggers add rows; settling makes one of many.';

COMMENT ON COLUMN public.taxon_day_sums.producer_id IS 'whose links';

COMMENT ON COLUMN public.taxon_day_sums.taxon IS 'what images show';

COMMENT ON COLUMN public.taxon_day_sums.day IS 'that of timeline_at';

COMMENT ON COLUMN public.taxon_day_sums.kind IS 'picture or video';

COMMENT ON COLUMN public.taxon_day_sums.images IS 'images more that are linked to it or to anything below, or fewer if negative';

COMMENT ON COLUMN public.taxon_day_sums.ratios IS 'sum of their ratios; exact, so that what was added can be taken away';

CREATE TABLE public.taxon_day_totals (
    folder text NOT NULL COLLATE pg_catalog."C",
    producer_id text NOT NULL,
    taxon public.ltree NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    images integer NOT NULL,
    ratios numeric NOT NULL
);

COMMENT ON TABLE public.taxon_day_totals IS 'How many present images of a folder and a day show a taxon or anything below; not of folders in uncounted_folders.';

COMMENT ON COLUMN public.taxon_day_totals.folder IS 'key of the folder that keeps the images';

COMMENT ON COLUMN public.taxon_day_totals.producer_id IS 'whose links';

COMMENT ON COLUMN public.taxon_day_totals.taxon IS 'what they show';

COMMENT ON COLUMN public.taxon_day_totals.day IS 'that of timeline_at';

COMMENT ON COLUMN public.taxon_day_totals.kind IS 'picture or video';

COMMENT ON COLUMN public.taxon_day_totals.images IS 'images linked to it or to anything below';

COMMENT ON COLUMN public.taxon_day_totals.ratios IS 'sum of their ratios';

CREATE VIEW gallery.taxon_days AS
 SELECT taxon,
    day,
    kind,
    (sum(images))::bigint AS images,
    (sum(ratios))::double precision AS ratios
   FROM ( SELECT s.producer_id,
            s.taxon,
            s.day,
            s.kind,
            s.images,
            s.ratios
           FROM public.taxon_day_sums s
        UNION ALL
         SELECT n.producer_id,
            n.taxon,
            n.day,
            n.kind,
            (- n.images),
            (- n.ratios)
           FROM public.taxon_day_totals n
          WHERE (n.folder = ANY (ARRAY( SELECT DISTINCT u.folder
                   FROM public.uncounted_folders u)))) c
  WHERE (producer_id = ( SELECT a.producer_id
           FROM public.active_producers a
          WHERE (a.asset = 'taxonomy_links'::text)))
  GROUP BY taxon, day, kind
 HAVING (sum(images) > (0)::numeric);

COMMENT ON VIEW gallery.taxon_days IS 'How many present images of a local day show a taxon or anything below, as pictures and as videos, and the sum of their ratios; not those of uncounted_folders.';

CREATE TABLE public.taxon_words (
    word text NOT NULL,
    taxon public.ltree NOT NULL
);

COMMENT ON TABLE public.taxon_words IS 'Words that mean a taxon, in any language.';

COMMENT ON COLUMN public.taxon_words.word IS 'lower case, letters and digits, single spaces';

COMMENT ON COLUMN public.taxon_words.taxon IS 'what it means';

CREATE VIEW gallery.taxon_words AS
 SELECT word,
    taxon
   FROM public.taxon_words;

CREATE VIEW gallery.taxonomy_links AS
 SELECT image_id,
    taxon,
    source,
    detection_id,
    keyword,
    score,
    producer_id
   FROM public.taxonomy_links l
  WHERE (producer_id = ( SELECT a.producer_id
           FROM public.active_producers a
          WHERE (a.asset = 'taxonomy_links'::text)));

COMMENT ON VIEW gallery.taxonomy_links IS 'What is in an image, by the tree, as the pass that is read found it.';

CREATE VIEW gallery.thumbnails AS
 SELECT content_id,
    producer_id,
    width,
    height,
    sizes,
    bytes,
    thumbhash,
    mean_color,
    decoder,
    warning
   FROM public.thumbnails;

CREATE VIEW gallery.timeline AS
 SELECT image_id,
    timeline_at AS taken_at,
    content_id,
    kind,
    duration,
    ratio,
    stack_size,
    thumbhash
   FROM public.images i
  WHERE (missing_since IS NULL);

COMMENT ON VIEW gallery.timeline IS 'Images by the time a person or a file says they were taken. ratio is width over height, null while nothing is known.';

CREATE VIEW gallery.uncounted_folders AS
 SELECT DISTINCT folder
   FROM public.uncounted_folders;

COMMENT ON VIEW gallery.uncounted_folders IS 'Folders whose images taxon_days leaves out: they changed since they were counted.';

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.alert_webhook (
    one boolean DEFAULT true NOT NULL,
    last_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    reason text,
    CONSTRAINT alert_webhook_one_check CHECK (one)
);

COMMENT ON TABLE public.alert_webhook IS 'The one target of alerts: when it last took a message, and, while it does not, how often it was tried, when again, and why it refused.';

CREATE TABLE public.backlog (
    producer_id text NOT NULL,
    folder text NOT NULL COLLATE pg_catalog."C",
    contents bigint NOT NULL,
    newest timestamp without time zone NOT NULL,
    CONSTRAINT backlog_contents_check CHECK ((contents > 0))
);

COMMENT ON TABLE public.backlog IS 'Folders with contents that a producer could look at now and has not, as of the last time that the backlog was brought up to date. See waiting_contents and unchecked_folders.';

COMMENT ON COLUMN public.backlog.producer_id IS 'who has not looked at them yet';

COMMENT ON COLUMN public.backlog.folder IS 'key of the folder';

COMMENT ON COLUMN public.backlog.contents IS 'how many contents wait';

COMMENT ON COLUMN public.backlog.newest IS 'local time of the latest image of them';

CREATE TABLE public.directories (
    library text NOT NULL,
    path public.quoted_path NOT NULL,
    mtime_ns bigint NOT NULL
);

COMMENT ON TABLE public.directories IS 'Every directory the last walk saw, with media or not, so that a change shows by one stat each.';

CREATE VIEW public.folder_taxon_days AS
 SELECT i.folder,
    l.producer_id,
    l.taxon,
    (i.timeline_at)::date AS day,
    i.kind,
    (count(*))::integer AS images,
    sum((COALESCE(i.ratio, (1.5)::real))::numeric) AS ratios
   FROM (public.images i
     CROSS JOIN LATERAL ( SELECT DISTINCT n.producer_id,
            public.subpath(n.taxon, 0, depth.depth) AS taxon
           FROM (public.taxonomy_links n
             CROSS JOIN LATERAL generate_series(1, public.nlevel(n.taxon)) depth(depth))
          WHERE (n.image_id = i.image_id)) l)
  WHERE (i.missing_since IS NULL)
  GROUP BY i.folder, l.producer_id, l.taxon, ((i.timeline_at)::date), i.kind;

COMMENT ON VIEW public.folder_taxon_days IS 'What taxon_day_totals should say.';

CREATE TABLE public.model_choices (
    role text NOT NULL,
    model text NOT NULL,
    chosen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT model_choices_role_check CHECK ((role = ANY (ARRAY['detector'::text, 'segmenter'::text, 'embedder'::text])))
);

COMMENT ON TABLE public.model_choices IS 'Models that a person chose; they win over the profile of the settings.';

COMMENT ON COLUMN public.model_choices.role IS 'what the model is for';

COMMENT ON COLUMN public.model_choices.model IS 'its name in the registry; none for no segmenter';

COMMENT ON COLUMN public.model_choices.chosen_at IS 'when the person said so';

CREATE VIEW public.producer_inputs AS
 SELECT p.producer_id,
    i.producer_id AS input_id,
    i.asset AS input_asset
   FROM ((public.producers p
     CROSS JOIN LATERAL jsonb_each_text(p.parameters) named(key, value))
     JOIN public.producers i ON ((i.producer_id = named.value)));

COMMENT ON VIEW public.producer_inputs IS 'Which producers a producer builds on: those that its parameters name.';

CREATE TABLE public.run_heartbeats (
    run_id text NOT NULL,
    beaten_at timestamp with time zone,
    missed_since timestamp with time zone,
    CONSTRAINT run_heartbeats_check CHECK (((beaten_at IS NOT NULL) OR (missed_since IS NOT NULL)))
);

COMMENT ON TABLE public.run_heartbeats IS 'Runs of this machine that are at work, and when their processes last said that they live.';

COMMENT ON COLUMN public.run_heartbeats.run_id IS 'Dagster''s id of the run';

COMMENT ON COLUMN public.run_heartbeats.beaten_at IS 'when its process last said that it lives; null when it never did';

COMMENT ON COLUMN public.run_heartbeats.missed_since IS 'since when somebody who looks has found it silent; null when it is not';

ALTER TABLE ONLY curation.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY curation.image_values
    ADD CONSTRAINT image_values_pkey PRIMARY KEY (image_id);

ALTER TABLE ONLY public.active_producers
    ADD CONSTRAINT active_producers_pkey PRIMARY KEY (asset);

ALTER TABLE ONLY public.agent_sightings
    ADD CONSTRAINT agent_sightings_pkey PRIMARY KEY (agent, since);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (agent);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.alert_webhook
    ADD CONSTRAINT alert_webhook_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (alert, since);

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_pkey PRIMARY KEY (producer_id, content_id);

ALTER TABLE ONLY public.backlog
    ADD CONSTRAINT backlog_pkey PRIMARY KEY (producer_id, folder);

ALTER TABLE ONLY public.backlog_producers
    ADD CONSTRAINT backlog_producers_pkey PRIMARY KEY (producer_id);

ALTER TABLE ONLY public.backups
    ADD CONSTRAINT backups_pkey PRIMARY KEY (made_at);

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT calibrations_pkey PRIMARY KEY (producer_id);

ALTER TABLE ONLY public.crop_embeddings
    ADD CONSTRAINT crop_embeddings_pkey PRIMARY KEY (producer_id, detection_id);

ALTER TABLE ONLY public.detections
    ADD CONSTRAINT detections_pkey PRIMARY KEY (detection_id);

ALTER TABLE ONLY public.embeddings
    ADD CONSTRAINT embeddings_pkey PRIMARY KEY (producer_id, content_id, frame);

ALTER TABLE ONLY public.exif
    ADD CONSTRAINT exif_pkey PRIMARY KEY (content_id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY public.folder_coverage
    ADD CONSTRAINT folder_coverage_pkey PRIMARY KEY (producer_id, folder);

ALTER TABLE ONLY public.folders
    ADD CONSTRAINT folders_pkey PRIMARY KEY (folder);

ALTER TABLE ONLY public.gpu_queue
    ADD CONSTRAINT gpu_queue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.image_files
    ADD CONSTRAINT image_files_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY public.images
    ADD CONSTRAINT images_pkey PRIMARY KEY (image_id);

ALTER TABLE ONLY public.integrity
    ADD CONSTRAINT integrity_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY public.key_frames
    ADD CONSTRAINT key_frames_pkey PRIMARY KEY (content_id, frame);

ALTER TABLE ONLY public.label_taxa
    ADD CONSTRAINT label_taxa_pkey PRIMARY KEY (vocabulary, label);

ALTER TABLE ONLY public.label_totals
    ADD CONSTRAINT label_totals_pkey PRIMARY KEY (producer_id, folder, label);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_pkey PRIMARY KEY (library);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_root_key UNIQUE (root);

ALTER TABLE ONLY public.masks
    ADD CONSTRAINT masks_pkey PRIMARY KEY (detection_id, producer_id);

ALTER TABLE ONLY public.measurements
    ADD CONSTRAINT measurements_pkey PRIMARY KEY (metric, labels);

ALTER TABLE ONLY public.model_choices
    ADD CONSTRAINT model_choices_pkey PRIMARY KEY (role);

ALTER TABLE ONLY public.problems
    ADD CONSTRAINT problems_pkey PRIMARY KEY (asset, subject);

ALTER TABLE ONLY public.producers
    ADD CONSTRAINT producers_pkey PRIMARY KEY (producer_id);

ALTER TABLE ONLY public.run_heartbeats
    ADD CONSTRAINT run_heartbeats_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.taxa
    ADD CONSTRAINT taxa_pkey PRIMARY KEY (taxon);

ALTER TABLE ONLY public.taxon_day_totals
    ADD CONSTRAINT taxon_day_totals_pkey PRIMARY KEY (folder, producer_id, taxon, day, kind);

ALTER TABLE ONLY public.taxon_totals
    ADD CONSTRAINT taxon_totals_pkey PRIMARY KEY (producer_id, folder, taxon);

ALTER TABLE ONLY public.taxon_words
    ADD CONSTRAINT taxon_words_pkey PRIMARY KEY (word, taxon);

ALTER TABLE ONLY public.thumbnails
    ADD CONSTRAINT thumbnails_pkey PRIMARY KEY (content_id);

CREATE INDEX events_image_id_field_event_id_idx ON curation.events USING btree (image_id, field, event_id);

CREATE UNIQUE INDEX alerts_alert_idx ON public.alerts USING btree (alert) WHERE (ended_at IS NULL);

CREATE INDEX analyses_made_at_idx ON public.analyses USING brin (made_at) WITH (autosummarize='true');

CREATE INDEX crop_embeddings_detection_id_idx ON public.crop_embeddings USING btree (detection_id);

CREATE INDEX detections_content_id_producer_id_idx ON public.detections USING btree (content_id, producer_id);

CREATE INDEX detections_producer_id_label_content_id_idx ON public.detections USING btree (producer_id, label, content_id);

CREATE INDEX directories_library_idx ON public.directories USING btree (library);

CREATE INDEX files_content_id_idx ON public.files USING btree (content_id);

CREATE INDEX files_folder_idx ON public.files USING btree (folder);

CREATE INDEX folder_sums_folder_idx ON public.folder_sums USING btree (folder);

CREATE INDEX folders_library_idx ON public.folders USING btree (library);

CREATE INDEX image_files_image_id_idx ON public.image_files USING btree (image_id);

CREATE INDEX images_by_camera ON public.images USING btree (gallery.camera(make, model), timeline_at DESC, image_id DESC) WHERE (missing_since IS NULL);

CREATE INDEX images_by_lens ON public.images USING btree (lens, timeline_at DESC, image_id DESC) WHERE (missing_since IS NULL);

CREATE INDEX images_content_id_idx ON public.images USING btree (content_id);

CREATE INDEX images_folder_idx ON public.images USING btree (folder);

CREATE INDEX images_looked_at ON public.images USING btree (content_id) INCLUDE (folder, kind, timeline_at) WHERE ((missing_since IS NULL) AND (thumbhash IS NOT NULL));

CREATE INDEX images_search_idx ON public.images USING gin (search);

CREATE INDEX images_timeline ON public.images USING btree (timeline_at DESC, image_id DESC) INCLUDE (ratio, kind, content_id, duration, stack_size, thumbhash) WHERE (missing_since IS NULL);

CREATE INDEX integrity_damaged_at_idx ON public.integrity USING btree (damaged_at) WHERE (damaged_at IS NOT NULL);

CREATE INDEX integrity_verified_at_idx ON public.integrity USING btree (verified_at);

CREATE INDEX label_taxa_taxon_idx ON public.label_taxa USING btree (taxon);

CREATE INDEX label_totals_folder_idx ON public.label_totals USING btree (folder);

CREATE INDEX masks_producer_id_idx ON public.masks USING btree (producer_id);

CREATE INDEX problems_content_id_idx ON public.problems USING btree (content_id);

CREATE INDEX problems_file_id_idx ON public.problems USING btree (file_id) WHERE (file_id IS NOT NULL);

CREATE INDEX problems_latest ON public.problems USING btree (last_at DESC, asset DESC, subject DESC);

CREATE INDEX taxa_taxon_idx ON public.taxa USING gist (taxon);

CREATE INDEX taxon_day_sums_producer_id_taxon_idx ON public.taxon_day_sums USING btree (producer_id, taxon);

CREATE INDEX taxon_day_totals_producer_id_idx ON public.taxon_day_totals USING btree (producer_id);

CREATE INDEX taxon_totals_folder_idx ON public.taxon_totals USING btree (folder);

CREATE INDEX taxon_words_taxon_idx ON public.taxon_words USING btree (taxon);

CREATE INDEX taxonomy_links_detection_id_idx ON public.taxonomy_links USING btree (detection_id) WHERE (detection_id IS NOT NULL);

CREATE INDEX taxonomy_links_image_id_producer_id_idx ON public.taxonomy_links USING btree (image_id, producer_id);

CREATE INDEX taxonomy_links_producer_id_taxon_image_id_score_idx ON public.taxonomy_links USING btree (producer_id, taxon, image_id) INCLUDE (score);

CREATE INDEX taxonomy_links_said ON public.taxonomy_links USING btree (producer_id, taxon, image_id) WHERE (score IS NULL);

CREATE INDEX taxonomy_links_surest ON public.taxonomy_links USING btree (producer_id, score DESC) INCLUDE (taxon, image_id) WHERE (score IS NOT NULL);

CREATE INDEX taxonomy_links_taxon_idx ON public.taxonomy_links USING btree (taxon);

CREATE STATISTICS public.images_camera ON gallery.camera(make, model) FROM public.images;

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON curation.events FOR EACH STATEMENT EXECUTE FUNCTION curation.refuse_change();

CREATE TRIGGER apply_event AFTER INSERT ON curation.events FOR EACH ROW EXECUTE FUNCTION curation.apply_event();

CREATE TRIGGER relink_keywords AFTER UPDATE OF keywords ON curation.image_values FOR EACH ROW WHEN ((old.keywords IS DISTINCT FROM new.keywords)) EXECUTE FUNCTION public.relink_keywords();

CREATE TRIGGER take_turn BEFORE INSERT ON curation.events FOR EACH STATEMENT EXECUTE FUNCTION curation.take_turn();

CREATE TRIGGER never_changed BEFORE UPDATE ON public.label_totals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_changed_totals();

CREATE TRIGGER never_changed BEFORE UPDATE ON public.taxon_day_totals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_changed_totals();

CREATE TRIGGER never_changed BEFORE UPDATE ON public.taxon_totals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_changed_totals();

CREATE TRIGGER relink_keywords AFTER UPDATE OF keywords, keyword_paths ON public.images FOR EACH ROW WHEN (((old.keywords IS DISTINCT FROM new.keywords) OR (old.keyword_paths IS DISTINCT FROM new.keyword_paths))) EXECUTE FUNCTION public.relink_keywords();

CREATE TRIGGER sum_added AFTER INSERT ON public.images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_days();

CREATE TRIGGER sum_added AFTER INSERT ON public.label_totals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_labels();

CREATE TRIGGER sum_added AFTER INSERT ON public.taxon_day_totals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_taxon_days();

CREATE TRIGGER sum_added AFTER INSERT ON public.taxon_totals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_taxa();

CREATE TRIGGER sum_changed AFTER UPDATE ON public.images REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.sum_changed_days();

CREATE TRIGGER sum_facets_added AFTER INSERT ON public.images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_facets();

CREATE TRIGGER sum_facets_changed AFTER UPDATE ON public.images REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.sum_changed_facets();

CREATE TRIGGER sum_facets_removed AFTER DELETE ON public.images REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_facets();

CREATE TRIGGER sum_folders_added AFTER INSERT ON public.files REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_folders();

CREATE TRIGGER sum_folders_added AFTER INSERT ON public.images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_folders();

CREATE TRIGGER sum_folders_changed AFTER UPDATE ON public.files REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.sum_changed_folders();

CREATE TRIGGER sum_folders_changed AFTER UPDATE ON public.images REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.sum_changed_folders();

CREATE TRIGGER sum_folders_removed AFTER DELETE ON public.files REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_folders();

CREATE TRIGGER sum_folders_removed AFTER DELETE ON public.images REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_folders();

CREATE TRIGGER sum_removed AFTER DELETE ON public.images REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_days();

CREATE TRIGGER sum_removed AFTER DELETE ON public.label_totals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_labels();

CREATE TRIGGER sum_removed AFTER DELETE ON public.taxon_day_totals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_taxon_days();

CREATE TRIGGER sum_removed AFTER DELETE ON public.taxon_totals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_taxa();

CREATE TRIGGER uncheck_added AFTER INSERT ON public.analyses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_added AFTER INSERT ON public.images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_images();

CREATE TRIGGER uncheck_added AFTER INSERT ON public.problems REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_added AFTER INSERT ON public.thumbnails REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_changed AFTER UPDATE ON public.images REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_changed_images();

CREATE TRIGGER uncheck_changed AFTER UPDATE ON public.problems REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_removed AFTER DELETE ON public.analyses REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_removed AFTER DELETE ON public.images REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_images();

CREATE TRIGGER uncheck_removed AFTER DELETE ON public.problems REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncheck_removed AFTER DELETE ON public.thumbnails REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncheck_contents();

CREATE TRIGGER uncount_added AFTER INSERT ON public.detections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_detections();

CREATE TRIGGER uncount_added AFTER INSERT ON public.images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_images();

CREATE TRIGGER uncount_added AFTER INSERT ON public.taxonomy_links REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_links();

CREATE TRIGGER uncount_changed AFTER UPDATE ON public.taxonomy_links REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_links();

CREATE TRIGGER uncount_moved AFTER UPDATE OF folder, content_id, missing_since ON public.images FOR EACH ROW WHEN ((((old.folder IS DISTINCT FROM new.folder) OR ((old.content_id)::text IS DISTINCT FROM (new.content_id)::text)) OR ((old.missing_since IS NULL) IS DISTINCT FROM (new.missing_since IS NULL)))) EXECUTE FUNCTION public.uncount_moved_image();

CREATE TRIGGER uncount_redated AFTER UPDATE OF timeline_at, kind, ratio ON public.images FOR EACH ROW WHEN (((((old.timeline_at)::date IS DISTINCT FROM (new.timeline_at)::date) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.ratio IS DISTINCT FROM new.ratio))) EXECUTE FUNCTION public.uncount_moved_image();

CREATE TRIGGER uncount_removed AFTER DELETE ON public.detections REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_detections();

CREATE TRIGGER uncount_removed AFTER DELETE ON public.images REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_images();

CREATE TRIGGER uncount_removed AFTER DELETE ON public.taxonomy_links REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.uncount_changed_links();

ALTER TABLE ONLY curation.events
    ADD CONSTRAINT events_undoes_fkey FOREIGN KEY (undoes) REFERENCES curation.events(event_id);

ALTER TABLE ONLY public.active_producers
    ADD CONSTRAINT active_producers_filling_fkey FOREIGN KEY (filling) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.active_producers
    ADD CONSTRAINT active_producers_previous_fkey FOREIGN KEY (previous) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.active_producers
    ADD CONSTRAINT active_producers_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.agent_sightings
    ADD CONSTRAINT agent_sightings_agent_fkey FOREIGN KEY (agent) REFERENCES public.agents(agent) ON DELETE CASCADE;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.backlog
    ADD CONSTRAINT backlog_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.backlog_producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.backlog_producers
    ADD CONSTRAINT backlog_producers_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT calibrations_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.crop_embeddings
    ADD CONSTRAINT crop_embeddings_detection_id_fkey FOREIGN KEY (detection_id) REFERENCES public.detections(detection_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.crop_embeddings
    ADD CONSTRAINT crop_embeddings_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.detections
    ADD CONSTRAINT detections_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.directories
    ADD CONSTRAINT directories_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(library) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.embeddings
    ADD CONSTRAINT embeddings_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.exif
    ADD CONSTRAINT exif_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_folder_fkey FOREIGN KEY (folder) REFERENCES public.folders(folder) ON DELETE CASCADE;

ALTER TABLE ONLY public.folder_coverage
    ADD CONSTRAINT folder_coverage_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.backlog_producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.folders
    ADD CONSTRAINT folders_library_fkey FOREIGN KEY (library) REFERENCES public.libraries(library) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.image_files
    ADD CONSTRAINT image_files_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(file_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.image_files
    ADD CONSTRAINT image_files_image_id_fkey FOREIGN KEY (image_id) REFERENCES public.images(image_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.images
    ADD CONSTRAINT images_folder_fkey FOREIGN KEY (folder) REFERENCES public.folders(folder) ON DELETE CASCADE;

ALTER TABLE ONLY public.images
    ADD CONSTRAINT images_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.integrity
    ADD CONSTRAINT integrity_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(file_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.key_frames
    ADD CONSTRAINT key_frames_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.label_taxa
    ADD CONSTRAINT label_taxa_taxon_fkey FOREIGN KEY (taxon) REFERENCES public.taxa(taxon) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.label_totals
    ADD CONSTRAINT label_totals_folder_fkey FOREIGN KEY (folder) REFERENCES public.folders(folder) ON DELETE CASCADE;

ALTER TABLE ONLY public.label_totals
    ADD CONSTRAINT label_totals_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.masks
    ADD CONSTRAINT masks_detection_id_fkey FOREIGN KEY (detection_id) REFERENCES public.detections(detection_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.masks
    ADD CONSTRAINT masks_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.problems
    ADD CONSTRAINT problems_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(file_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.problems
    ADD CONSTRAINT problems_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

ALTER TABLE ONLY public.taxon_day_totals
    ADD CONSTRAINT taxon_day_totals_folder_fkey FOREIGN KEY (folder) REFERENCES public.folders(folder) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxon_day_totals
    ADD CONSTRAINT taxon_day_totals_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxon_totals
    ADD CONSTRAINT taxon_totals_folder_fkey FOREIGN KEY (folder) REFERENCES public.folders(folder) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxon_totals
    ADD CONSTRAINT taxon_totals_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxon_words
    ADD CONSTRAINT taxon_words_taxon_fkey FOREIGN KEY (taxon) REFERENCES public.taxa(taxon) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.taxonomy_links
    ADD CONSTRAINT taxonomy_links_detection_id_fkey FOREIGN KEY (detection_id) REFERENCES public.detections(detection_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxonomy_links
    ADD CONSTRAINT taxonomy_links_image_id_fkey FOREIGN KEY (image_id) REFERENCES public.images(image_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxonomy_links
    ADD CONSTRAINT taxonomy_links_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.taxonomy_links
    ADD CONSTRAINT taxonomy_links_taxon_fkey FOREIGN KEY (taxon) REFERENCES public.taxa(taxon) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.thumbnails
    ADD CONSTRAINT thumbnails_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES public.producers(producer_id);

REVOKE ALL ON FUNCTION public.settle_images(ids uuid[]) FROM PUBLIC;
