"""Which image an exposure is: the rules by which an image keeps its id."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.core.inventory.scanned import image_id as derived_id


@dataclass(frozen=True, slots=True)
class Claim:
    """The image of an exposure; `owns`: this folder keeps the image's row."""

    image_id: UUID
    content_id: str
    owns: bool


@dataclass(frozen=True, slots=True)
class _Image:
    image_id: UUID
    content_id: str
    folder: str
    missing: bool
    other_holder: str | None


def claim(
    conn: psycopg.Connection, folder: str, exposures: Mapping[UUID, Sequence[UUID]]
) -> dict[UUID, Claim]:
    """Find the image of each exposure of a folder.

    In this order: the image that has the primary's bytes; the image a file of the
    exposure belonged to, unless that image's own bytes are still elsewhere; the image
    that was first seen with these bytes, if nothing else is left of it; a new one.

    Args:
        conn: in a transaction that holds the lock on grouping.
        folder: key.
        exposures: the files of each, primary first, by their primary.
    """
    contents = _contents(conn, exposures)
    links = _links(conn, folder)
    wanted = sorted({contents[primary] for primary in exposures})
    images = _images(conn, folder, wanted, [*links.values()])
    holders = _holders(conn, [it.content_id for it in images.values()])
    claims: dict[UUID, _Image] = {}
    taken: set[UUID] = set()

    def take(primary: UUID, image: _Image) -> None:
        claims[primary] = image
        taken.add(image.image_id)

    by_content: dict[str, list[_Image]] = defaultdict(list)
    for image in images.values():
        by_content[image.content_id].append(image)
    for primary in exposures:
        candidates = sorted(
            by_content[contents[primary]],
            key=lambda it: (
                it.image_id != links.get(primary),
                it.missing,
                it.image_id,
            ),
        )
        if candidates:
            take(primary, candidates[0])
    for primary, files in exposures.items():
        if primary in claims:
            continue
        for image in (images[links[it]] for it in files if it in links):
            elsewhere = holders[image.content_id] - set(files)
            if image.image_id not in taken and not elsewhere:
                take(primary, image)
                break
    found = {
        primary: Claim(
            image.image_id, contents[primary], _owns(folder, image, contents[primary])
        )
        for primary, image in claims.items()
    }
    return _one_owner(found | _new(conn, exposures, contents, found, taken))


def _owns(folder: str, image: _Image, content_id: str) -> bool:
    """Whether this folder sorts first among those that hold the image's bytes."""
    if image.content_id != content_id or image.other_holder is None:
        return True
    return folder < image.other_holder


def _one_owner(claims: Mapping[UUID, Claim]) -> dict[UUID, Claim]:
    """Let two exposures of the same bytes be one image, kept by the first."""
    seen: set[UUID] = set()
    kept: dict[UUID, Claim] = {}
    for primary, it in claims.items():
        owns = it.owns and it.image_id not in seen
        kept[primary] = Claim(it.image_id, it.content_id, owns)
        seen.add(it.image_id)
    return kept


def _new(
    conn: psycopg.Connection,
    exposures: Mapping[UUID, Sequence[UUID]],
    contents: Mapping[UUID, str],
    found: Mapping[UUID, Claim],
    taken: set[UUID],
) -> dict[UUID, Claim]:
    left = [primary for primary in exposures if primary not in found]
    first = {
        content: derived_id(content) for content in map(contents.__getitem__, left)
    }
    used = _used(conn, list(first.values()))
    claims: dict[UUID, Claim] = {}
    given: dict[str, UUID] = {}
    for primary in left:
        content_id = contents[primary]
        if content_id not in given:
            image_id = first[content_id]
            if image_id in taken or used.get(image_id):
                image_id = next(
                    it
                    for it in _more_ids(content_id, primary)
                    if it not in taken and not _used(conn, [it])
                )
            given[content_id] = image_id
            taken.add(image_id)
        claims[primary] = Claim(given[content_id], content_id, True)
    return claims


def _more_ids(content_id: str, primary: UUID) -> Iterator[UUID]:
    """Ids for bytes whose own id belongs to an image that has other bytes by now."""
    number = 0
    while True:
        yield derived_id(f"{content_id} {primary} {number}")
        number += 1


def _contents(
    conn: psycopg.Connection, exposures: Mapping[UUID, Sequence[UUID]]
) -> dict[UUID, str]:
    return dict(
        conn.execute(
            "select file_id, content_id from files where file_id = any(%(ids)s)",
            {"ids": list(exposures)},
        ).fetchall()
    )


def _links(conn: psycopg.Connection, folder: str) -> dict[UUID, UUID]:
    return dict(
        conn.execute(
            """
            select f.file_id, m.image_id from files f join image_files m using (file_id)
             where f.folder = %(folder)s and f.missing_since is null
            """,
            {"folder": folder},
        ).fetchall()
    )


def _images(
    conn: psycopg.Connection, folder: str, contents: list[str], ids: list[UUID]
) -> dict[UUID, _Image]:
    query = """
        with candidates as (
            select image_id, content_id, folder, missing_since is not null as missing
              from images
             where content_id = any(%(contents)s) or image_id = any(%(ids)s)
        )
        select c.*,
               (select min(f.folder) from image_files m join files f using (file_id)
                 where m.image_id = c.image_id and f.content_id = c.content_id
                   and f.missing_since is null and f.folder <> %(folder)s
               ) as other_holder
          from candidates c
    """
    values = {"contents": contents, "ids": ids, "folder": folder}
    with conn.cursor(row_factory=class_row(_Image)) as cur:
        return {row.image_id: row for row in cur.execute(query, values).fetchall()}


def _holders(
    conn: psycopg.Connection, contents: list[str]
) -> defaultdict[str, set[UUID]]:
    """Return the present pictures and videos of each content, in all folders."""
    holders: defaultdict[str, set[UUID]] = defaultdict(set)
    rows = conn.execute(
        """
        select content_id, file_id from files
         where content_id = any(%(contents)s) and missing_since is null
           and role in ('picture', 'raw', 'video')
        """,
        {"contents": contents},
    )
    for content_id, file_id in rows:
        holders[content_id].add(file_id)
    return holders


def _used(conn: psycopg.Connection, ids: list[UUID]) -> dict[UUID, bool]:
    """Return which ids are images, and whether anything is left of each."""
    return dict(
        conn.execute(
            """
            select image_id, missing_since is null from images
             where image_id = any(%(ids)s)
            """,
            {"ids": ids},
        ).fetchall()
    )
