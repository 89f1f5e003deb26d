-- Who changes keywords takes the lock Lock.ANALYSES (26733, 4) as whoever links does: else a
-- linking that read the old ones notes its content as done after it was told to wait again.

create or replace function relink_keywords() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(26733, 4);
    delete from analyses a
     using images i, producers p
     where i.image_id = new.image_id and p.asset = 'taxonomy_links'
       and a.producer_id = p.producer_id and a.content_id = i.content_id;
    return null;
end $$;

-- Before the first row of an image is locked, so that no two wait for each other.

create function curation.take_turn() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(26733, 4);
    return null;
end $$;
create trigger take_turn before insert on curation.events
    for each statement execute function curation.take_turn();
