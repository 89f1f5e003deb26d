"""A small drawn library, scanned and thumbnailed for the browser to look at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import av
import psycopg
from PIL import Image, ImageDraw

from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.db.tables.exposures import images, present_files
from home_media_pipelines.db.tables.inventory import files, problems
from home_media_pipelines.db.tables.pictures import thumbnails
from home_media_pipelines.io.thumbnails import make_thumbnails
from tests import builders

FOLDERS = ("2022/garden", "2023/snow", "2024/beach", "<b>bold & co")
HOSTILE = "<img src=x onerror=window.hacked=1>.jpg"
FIRST_DAY = datetime(2022, 1, 8, 10, 30)  # local wall time
PICTURES = 150
SHAPES = ((1200, 800), (800, 1200), (1000, 1000), (1600, 900))


def seed(conn: psycopg.Connection, root: Path, derived: Path) -> None:
    """Draw about 150 pictures over 30 months below root, with rows and thumbnails."""
    draw(root)
    builders.add_library(conn, "photos", root)
    builders.producer(conn, "exif")
    moments = iter(days())
    for folder in FOLDERS:
        ingest(conn, root, derived, folder, moments)
    conn.execute(
        "update folders set state = 'unreachable', reason = 'the folder is empty'"
        " where path = '2022/garden'"
    )
    broken = problems.of_file(
        "photos", f"2024/beach/{HOSTILE}", "it ends <b>too</b> early", permanent=True
    )
    problems.record(
        conn,
        "thumbnails",
        [broken],
        producer_id=builders.producer(conn, "thumbnails"),
        now=builders.NOW,
    )
    conn.commit()


def draw(root: Path) -> None:
    """Pictures of a few shapes and colours, one hostile name, one film."""
    for at in range(PICTURES):
        folder = root / FOLDERS[at * len(FOLDERS) // PICTURES]
        folder.mkdir(parents=True, exist_ok=True)
        size = SHAPES[at % 4]
        picture = Image.new("RGB", size, f"hsl({at * 37 % 360}, 40%, 70%)")
        pen = ImageDraw.Draw(picture)
        pen.ellipse((200, 150, 420, 370), fill=f"hsl({at * 53 % 360}, 70%, 85%)")
        ground = f"hsl({at * 71 % 360}, 30%, 35%)"
        pen.rectangle((0, size[1] * 2 // 3, *size), fill=ground)
        hostile = FOLDERS[2] in str(folder) and not (folder / HOSTILE).exists()
        picture.save(folder / (HOSTILE if hostile else f"IMG_{at:04}.jpg"), quality=80)
    _film(root / FOLDERS[2] / "film.webm")


def days() -> Iterator[datetime]:
    """Five pictures a month, in pairs and threes."""
    for at in range(PICTURES + 1):
        month, within = divmod(at, 5)
        start = FIRST_DAY + timedelta(days=30.4375 * month)
        yield start + timedelta(days=(within // 3) * 2, minutes=within)


def ingest(
    conn: psycopg.Connection,
    root: Path,
    derived: Path,
    folder: str,
    moments: Iterator[datetime],
) -> None:
    """Scan, thumbnail and date the files of a folder, in the order of their paths."""
    key = builders.add_folder(conn, folder)
    scan = scan_folder(root, folder, {}, depth=3, now_ns=2**62, debounce_ns=0)
    files.merge(conn, "photos", key, scan, exists=lambda *_: True, now=builders.NOW)
    present = present_files.in_folder(conn, key)
    rows: list[thumbnails.ThumbnailRow] = []
    for file in present:
        made = make_thumbnails(
            root / file.path,
            file.content_id,
            file.format or "",
            None,
            derived / "thumbnails",
        )
        row = thumbnails.ThumbnailRow(
            file.content_id,
            made.width,
            made.height,
            list(made.sizes),
            made.bytes,
            made.thumbhash,
            made.mean_color,
            made.decoder,
            made.warning,
        )
        rows.append(row)
    thumbnails.upsert(conn, rows, builders.producer(conn, "thumbnails"))
    exposures = [
        builders.grouped(
            file,
            taken_at=next(moments),
            width=row.width,
            height=row.height,
            duration=2.0 if file.role == "video" else None,
            make="Canon",
            model="EOS R5",
            rating=at % 6,
            title=f"Title of {file.name}",
        )
        for at, (file, row) in enumerate(zip(present, rows, strict=True))
    ]
    producer = builders.producer(conn, "images")
    images.assign(conn, key, exposures, producer_id=producer, now=builders.NOW)


def _film(path: Path) -> None:
    """Two seconds of a square that moves."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for at in range(20):
            frame = Image.new("RGB", (320, 180), "#335566")
            ImageDraw.Draw(frame).rectangle((at * 12, 60, at * 12 + 60, 120), "#eebb66")
            container.mux(stream.encode(av.VideoFrame.from_image(frame)))
        container.mux(stream.encode())
