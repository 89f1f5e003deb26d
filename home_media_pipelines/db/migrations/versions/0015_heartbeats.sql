-- Which processes of runs live: they say so every few seconds, and nothing has to be held.

create table run_heartbeats (
    run_id       text primary key,
    beaten_at    timestamptz,
    missed_since timestamptz,
    check (beaten_at is not null or missed_since is not null)
);
comment on table run_heartbeats is
    'Runs of this machine that are at work, and when their processes last said that they live.';
comment on column run_heartbeats.run_id is 'Dagster''s id of the run';
comment on column run_heartbeats.beaten_at is 'when its process last said that it lives; null when it never did';
comment on column run_heartbeats.missed_since is 'since when somebody who looks has found it silent; null when it is not';
