-- Which networks looked at an image, for "where does this come from".

create view gallery.analyses as
select asset, producer_id, content_id, count, made_at from analyses;
comment on view gallery.analyses is
    'The contents that a network has looked at, with how many rows that gave.';
