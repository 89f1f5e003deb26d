-- What a person should be told of, and numbers for graphs.

create table alerts (
    alert    text not null,
    since    timestamptz not null,
    kind     text not null check (kind in ('failures', 'library', 'agent', 'damage', 'disk', 'backup')),
    text     text not null,
    level    bigint not null default 1,
    ended_at timestamptz,
    told_at  timestamptz,
    told     bigint,
    primary key (alert, since)
);
create unique index on alerts (alert) where ended_at is null;
comment on table alerts is
    'What a person should know of, from when it began until it ended. alert names it, such as library:photos. level: how many of it there are. told_at and told: when the webhook last took it, and at which level; told 0: that it has ended. No text names a picture.';

create table alert_webhook (
    one      boolean primary key default true check (one),
    last_at  timestamptz,
    attempts integer not null default 0,
    retry_at timestamptz,
    reason   text
);
comment on table alert_webhook is
    'The one target of alerts: when it last took a message, and, while it does not, how often it was tried, when again, and why it refused.';

create table measurements (
    metric      text not null,
    labels      jsonb not null default '{}',
    kind        text not null check (kind in ('gauge', 'counter')),
    value       double precision not null,
    measured_at timestamptz not null,
    primary key (metric, labels)
);
comment on table measurements is
    'How the pipelines are doing, for Prometheus: a gauge is replaced by each look, a counter grows. The API shows them, so that a scrape costs one small query.';

create view gallery.measurements as
select metric, labels, kind, value, measured_at from measurements;
comment on view gallery.measurements is 'How the pipelines are doing; see the table.';

create view gallery.alerts as
select alert, kind, text, level, since, told_at from alerts where ended_at is null;
comment on view gallery.alerts is 'What goes on now that a person should know of.';
