"""A small library with a case of everything, and a reader that knows no SQL's tricks.

The reader holds the rows as they stand in the tables and answers in plain Python.
"""

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from psycopg import Connection

from home_media_api.find.question import Question
from home_media_pipelines.db.tables.taxonomy import counts
from tests.api.rows import add_image
from tests.api.seen import (
    DETECTOR,
    EMBEDDER,
    add_detection,
    add_embedding,
    add_link,
    add_producer,
)

FOLDERS = (
    "photos/.",
    "photos/2024",
    "photos/2024/beach",
    "photos/2024/beach0",
    "photos/2024/beach_day",
    "photos-x/2024",
    "other/.",
)
CAMERAS = (
    (None, None),
    ("Canon", None),
    (None, "EOS R5"),
    ("Canon", "EOS R5"),
    ("", ""),
)
LENSES = (None, "", "50mm", "RF 24-105")
TAXA = ("vehicle", "vehicle.truck", "vehicle.truck.pickup", "nature.water.beach")
LABELS = ("truck", "dog", "tru")
WORDS = ("beach", "Großmutter's", "truck", "b-each 7")
START = datetime(2024, 5, 30, 22)
BEACH = "nature.water.beach"


@dataclass(frozen=True)
class Known:
    """An image as the tables have it, with what a person said."""

    image_id: UUID
    taken_at: datetime
    kind: str
    folder: str
    make: str | None
    model: str | None
    lens: str | None
    located: bool
    rating: int | None
    taxa: frozenset[str]
    labels: frozenset[str]
    words: frozenset[str]
    near: float | None


def fill(conn: Connection, number: int = 60) -> None:
    """Images that differ in everything, some of them missing, some corrected."""
    drawn = random.Random(11)
    add_producer(conn, "embeddings", EMBEDDER, model="four")
    add_producer(conn, "detections", DETECTOR, model="tiny-yolo")
    conn.execute(
        "insert into producers (producer_id, asset, code_version)"
        " values (%s, 'detections', 'old')",
        ["b" * 16],
    )
    conn.execute(
        "insert into taxa (taxon, version) values (%s, '1') on conflict do nothing",
        [BEACH],
    )
    for n in range(number):
        if n == number // 2:  # half is counted already
            counts.compact(conn)
        make, model = drawn.choice(CAMERAS)
        folder = drawn.choice(FOLDERS)
        image = add_image(
            conn,
            taken_at=START + timedelta(hours=drawn.randrange(60) * 20),
            folder=folder,
            root=f"/nas/{folder.partition('/')[0]}",
            name=f"{drawn.choice(WORDS)} {n}.jpg",
            path=f"{n}.jpg",
            make=make,
            model=model,
            lens=drawn.choice(LENSES),
            latitude=drawn.choice((None, 0.0, 47.5)),
            longitude=drawn.choice((None, 0.0, 8.5)),
            rating=drawn.choice((None, -1, 0, 3, 5)),
            kind=drawn.choice(("picture", "picture", "video")),
            keywords=tuple(drawn.sample(WORDS, drawn.randrange(2))),
        )
        for taxon in drawn.sample(TAXA, drawn.randrange(3)):
            score = drawn.choice((None, 0.5, 0.9))
            seen = score and add_detection(conn, image.content_id, "x", score=score)
            add_link(
                conn, image.image_id, taxon, detection_id=seen or None, score=score
            )
        for label in drawn.sample(LABELS, drawn.randrange(3)):
            add_detection(conn, image.content_id, label)
        if drawn.random() < 0.7:
            vector = [drawn.random(), drawn.random(), drawn.random(), 0.1]
            add_embedding(conn, image.content_id, vector)
        if n % 9 == 0:  # a detector that is read no longer saw something else
            conn.execute(
                "insert into detections (detection_id, content_id, producer_id, label,"
                " score, x, y, width, height)"
                " values (gen_random_uuid(), %s, %s, 'dog', 0.9, 0, 0, 1, 1)",
                [image.content_id, "b" * 16],
            )
        if n % 7 == 0:
            for field, value in (
                ("rating", "5"),
                ("taken_at", '"2024-07-01T00:00:00"'),
            ):
                conn.execute(
                    "insert into curation.events (image_id, field, value, said_by)"
                    " values (%s, %s, %s, 'me')",
                    [image.image_id, field, value],
                )
    conn.execute(
        "update images set missing_since = now()"
        " where image_id in (select image_id from images order by image_id limit 5)"
    )
    conn.execute(  # two images, one content
        "update images set content_id = (select content_id from embeddings limit 1)"
        " where image_id = (select image_id from images order by image_id desc limit 1)"
    )
    conn.commit()


