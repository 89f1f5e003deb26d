-- Machines with a graphics card that are seen to work or to sleep, and what waits for them.
-- Without agents these tables are empty.

create table agents (
    agent        text primary key,
    place        smallint not null,
    runs_at_once smallint not null check (runs_at_once > 0),
    woken_at     timestamptz,
    wakes        integer not null default 0 check (wakes >= 0),
    awake_for_us boolean not null default false
);
comment on table agents is 'The agents that are configured now, and what was done to wake them.';
comment on column agents.agent is 'what people call the machine';
comment on column agents.place is 'its place in the configuration';
comment on column agents.runs_at_once is 'runs that it takes at a time';
comment on column agents.woken_at is 'when the last packet was sent to wake it';
comment on column agents.wakes is 'packets sent since it was last reachable';
comment on column agents.awake_for_us is 'it came back after such a packet, so that it may be put to sleep again';

create table agent_sightings (
    agent         text not null references agents on delete cascade,
    since         timestamptz not null,
    until         timestamptz not null,
    reachable     boolean not null,
    reason        text,
    detail        text,
    engine        text,
    gpu_name      text,
    gpu_memory    bigint,
    image         text,
    image_version text,
    runs          text[] not null default '{}',
    primary key (agent, since),
    check (since <= until)
);
comment on table agent_sightings is
    'How agents stood, one row for each stretch of time in which nothing changed; the rest of a row is from the last look.';
comment on column agent_sightings.agent is 'whom we looked at';
comment on column agent_sightings.since is 'first look that showed this';
comment on column agent_sightings.until is 'last look that showed this';
comment on column agent_sightings.reachable is 'whether its engine answered';
comment on column agent_sightings.reason is 'why no run can be sent there; null if one can';
comment on column agent_sightings.detail is 'the same in the words of whoever refused';
comment on column agent_sightings.engine is 'version of Docker';
comment on column agent_sightings.gpu_name is 'of the first card';
comment on column agent_sightings.gpu_memory is 'of the first card, bytes';
comment on column agent_sightings.image is 'what runs there';
comment on column agent_sightings.image_version is 'what the image says of itself';
comment on column agent_sightings.runs is 'runs whose containers are at work there';

create table gpu_queue (
    id           boolean primary key default true check (id),
    at           timestamptz not null,
    queued       integer not null check (queued >= 0),
    running      integer not null check (running >= 0),
    folders      integer not null check (folders >= 0),
    contents     bigint not null check (contents >= 0),
    seconds_left real check (seconds_left >= 0),
    counted_at   timestamptz not null,
    reason       text,
    idle_since   timestamptz
);
comment on table gpu_queue is 'What waits for the agents, as of the last look: one row, or none without agents.';
comment on column gpu_queue.id is 'true: there is one row';
comment on column gpu_queue.at is 'when';
comment on column gpu_queue.queued is 'runs that wait';
comment on column gpu_queue.running is 'runs that work';
comment on column gpu_queue.folders is 'folders with something that no network has seen';
comment on column gpu_queue.contents is 'contents in them that no network has seen';
comment on column gpu_queue.seconds_left is 'how long the agents take for them, by how fast they were lately; null while nobody knows';
comment on column gpu_queue.counted_at is 'when folders, contents and seconds were counted';
comment on column gpu_queue.reason is 'what runs wait for; null while they get on';
comment on column gpu_queue.idle_since is 'when the last run ended; null while there is one';

create view gallery.agents as
select a.agent, a.place, a.runs_at_once,
       case when s.until is null or s.until < now() - interval '3 minutes' then 'unknown'
            when not s.reachable then 'unreachable'
            when s.reason is not null then 'unready'
            else 'ready' end as state,
       s.reason, s.detail, s.since, s.until as seen_at, s.engine,
       coalesce(s.gpu_name, before.gpu_name) as gpu_name,
       coalesce(s.gpu_memory, before.gpu_memory) as gpu_memory,
       s.image, coalesce(s.image_version, before.image_version) as image_version,
       coalesce(s.runs, '{}') as runs, a.woken_at
  from agents a
  left join lateral (
       select * from agent_sightings n where n.agent = a.agent order by n.since desc limit 1) s on true
  left join lateral (
       select gpu_name, gpu_memory, image_version from agent_sightings n
        where n.agent = a.agent and n.gpu_name is not null order by n.since desc limit 1) before on true;
comment on view gallery.agents is
    'The agents as they were seen last. A sleeping one keeps its card; unknown: nobody has looked for three minutes.';

create view gallery.gpu_queue as
select at, queued, running, folders, contents, seconds_left, reason from gpu_queue;

create index on analyses using brin (made_at) with (autosummarize);
