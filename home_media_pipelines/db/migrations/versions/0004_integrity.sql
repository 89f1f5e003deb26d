-- Originals read again: which still hold the bytes they came with, which are damaged.
-- And which backups were made.

alter table files add column read_at timestamptz;
alter table files alter column read_at set default now();
comment on column files.read_at is 'when its bytes were read for the inventory; null: before that was recorded';

create table integrity (
    file_id         uuid primary key references files on update cascade on delete cascade,
    content_id      content_id not null,
    size            bigint not null,
    mtime_ns        bigint not null,
    verified_at     timestamptz not null,
    unchanged_since timestamptz,
    intact_at       timestamptz,
    damaged_at      timestamptz,
    found           content_id check (found <> content_id),
    reason          text,
    check ((damaged_at is null) = (found is null) and (damaged_at is null) = (reason is null))
);
create index on integrity (verified_at);
create index on integrity (damaged_at) where damaged_at is not null;
comment on table integrity is
    'Originals that were read again after they came into the inventory. One whose bytes changed while its size and time did not is damaged; the inventory goes on naming the bytes it should have.';
comment on column integrity.file_id is 'which file';
comment on column integrity.content_id is 'BLAKE3 of the bytes it should have';
comment on column integrity.size is 'bytes, when it was read again';
comment on column integrity.mtime_ns is 'nanoseconds since 1970, when it was read again';
comment on column integrity.verified_at is 'when it was last read again';
comment on column integrity.unchanged_since is 'since when it is known to have these bytes; null: never seen intact again';
comment on column integrity.intact_at is 'when it was last seen intact; null: not known';
comment on column integrity.damaged_at is 'when other bytes were first read; null: intact';
comment on column integrity.found is 'BLAKE3 of those other bytes';
comment on column integrity.reason is 'what is wrong, and what may have done it';

create view damage as
select i.file_id, f.folder, f.library, f.path, f.name, f.size, f.missing_since,
       i.content_id, i.found, i.reason, i.damaged_at, i.intact_at, i.verified_at
  from integrity i join files f using (file_id)
 where i.damaged_at is not null
   and ((f.content_id = i.content_id and f.size = i.size and f.mtime_ns = i.mtime_ns)
        or f.content_id = i.found);
comment on view damage is
    'Files that are damaged as they lie there now: not those that were replaced or written anew since. Bytes known as damaged stay damaged when only the time of the file changes.';

create table backups (
    made_at timestamptz primary key,
    kind    text not null check (kind in ('irreplaceable', 'full')),
    place   text not null,
    rows    bigint not null,
    bytes   bigint not null
);
comment on table backups is 'Backups that were made and read again to the end. They may have been deleted since.';
comment on column backups.made_at is 'what it holds is of this moment';
comment on column backups.kind is 'what cannot be made again, or everything';
comment on column backups.place is 'directory, on the machine that made it';
comment on column backups.rows is 'of all tables';
comment on column backups.bytes is 'on disk';

create view gallery.integrity as
select f.folder, count(*) as files,
       count(i.file_id) filter (where d.file_id is null) as unchanged,
       count(d.file_id) as damaged,
       min(i.unchanged_since) filter (where d.file_id is null) as unchanged_since,
       min(i.verified_at) as verified_at
  from files f
  left join integrity i on i.file_id = f.file_id and i.content_id = f.content_id
  left join damage d on d.file_id = f.file_id
 where f.missing_since is null and f.content_id is not null
 group by f.folder;
comment on view gallery.integrity is
    'Per folder: its files, how many were read again and are unchanged, how many are damaged. unchanged_since: of the one known longest; the others since they came. verified_at: of the one whose reading is longest ago.';

create view gallery.damage as
select d.file_id, d.folder, d.library, d.path, d.name, d.size, d.content_id, d.found, d.reason,
       d.damaged_at, d.intact_at, d.verified_at, m.image_id, c.copy
  from damage d
  left join image_files m using (file_id)
  left join lateral (
       select o.library || '/' || o.path as copy from files o
        where o.content_id = d.content_id and o.file_id <> d.file_id and o.missing_since is null
          and not exists (select from damage x where x.file_id = o.file_id)
        order by o.library <> d.library, o.path limit 1) c on true
 where d.missing_since is null;
comment on view gallery.damage is
    'Damaged files that are there. copy: another file with the bytes it should have, library and quoted path, if there is one.';

create view gallery.backups as
select made_at, kind, place, rows, bytes from backups;