def read(conn: Connection, vector: list[float]) -> list[Known]:
    """Every image that is present."""
    said = {
        (row[0], row[1]): row[2]
        for row in conn.execute(
            "select image_id, field, value from curation.events order by event_id"
        )
    }
    links, labels, near = (
        _grouped(conn, "select image_id, taxon::text from taxonomy_links"),
        _grouped(
            conn,
            "select content_id, label from detections"
            f" where producer_id = '{DETECTOR}'",
        ),
        dict(
            conn.execute(
                "select content_id, -(embedding <#> %s::halfvec) from embeddings",
                [str(vector)],
            ).fetchall()
        ),
    )
    rows = conn.execute(
        "select image_id, taken_at, kind, folder, make, model, lens, latitude,"
        " longitude, rating, names, keywords, content_id"
        " from images where missing_since is null"
    )
    return [
        Known(
            image_id,
            datetime.fromisoformat(said.get((image_id, "taken_at"), str(taken_at))),
            kind,
            folder,
            make,
            model,
            lens,
            latitude is not None and longitude is not None,
            said.get((image_id, "rating"), rating),
            frozenset(links.get(image_id, ())),
            frozenset(labels.get(content_id, ())),
            frozenset(_split(" ".join([*names, *keywords]))),
            near.get(content_id),
        )
        for image_id, taken_at, kind, folder, make, model, lens, latitude, longitude,
        rating, names, keywords, content_id in rows
    ]  # fmt: skip


def _grouped(conn: Connection, query: str) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for key, value in conn.execute(query).fetchall():  # pyright: ignore[reportArgumentType]
        found.setdefault(key, set()).add(value)
    return found


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text.lower()) if word]


def passes(image: Known, asked: Question) -> bool:
    """What the words of a question mean, said a second time."""
    day: date = image.taken_at.date()
    parts = [part for part in (image.make, image.model) if part is not None]
    root = (asked.folder or "").removesuffix("/.")
    return all(
        (
            asked.since is None or day >= asked.since,
            asked.until is None or day <= asked.until,
            asked.kind is None or image.kind == asked.kind,
            asked.folder is None
            or image.folder == asked.folder
            or image.folder.startswith(f"{root}/"),
            asked.library is None or image.folder.split("/")[0] == asked.library,
            asked.camera is None or " ".join(parts) == asked.camera,
            asked.lens is None or image.lens == asked.lens,
            asked.has_gps is None or image.located == asked.has_gps,
            asked.rating is None
            or (image.rating is not None and image.rating >= asked.rating),
            asked.taxon is None or shows(image, asked.taxon),
            asked.label is None or asked.label in image.labels,
            asked.q is None or says(image, asked.q),
        )
    )


def shows(image: Known, taxon: str) -> bool:
    """Whether it is linked to a taxon or to anything below."""
    return any(f"{one}.".startswith(f"{taxon}.") for one in image.taxa)


def says(image: Known, words: str) -> bool:
    """Whether each of the words begins one of its own."""
    return all(
        any(own.startswith(word) for own in image.words) for word in _split(words)
    )


def newest_first(images: list[Known]) -> list[str]:
    """Ids in the order of the timeline."""
    ordered = sorted(images, key=lambda i: (i.taken_at, i.image_id), reverse=True)
    return [str(image.image_id) for image in ordered]
