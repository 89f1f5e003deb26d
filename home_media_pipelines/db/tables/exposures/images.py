"""Table `images`: which exposures there are, and which folder shows each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from home_media_pipelines.db.locks import Lock, lock
from home_media_pipelines.db.staging import plain, plain_json, stage
from home_media_pipelines.db.tables.exposures import image_files
from home_media_pipelines.db.tables.exposures.identity import Claim, claim

TEXTS: Final = ("make", "model", "lens", "title", "description")
TEXT_LISTS: Final = ("keywords", "keyword_paths")
VALUES: Final = (
    "taken_at", "taken_at_precision", "utc_offset", "orientation", "make", "model",
    "lens", "exposure_time", "f_number", "iso", "focal_length", "focal_length_35mm",
    "latitude", "longitude", "altitude",
    "width", "height", "duration", "rating", "title", "description", "keywords",
    "keyword_paths", "people",
)  # fmt: skip
"""The fields of an image that its files tell; units as in the table."""


GROUPS: Final = (Lock.INVENTORY, Lock.GROUPING, Lock.ANALYSES)
"""What a transaction holds from where it reads a folder's files to be grouped: they
stay where they are until their images are written, and new keywords are linked again.
"""


@dataclass(frozen=True, slots=True)
class GroupedImage:
    """One exposure of a folder, resolved.

    `parts` names the part of every file, the primary included. `values` holds the
    fields of VALUES, `taken_at` among them; `sources` says where each came from.
    """

    primary: UUID
    parts: Mapping[UUID, str]
    kind: str
    values: Mapping[str, object]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImageCounts:
    """What an assignment changed.

    `refresh`: other folders that should be assigned again, as they became the owner of
    an image whose values still are those of another folder's files, or own one that
    sidecars in this folder describe.
    """

    seen: int
    new: int
    changed: int
    missing: int
    unchanged: int
    refresh: frozenset[str]


def assign(
    conn: psycopg.Connection,
    folder: str,
    grouped: Sequence[GroupedImage],
    *,
    producer_id: str,
    now: datetime,
) -> ImageCounts:
    """Make the images of a folder what its files say, keeping every image's id.

    An image stays the same when its primary's bytes are found elsewhere, and when its
    primary file got new bytes that no other image claims (see `identity`). The
    folder that sorts first among those with the primary's bytes owns the image; the
    files of the others are copies. An image without any present file gets
    `missing_since`, and loses it when its bytes are back. Only rows that differ are
    written.
    """
    lock(conn, *GROUPS)
    names = dict(
        conn.execute(
            """
            select file_id, name from files
             where folder = %(folder)s and missing_since is null
               and content_id is not null
            """,
            {"folder": folder},
        ).fetchall()
    )
    here = [it for it in grouped if it.primary in names]
    before = _touched(conn, folder)
    claims = claim(conn, folder, {it.primary: _files(it, names) for it in here})
    owned = [it for it in here if claims[it.primary].owns]
    new, changed = _store_images(
        conn,
        folder,
        [_row(it, claims[it.primary], names) for it in owned],
        producer_id=producer_id,
        now=now,
    )
    told = image_files.told_by_sidecars(conn, folder)
    image_files.link(conn, folder, _links(here, claims, names))
    told |= image_files.told_by_sidecars(conn, folder)
    claimed = {it.image_id for it in claims.values()}
    refresh, missing = refresh_presence(
        conn, [*(before - claimed), *(claimed - _ids(owned, claims))], now=now
    )
    conn.execute("select settle_images(%(ids)s)", {"ids": [*new, *changed]})
    return ImageCounts(
        seen=len(here),
        new=len(new),
        changed=len(changed),
        missing=missing,
        unchanged=len(here) - len(new) - len(changed),
        refresh=(refresh | told) - {folder},
    )


def _ids(grouped: Iterable[GroupedImage], claims: Mapping[UUID, Claim]) -> set[UUID]:
    return {claims[it.primary].image_id for it in grouped}


def _files(it: GroupedImage, names: Mapping[UUID, str]) -> list[UUID]:
    """The files that carry an exposure's identity, most telling first."""
    order = ("primary", "raw", "motion", "edited", "copy")
    parts = [
        (order.index(part), names[file_id], file_id)
        for file_id, part in it.parts.items()
        if part in order and file_id in names and file_id != it.primary
    ]
    return [it.primary, *(file_id for _, _, file_id in sorted(parts))]


