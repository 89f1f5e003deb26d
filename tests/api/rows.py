"""Rows that API tests read: a library, folders, images, files, problems."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from blake3 import blake3
from psycopg import Connection
from psycopg.types.json import Jsonb

PRODUCER = "0123456789abcdef"
NOON = datetime(2024, 7, 3, 12, 0)
_numbers = count()


@dataclass(frozen=True)
class Added:
    """What a test needs to ask for the image again."""

    image_id: UUID
    content_id: str
    file_id: UUID


def fresh_content() -> str:
    """The id of bytes nobody has seen."""
    return blake3(f"content {next(_numbers)}".encode()).hexdigest()


def add_folder(conn: Connection, folder: str, root: str = "/nas/photos") -> None:
    """A folder, with its library and the one producer."""
    library, _, path = folder.partition("/")
    conn.execute(
        "insert into producers (producer_id, asset, code_version)"
        " values (%s, 'images', '1') on conflict do nothing",
        [PRODUCER],
    )
    conn.execute(
        "insert into libraries (library, root) values (%s, %s) on conflict do nothing",
        [library, root],
    )
    conn.execute(
        "insert into folders (folder, library, path, name) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [folder, library, path, path.rpartition("/")[2]],
    )


def add_file(
    conn: Connection,
    *,
    folder: str = "photos/2024/beach",
    name: str = "a.jpg",
    path: str | None = None,
    image_id: UUID | None = None,
    part: str = "primary",
    content_id: str | None = None,
    format: str | None = "jpeg",
    role: str = "picture",
    root: str = "/nas/photos",
) -> UUID:
    """A file, and its part in an image when it has one."""
    add_folder(conn, folder, root)
    file_id = uuid4()
    library, _, below = folder.partition("/")
    conn.execute(
        "insert into files (file_id, folder, library, path, name, size, mtime_ns,"
        " content_id, format, role) values (%s, %s, %s, %s, %s, 3, 1, %s, %s, %s)",
        [
            file_id,
            folder,
            library,
            f"{below}/{name}" if path is None else path,
            name,
            content_id or fresh_content(),
            format,
            role,
        ],
    )
    if image_id is not None:
        conn.execute(
            "insert into image_files (file_id, image_id, part) values (%s, %s, %s)",
            [file_id, image_id, part],
        )
    conn.commit()
    return file_id


def add_image(
    conn: Connection,
    *,
    taken_at: datetime = NOON,
    image_id: UUID | None = None,
    folder: str = "photos/2024/beach",
    name: str = "a.jpg",
    path: str | None = None,
    format: str = "jpeg",
    root: str = "/nas/photos",
    keywords: tuple[str, ...] = (),
    sources: dict[str, str] | None = None,
    **columns: object,
) -> Added:
    """An image with one file; `columns` are further columns of `images`."""
    add_folder(conn, folder, root)
    image_id, content_id = image_id or uuid4(), fresh_content()
    known = {"make": None, "model": None, "lens": None, "latitude": None}
    known |= {"longitude": None, "rating": None, "title": None, "kind": "picture"}
    values = known | columns
    values |= {
        "image_id": image_id,
        "folder": folder,
        "content_id": content_id,
        "taken_at": taken_at,
        "names": [name],
        "keywords": list(keywords),
        "sources": Jsonb(sources or {}),
        "producer_id": PRODUCER,
    }
    conn.execute(
        """
        insert into images (image_id, folder, content_id, kind, taken_at, timeline_at,
                            make, model, lens, latitude, longitude, rating, title,
                            keywords, sources, names, search, producer_id)
        values (%(image_id)s, %(folder)s, %(content_id)s, %(kind)s, %(taken_at)s,
                %(taken_at)s, %(make)s, %(model)s, %(lens)s, %(latitude)s,
                %(longitude)s, %(rating)s, %(title)s, %(keywords)s, %(sources)s,
                %(names)s,
                gallery.search_text(%(names)s::text[], %(title)s::text, null,
                                    %(keywords)s::text[], '{}'),
                %(producer_id)s)
        """,
        values,
    )
    file_id = add_file(
        conn,
        folder=folder,
        name=name,
        path=path,
        image_id=image_id,
        content_id=content_id,
        format=format,
        root=root,
    )
    return Added(image_id, content_id, file_id)


def add_many(
    conn: Connection, number: int, *, start: datetime, step: timedelta
) -> None:
    """Images at equal distances; a step of nothing makes them all tie."""
    add_folder(conn, "photos/2024/beach")
    conn.execute(
        """
        insert into images (image_id, folder, content_id, kind, taken_at, timeline_at,
                            names, search, producer_id, ratio)
        select gen_random_uuid(), 'photos/2024/beach',
               md5(n::text || random()) || md5(n::text), 'picture', t, t, '{}', '',
               %(producer_id)s, 1.5
          from (select n, %(start)s::timestamp + n * %(step)s::interval as t
                  from generate_series(0, %(number)s - 1) n) numbered
        """,
        {"producer_id": PRODUCER, "start": start, "step": step, "number": number},
    )
    conn.commit()


def add_problem(
    conn: Connection, *, reason: str, name: str = "broken.jpg", hours_ago: int = 0
) -> str:
    """A file whose thumbnails failed for good; returns its content."""
    content_id = fresh_content()
    add_file(conn, name=name, content_id=content_id)
    conn.execute(
        "insert into problems (asset, subject, content_id, reason, permanent, last_at)"
        " values ('thumbnails', %(id)s::text, %(id)s::text, %(reason)s, true,"
        " date_trunc('hour', now()) - %(hours)s * interval '1 hour')",
        {"id": content_id, "reason": reason, "hours": hours_ago},
    )
    conn.commit()
    return content_id