def _links(
    grouped: Iterable[GroupedImage],
    claims: Mapping[UUID, Claim],
    names: Mapping[UUID, str],
) -> dict[UUID, tuple[UUID, str]]:
    """The image and the part of every file; where another folder owns it, a copy."""
    return {
        file_id: (
            claims[it.primary].image_id,
            "copy" if part == "primary" and not claims[it.primary].owns else part,
        )
        for it in grouped
        for file_id, part in it.parts.items()
        if file_id in names
    }


def _touched(conn: psycopg.Connection, folder: str) -> set[UUID]:
    rows = conn.execute(
        """
        select image_id from images where folder = %(folder)s
        union
        select m.image_id from files f join image_files m using (file_id)
         where f.folder = %(folder)s
        """,
        {"folder": folder},
    )
    return {image_id for (image_id,) in rows}


def _row(
    it: GroupedImage, found: Claim, names: Mapping[UUID, str]
) -> tuple[object, ...]:
    values = {name: it.values.get(name) for name in VALUES}
    for name in TEXTS:
        value = values[name]
        values[name] = plain(value) if isinstance(value, str) else None
    for name in TEXT_LISTS:
        value = values[name]
        values[name] = [plain(str(word)) for word in _listed(value)]
    values["people"] = plain_json(values["people"] or [])
    values["taken_at_precision"] = values["taken_at_precision"] or "second"
    others = sorted(
        names[file_id]
        for file_id, part in it.parts.items()
        if file_id in names and file_id != it.primary
    )
    stack = sum(part not in ("sidecar", "copy") for part in it.parts.values())
    return (
        found.image_id,
        found.content_id,
        it.kind,
        *values.values(),
        plain_json(dict(it.sources)),
        [names[it.primary], *dict.fromkeys(others)],
        stack,
    )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _store_images(
    conn: psycopg.Connection,
    folder: str,
    rows: Iterable[Sequence[object]],
    *,
    producer_id: str,
    now: datetime,
) -> tuple[list[UUID], list[UUID]]:
    """Write the images that differ; return the ids of the new and the changed ones."""
    stage(
        conn,
        """
        drop table if exists pg_temp.grouped;
        create temp table grouped on commit drop as
        select image_id, content_id, kind, taken_at, taken_at_precision, utc_offset,
               orientation, make, model, lens,
               exposure_time, f_number, iso, focal_length, focal_length_35mm, latitude,
               longitude, altitude, width, height, duration, rating, title, description,
               keywords, keyword_paths, people, sources, names, stack_size
          from images with no data
        """,
        "copy grouped from stdin (format binary)",
        [
            "uuid", "text", "text", "timestamp", "text", "int2", "int2", "text", "text",
            "text",
            "float8", "float8", "int4", "float8", "float8", "float8", "float8",
            "float8", "int4", "int4", "float8", "int2", "text", "text", "text[]",
            "text[]", "jsonb", "jsonb", "text[]", "int2",
        ],
        rows,
    )  # fmt: skip
    written = conn.execute(
        """
        insert into images as i (
               image_id, content_id, kind, taken_at, taken_at_precision, utc_offset,
               orientation, make, model, lens,
               exposure_time, f_number, iso, focal_length, focal_length_35mm, latitude,
               longitude, altitude, width, height, duration, rating, title, description,
               keywords, keyword_paths, people, sources, names, stack_size, folder,
               producer_id, first_seen_at, ratio, thumbhash, timeline_at, search)
        select g.*, %(folder)s, %(producer_id)s, %(now)s,
               coalesce(t.width::real / t.height::real,
                        g.width::real / nullif(g.height, 0)::real),
               t.thumbhash, coalesce(p.taken_at, g.taken_at),
               gallery.search_text(g.names, coalesce(p.title, g.title),
                                   coalesce(p.description, g.description),
                                   coalesce(p.keywords, g.keywords), g.keyword_paths)
          from grouped g
          left join thumbnails t using (content_id)
          left join curation.image_values p using (image_id)
            on conflict (image_id) do update
           set content_id = excluded.content_id, kind = excluded.kind,
               taken_at = excluded.taken_at, utc_offset = excluded.utc_offset,
               taken_at_precision = excluded.taken_at_precision,
               orientation = excluded.orientation,
               make = excluded.make, model = excluded.model, lens = excluded.lens,
               exposure_time = excluded.exposure_time, f_number = excluded.f_number,
               iso = excluded.iso, focal_length = excluded.focal_length,
               focal_length_35mm = excluded.focal_length_35mm,
               latitude = excluded.latitude, longitude = excluded.longitude,
               altitude = excluded.altitude, width = excluded.width,
               height = excluded.height, duration = excluded.duration,
               rating = excluded.rating, title = excluded.title,
               description = excluded.description, keywords = excluded.keywords,
               keyword_paths = excluded.keyword_paths, people = excluded.people,
               sources = excluded.sources, names = excluded.names,
               stack_size = excluded.stack_size, folder = excluded.folder,
               producer_id = excluded.producer_id, ratio = excluded.ratio,
               thumbhash = excluded.thumbhash,
               timeline_at = excluded.timeline_at, search = excluded.search,
               missing_since = null
         where i.missing_since is not null
            or (i.content_id, i.kind, i.taken_at, i.taken_at_precision, i.utc_offset,
                i.orientation, i.make, i.model, i.lens,
                i.exposure_time, i.f_number, i.iso, i.focal_length, i.focal_length_35mm,
                i.latitude, i.longitude, i.altitude, i.width, i.height, i.duration,
                i.rating, i.title, i.description, i.keywords, i.keyword_paths, i.people,
                i.sources, i.names, i.stack_size, i.folder, i.producer_id, i.ratio,
                i.thumbhash, i.timeline_at, i.search)
               is distinct from
               (excluded.content_id, excluded.kind, excluded.taken_at,
                excluded.taken_at_precision, excluded.utc_offset, excluded.orientation,
                excluded.make, excluded.model, excluded.lens,
                excluded.exposure_time, excluded.f_number, excluded.iso,
                excluded.focal_length, excluded.focal_length_35mm, excluded.latitude,
                excluded.longitude, excluded.altitude, excluded.width, excluded.height,
                excluded.duration, excluded.rating, excluded.title,
                excluded.description, excluded.keywords, excluded.keyword_paths,
                excluded.people, excluded.sources, excluded.names, excluded.stack_size,
                excluded.folder, excluded.producer_id, excluded.ratio,
                excluded.thumbhash, excluded.timeline_at, excluded.search)
        returning i.image_id, xmax = 0
        """,
        {"folder": folder, "producer_id": producer_id, "now": now},
    ).fetchall()
    return [row[0] for row in written if row[1]], [
        row[0] for row in written if not row[1]
    ]


def refresh_presence(
    conn: psycopg.Connection, image_ids: Sequence[UUID], *, now: datetime
) -> tuple[frozenset[str], int]:
    """Give images to a folder that has them, or note that no file of theirs is left.

    Returns:
        The folders that became owners, and how many images got `missing_since`.
    """
    if not image_ids:
        return frozenset(), 0
    rows = conn.execute(
        """
        with presence as (
            select i.image_id, i.folder, count(f.file_id) as files,
                   bool_or(f.content_id = i.content_id and f.folder = i.folder) as kept,
                   min(f.folder) filter (where f.content_id = i.content_id) as holder
              from images i
              left join image_files m on m.image_id = i.image_id and m.part <> 'sidecar'
              left join files f on f.file_id = m.file_id and f.missing_since is null
             where i.image_id = any(%(ids)s)
             group by i.image_id
        ), settled as (
            select image_id, case when files = 0 then %(now)s end as missing_since,
                   case when kept or holder is null then folder else holder end as owner
              from presence
        )
        update images i
           set folder = s.owner,
               missing_since = case when s.missing_since is null then null
                                    else coalesce(i.missing_since, s.missing_since) end
          from settled s, images was
         where s.image_id = i.image_id and was.image_id = i.image_id
           and (i.folder <> s.owner
                or (i.missing_since is null) <> (s.missing_since is null))
        returning i.image_id, i.folder, was.folder <> i.folder,
                  i.missing_since is not null and was.missing_since is null
        """,
        {"ids": list(image_ids), "now": now},
    ).fetchall()
    image_files.promote(conn, [row[0] for row in rows if row[2]])
    return frozenset(row[1] for row in rows if row[2]), sum(row[3] for row in rows)


def follow_thumbnails(conn: psycopg.Connection, content_ids: Sequence[str]) -> None:
    """Take over ratio and ThumbHash: what is shown counts, not what was written."""
    values = {"contents": list(content_ids)}
    differing = conn.execute(
        """
        select i.image_id from images i join thumbnails t using (content_id)
         where i.content_id = any(%(contents)s)
           and (i.ratio, i.thumbhash)
               is distinct from (t.width::real / t.height::real, t.thumbhash)
        """,
        values,
    ).fetchall()
    if not differing:
        return
    lock(conn, Lock.GROUPING)
    conn.execute(
        """
        update images i
           set ratio = t.width::real / t.height::real, thumbhash = t.thumbhash
          from thumbnails t
         where t.content_id = i.content_id and i.content_id = any(%(contents)s)
           and (i.ratio, i.thumbhash)
               is distinct from (t.width::real / t.height::real, t.thumbhash)
        """,
        values,
    )
